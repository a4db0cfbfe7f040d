create or replace function pgq.batch_event_tables(x_batch_id bigint)
returns setof text
language plpgsql
as $$
/*
 * pgq.batch_event_tables(1) - list the event tables that may hold events of a batch.
 *
 * Rotation keeps everything that a consumer may still need in the current and the previous table.
 * Transactions before switch step 1 wrote to the previous one, those after step 2 to the current
 * one, those in between to either.
 *
 * Parameters:
 *   x_batch_id   open batch
 * Returns:
 *   names of one or two tables, not quoted; the older one first
 * Errors:
 *   Cannot find data for batch
 */
declare
    v_b record;
begin
    select pg_catalog.txid_snapshot_xmin(l.tick_snapshot) as lo,
           pg_catalog.txid_snapshot_xmax(n.tick_snapshot) as hi,
           q.queue_switch_step1 as step1, q.queue_switch_step2 as step2,
           q.queue_data_pfx || '_' || q.queue_cur_table::text as cur_table,
           q.queue_data_pfx || '_'
               || ((q.queue_cur_table + q.queue_ntables - 1) % q.queue_ntables)::text as prev_table
        into v_b
        from pgq.subscription s
        join pgq.queue q on q.queue_id = s.sub_queue
        join pgq.tick l on l.tick_queue = s.sub_queue and l.tick_id = s.sub_last_tick
        join pgq.tick n on n.tick_queue = s.sub_queue and n.tick_id = s.sub_next_tick
        where s.sub_batch = x_batch_id;
    if not found then
        raise exception 'Cannot find data for batch %', x_batch_id;
    end if;

    if v_b.step2 is null or v_b.lo <= v_b.step2 then
        return next v_b.prev_table;
    end if;
    if v_b.hi >= v_b.step1 then
        return next v_b.cur_table;
    end if;
end;
$$;
