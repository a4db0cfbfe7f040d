create or replace function pgq._has_late_events(i_queue_id integer)
returns boolean
language plpgsql stable
as $$
/*
 * pgq._has_late_events(1) - may events have come that the last tick counted, but did not see?
 *
 * An event takes its number before its transaction commits. A tick in between counts the number
 * but does not see the event, and when nothing else happens no number is new afterwards. So
 * what counts is not the number alone: it is also whether a transaction has ended that was running
 * when the newest number was first counted, and that the last tick does not see. Whether it has
 * written events is not known here; it costs at most a tick.
 *
 * Which transactions were running is not in the snapshot alone: it ends at the newest one that had
 * ended, and says nothing of those that began after that one. But a transaction has an id before
 * its first event has a number, so its id is lower than that of the transaction that made the
 * tick, which is the xmin of the tick's row.
 *
 * Parameters:
 *   i_queue_id   queue; without ticks there are none
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
    -- Most calls end here: nothing was running that it does not see.
    if not found or (v_end operator(pg_catalog.=) pg_catalog.txid_snapshot_xmin(v_last.tick_snapshot)
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
    -- A later tick's snapshot ends after all of them: then it has listed those that were left.
    return v_counted.tick_id operator(pg_catalog.=) v_last.tick_id
        and v_counted.txid operator(pg_catalog.-) v_end operator(pg_catalog.>) (
            select pg_catalog.count(*)
            from pg_catalog.txid_snapshot_xip(v_now) as x(running)
            where x.running operator(pg_catalog.>=) v_end
              and x.running operator(pg_catalog.<) v_counted.txid);
end;
$$;
