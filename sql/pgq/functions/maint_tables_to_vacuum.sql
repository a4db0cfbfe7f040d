create or replace function pgq.maint_tables_to_vacuum()
returns setof text
language plpgsql
as $$
/*
 * pgq.maint_tables_to_vacuum(0) - list the small busy tables that need frequent vacuum.
 *
 * Returns:
 *   names of those that exist; no rows if autovacuum is on
 */
begin
    if pg_catalog.current_setting('autovacuum') = 'on' then
        return;
    end if;
    return query
        select t.name
        from pg_catalog.unnest(array[
            'pgq.subscription', 'pgq.consumer', 'pgq.queue', 'pgq.tick', 'pgq.retry_queue',
            'pgq_ext.completed_tick', 'pgq_ext.completed_batch', 'pgq_ext.completed_event',
            'pgq_ext.partial_batch', 'pgq_node.local_state', 'londiste.seq_info',
            'txid.epoch', 'londiste.completed']) with ordinality as t(name, ord)
        where exists (
            select 1
            from pg_catalog.pg_class c
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where n.nspname = pg_catalog.split_part(t.name, '.', 1)
              and c.relname = pg_catalog.split_part(t.name, '.', 2)
              and c.relkind = 'r')
        order by t.ord;
end;
$$;
