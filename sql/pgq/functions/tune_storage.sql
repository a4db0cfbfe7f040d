create or replace function pgq.tune_storage(i_queue_name text)
returns integer
language plpgsql
strict
as $$
/*
 * pgq.tune_storage(1) - set the storage options of a queue's event tables.
 *
 * Rows are inserted and later truncated, never updated, so autovacuum is turned off.
 *
 * Parameters:
 *   i_queue_name   queue
 * Returns:
 *   1  done
 *   0  no such queue
 * Calls:   pgq.quote_fqname
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
            'alter table %s set'
            ' (fillfactor = 100, autovacuum_enabled = off, toast.autovacuum_enabled = off)',
            pgq.quote_fqname(v_queue.queue_data_pfx || '_' || i::text));
    end loop;
    return 1;
end;
$$;
