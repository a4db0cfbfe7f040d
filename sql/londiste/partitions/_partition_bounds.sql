create or replace function londiste._partition_bounds(i_part oid)
returns setof text
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
/*
 * londiste._partition_bounds(1) - the bounds of a partition and of the partitions it belongs to.
 *
 * Internal.
 *
 * Parameters:
 *   i_part   the partition
 * Returns:
 *   FOR VALUES ..., or DEFAULT; none for a table that is no partition
 */
begin
    if current_setting('server_version_num')::integer < 100000 then
        return;
    end if;
    return query
    with recursive above (oid) as (
        select i_part
         union
        select i.inhparent
          from above a
          join pg_inherits i on i.inhrelid = a.oid
          join pg_class p on p.oid = i.inhparent and p.relkind = 'p')
    select pg_get_expr(c.relpartbound, c.oid)
      from above a
      join pg_class c on c.oid = a.oid
     where c.relispartition;
end;
$$;
