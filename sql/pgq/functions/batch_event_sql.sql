create or replace function pgq.batch_event_sql(x_batch_id bigint)
returns text
language plpgsql
as $$
/*
 * pgq.batch_event_sql(1) - build the query that reads the events of a batch.
 *
 * A batch holds what is visible in the snapshot B of its end tick and was not visible in the
 * snapshot A of its start tick.
 *
 * 1. Claim: the range begins at xmax(A), not at xmin(A).
 *    Why: a long-running transaction would make each batch scan the same range again.
 * 2. Claim: transactions running at A and finished at B are read as well.
 *    Why: if they are close below the range, the range is extended down to them; the others are
 *    listed by id.
 * 3. Claim: no event is read twice, and listed ids need no snapshot test.
 *    Why: listed ids are below the range, and they are exactly those that ended between A and B.
 *
 * Test: contract.pgq.BatchEventSqlIT.
 *
 * Parameters:
 *   x_batch_id   open batch
 * Returns:
 *   a query with the columns ev_id, ev_time, ev_txid, ev_retry, ev_type, ev_data, ev_extra1
 *   ... ev_extra4, ending in " order by 1"
 * Errors:
 *   batch not found
 *   could not construct sql for batch
 * Calls:   pgq.batch_event_tables, pgq.quote_fqname
 */
declare
    c_max_gap constant bigint := 100;
    v_b record;
    v_low bigint;
    v_txid bigint;
    v_listed bigint[];
    v_table text;
    v_select text;
    v_owner text;
    v_range text;
    v_parts text[];
begin
    select s.sub_id, l.tick_snapshot as snap_a, n.tick_snapshot as snap_b
        into v_b
        from pgq.subscription s
        join pgq.tick l on l.tick_queue = s.sub_queue and l.tick_id = s.sub_last_tick
        join pgq.tick n on n.tick_queue = s.sub_queue and n.tick_id = s.sub_next_tick
        where s.sub_batch = x_batch_id;
    if not found then
        raise exception 'batch not found' using detail = pg_catalog.format('Batch: %s', x_batch_id);
    end if;

    v_low := pg_catalog.txid_snapshot_xmax(v_b.snap_a);
    for v_txid in
        select x from pg_catalog.txid_snapshot_xip(v_b.snap_a) x
        except
        select x from pg_catalog.txid_snapshot_xip(v_b.snap_b) x
        order by 1 desc
    loop
        if v_txid >= v_low - c_max_gap then
            v_low := v_txid;
        else
            v_listed := v_listed || v_txid;
        end if;
    end loop;

    v_owner := pg_catalog.format(' and (ev_owner is null or ev_owner = %s)', v_b.sub_id);
    v_range := pg_catalog.format(
        ' where ev_txid >= %s and ev_txid <= %s'
        ' and pg_catalog.txid_visible_in_snapshot(ev_txid, %L::pg_catalog.txid_snapshot)'
        ' and not pg_catalog.txid_visible_in_snapshot(ev_txid, %L::pg_catalog.txid_snapshot)',
        v_low, pg_catalog.txid_snapshot_xmax(v_b.snap_b), v_b.snap_b, v_b.snap_a);
    for v_table in select t from pgq.batch_event_tables(x_batch_id) t loop
        v_select := 'select ev_id, ev_time, ev_txid, ev_retry, ev_type, ev_data,'
            ' ev_extra1, ev_extra2, ev_extra3, ev_extra4 from ' || pgq.quote_fqname(v_table);
        v_parts := v_parts || (v_select || v_range || v_owner);
        if v_listed is not null then
            v_parts := v_parts || (v_select || ' where ev_txid in ('
                || pg_catalog.array_to_string(v_listed, ',') || ')' || v_owner);
        end if;
    end loop;
    if v_parts is null then
        raise exception 'could not construct sql for batch %', x_batch_id;
    end if;
    return pg_catalog.array_to_string(v_parts, ' union all ') || ' order by 1';
end;
$$;
