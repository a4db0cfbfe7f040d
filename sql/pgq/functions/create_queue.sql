create or replace function pgq.create_queue(i_queue_name text)
returns integer
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq.create_queue(1) - create a queue: its row, tables, sequences and first tick.
 *
 * Parameters:
 *   i_queue_name   name of the new queue
 * Returns:
 *   1  created
 *   0  existed already
 * Errors:
 *   Invalid NULL value
 * Calls:   pgq.quote_fqname, pgq.grant_perms, pgq.ticker(1), pgq.tune_storage
 * Writes:  pgq.queue (one row)
 */
declare
    v_id integer;
    v_pfx text;
    v_child text;
    v_queue record;
begin
    if i_queue_name is null then
        raise exception 'Invalid NULL value' using hint = 'a queue needs a name';
    end if;
    perform 1 from pgq.queue q where q.queue_name = i_queue_name;
    if found then
        return 0;
    end if;

    v_id := nextval('pgq.queue_queue_id_seq');
    v_pfx := 'pgq.event_' || v_id::text;
    insert into pgq.queue (queue_id, queue_name, queue_data_pfx, queue_event_seq, queue_tick_seq)
        values (v_id, i_queue_name, v_pfx, v_pfx || '_id_seq', v_pfx || '_tick_seq')
        returning * into v_queue;

    execute 'create sequence ' || pgq.quote_fqname(v_queue.queue_tick_seq);
    execute 'create sequence ' || pgq.quote_fqname(v_queue.queue_event_seq);
    execute 'create table ' || pgq.quote_fqname(v_pfx) || ' () inherits (pgq.event_template)';
    for i in 0 .. v_queue.queue_ntables - 1 loop
        v_child := pgq.quote_fqname(v_pfx || '_' || i::text);
        execute format('create table %s () inherits (%s)', v_child, pgq.quote_fqname(v_pfx));
        execute format('alter table %s alter column ev_id set default nextval(%L)',
            v_child, pgq.quote_fqname(v_queue.queue_event_seq));
        execute format('create index %I on %s (ev_txid)',
            'event_' || v_id::text || '_' || i::text || '_txid_idx', v_child);
    end loop;

    perform pgq.grant_perms(i_queue_name);
    perform pgq.ticker(i_queue_name);
    perform pgq.tune_storage(i_queue_name);
    return 1;
end;
$$;
