create or replace function londiste._partition_condition(i_part oid)
returns text
language plpgsql
stable
set search_path = pg_catalog, pg_temp
set DateStyle = 'ISO, MDY'
set IntervalStyle = postgres
set bytea_output = hex
set extra_float_digits = 3
as $$
/*
 * londiste._partition_condition(1) - which rows of a partitioned table are in a partition, now.
 *
 * Internal. That of a default partition changes with the others.
 *
 * Parameters:
 *   i_part   the partition
 * Returns:
 *   an SQL condition over the columns of the table, in which only names of schema pg_catalog are
 *   not qualified; null if only this server can evaluate it (partitions by hash)
 */
declare
    v_condition text;
begin
    v_condition := coalesce(pg_get_partition_constraintdef(i_part), 'true');
    if strpos(v_condition, 'satisfies_hash_partition(') > 0 then
        return null;
    end if;
    return v_condition;
end;
$$;
