create or replace function pgq._has_late_events(i_queue_id integer)
returns boolean
language plpgsql stable
as $$
/*
 * pgq._has_late_events(1) - check for events that the last tick has counted but not seen.
 *
 * An event takes its number before its transaction commits. A tick in between counts the number but
 * does not see the event, and if no other event follows, the number alone never shows it.
 *
 * 1. Claim: such an event exists only if a transaction has ended since the last tick that was
 *    running when the newest number was first counted.
 *    Why: that transaction took the number, and the last tick does not see it.
 * 2. Claim: its id is lower than the id of the transaction that inserted the first tick with that
 *    number, which is the xmin of the tick's row.
 *    Why: a transaction has an id before its first event has a number. The snapshot alone is not
 *    enough: it ends at the newest transaction that had ended and does not list later ones.
 * 3. Claim: if the first tick with that number is not the last tick, the list of the last snapshot
 *    is complete. Why: that snapshot ends after all these transactions.
 *
 * Whether such a transaction wrote events is unknown here; a wrong guess costs one tick.
 * Test: contract.pgq.TickerIT (late events with and without other transactions).
 *
 * Parameters:
 *   i_queue_id   queue
 * Returns:
 *   true   a tick is needed to make late events visible
 *   false  no late events, or the queue has no tick
 * Calls:   pgq._txid
 */
declare
    v_now pg_catalog.txid_snapshot := pg_catalog.txid_current_snapshot();
    v_last record;
    v_counted record;
    v_end bigint;
begin
    select t.tick_id, t.tick_event_seq, t.tick_snapshot,
           pgq._txid(t.xmin, pg_catalog.txid_snapshot_xmax(t.tick_snapshot)) as txid
        into v_last
        from pgq.tick t
        where t.tick_queue operator(pg_catalog.=) i_queue_id
        order by t.tick_queue desc, t.tick_id desc
        limit 1;
    v_end := pg_catalog.txid_snapshot_xmax(v_last.tick_snapshot);
    -- Most calls end here: no transaction was running that the tick does not see.
    if not found
        or (v_end operator(pg_catalog.=) pg_catalog.txid_snapshot_xmin(v_last.tick_snapshot)
            and v_end operator(pg_catalog.>=) v_last.txid)
    then
        return false;
    end if;

    -- The first tick that counted the newest number comes after the last one that did not.
    select t.tick_id, pgq._txid(t.xmin, pg_catalog.txid_snapshot_xmax(t.tick_snapshot)) as txid
        into v_counted
        from pgq.tick t
        where t.tick_queue operator(pg_catalog.=) i_queue_id
          and t.tick_id operator(pg_catalog.>) coalesce((
              select e.tick_id
              from pgq.tick e
              where e.tick_queue operator(pg_catalog.=) i_queue_id
                and e.tick_event_seq operator(pg_catalog.<>) v_last.tick_event_seq
              order by e.tick_queue desc, e.tick_id desc
              limit 1), 0)
        order by t.tick_queue, t.tick_id
        limit 1;

    if exists (
        select 1
        from pg_catalog.txid_snapshot_xip(v_last.tick_snapshot) as x(running)
        where x.running operator(pg_catalog.<) v_counted.txid
          and pg_catalog.txid_visible_in_snapshot(x.running, v_now))
    then
        return true;
    end if;
    -- The snapshot of a later tick ends after all of them and was checked above (step 3).
    return v_counted.tick_id operator(pg_catalog.=) v_last.tick_id
        and v_counted.txid operator(pg_catalog.-) v_end operator(pg_catalog.>) (
            select pg_catalog.count(*)
            from pg_catalog.txid_snapshot_xip(v_now) as x(running)
            where x.running operator(pg_catalog.>=) v_end
              and x.running operator(pg_catalog.<) v_counted.txid);
end;
$$;
