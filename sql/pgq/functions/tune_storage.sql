create or replace function pgq.tune_storage(i_queue_name text)
returns integer
language plpgsql
strict
as $$
/*
 * pgq.tune_storage(1) - storage options of a queue's data tables.
 *
 * Rows are appended and then truncated, never updated: nothing for autovacuum to do.
 *
 * Parameters:
 *   i_queue_name   queue
 * Returns:
 *   1  done
 *   0  no such queue
 */
declare
    v_queue record;
begin
    select q.queue_ntables, q.queue_data_pfx
        into v_queue
        from pgq.queue q
        where q.queue_name = i_queue_name;
    if not found then
        return 0;
    end if;

    for i in 0 .. v_queue.queue_ntables - 1 loop
        execute pg_catalog.format(
            'alter table %s set (fillfactor = 100, autovacuum_enabled = off, toast.autovacuum_enabled = off)',
            pgq.quote_fqname(v_queue.queue_data_pfx || '_' || i::text));
    end loop;
    return 1;
end;
$$;
