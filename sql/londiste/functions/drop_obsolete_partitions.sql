create or replace function londiste.drop_obsolete_partitions(
    i_parent_table text,
    i_retention_period interval,
    i_partition_period text)
returns setof text
language plpgsql
as $$
/*
 * londiste.drop_obsolete_partitions(3) - drop partitions that are past the retention period.
 *
 * Parameters:
 *   i_parent_table       the parent
 *   i_retention_period   how long rows are kept
 *   i_partition_period   year, month, day or hour
 * Returns:
 *   quoted full names of the dropped partitions
 * Errors:
 *   as londiste._partition_format
 * Calls:   londiste.list_obsolete_partitions, londiste._drop_capture_triggers
 */
declare
    v_part  text;
begin
    for v_part in
        select f.p
          from londiste.list_obsolete_partitions(
                   i_parent_table, i_retention_period, i_partition_period) as f (p)
    loop
        -- with the functions of native capture, which a dropped table would leave behind
        perform londiste._drop_capture_triggers(q.queue_name, v_part::pg_catalog.regclass)
           from pgq.queue q;
        execute 'drop table ' || v_part;
        return next v_part;
    end loop;
end;
$$;
