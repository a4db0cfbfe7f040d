create or replace function pgq._ticker(i_queue_name text, i_late boolean)
returns bigint
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq._ticker(2) - insert a tick into a queue if one is due.
 *
 * A tick must never hold an older snapshot than the tick before it: events would be lost.
 *
 * 1. Claim: tickers of one queue run one after the other.
 *    Why: each holds an advisory lock until it commits. Without the lock, this function returns.
 * 2. Claim: the snapshot of a tick is taken after the lock.
 *    Why: in a volatile PL/pgSQL function under READ COMMITTED each statement takes its own
 *    snapshot, and the insert stores the snapshot by column default. Under REPEATABLE READ the
 *    snapshot is older than the lock, so this function raises an error; the first tick of a queue
 *    is exempt, as no tick precedes it.
 * 3. Claim: the snapshot of the tick before is older.
 *    Why: the server releases the lock after the holder's commit has become visible to all.
 * 4. Claim: no tick follows the last tick of a root that pgq_node.demote_root has closed.
 *    Why: demote_root holds the same lock when it commits, and the insert reads the queue again
 *    under the lock.
 * Test: contract.pgq.TickerIT (two tickers; a tick under REPEATABLE READ). Claim 4 has
 * no test: nothing can stop a session between its two reads.
 *
 * The lock is advisory, not a row lock on pgq.queue, so a check without a tick writes nothing and
 * needs no transaction id.
 *
 * Parameters:
 *   i_queue_name   queue
 *   i_late         true: late events count as new ones, see pgq._has_late_events
 * Returns:
 *   id of the new tick; null if no tick was due or another ticker held the lock
 * Errors:
 *   no such queue
 *   This queue has external tick source.
 *   Ticker has been paused for this queue
 *   Invalid PgQ state: old xmin=..., old xmax=..., cur txid=... (transaction ids went backwards)
 *   queue "..." cannot tick in a ... transaction
 * Calls:   pgq.seq_getval, pgq._has_late_events, pgq.quote_fqname, pgq._notify_tick,
 *          pgq._commit_durably
 * Writes:  pgq.tick (one row)
 */
declare
    v_queue record;
    v_last record;
    v_prev_time timestamptz;
    v_seq bigint;
    v_new bigint;
    v_lag interval;
    v_cur_txid bigint;
    v_tick bigint;
begin
    select q.queue_id, q.queue_tick_seq, q.queue_event_seq, q.queue_external_ticker,
           q.queue_ticker_paused, q.queue_ticker_max_count, q.queue_ticker_max_lag,
           q.queue_ticker_idle_period
        into v_queue
        from pgq.queue q
        where q.queue_name = i_queue_name;
    if not found then
        raise exception 'no such queue' using detail = format('Queue: %s', i_queue_name);
    end if;
    if v_queue.queue_external_ticker then
        raise exception 'This queue has external tick source.';
    end if;
    if v_queue.queue_ticker_paused then
        raise exception 'Ticker has been paused for this queue';
    end if;

    if not pg_try_advisory_xact_lock('pgq.queue'::regclass::oid::integer, v_queue.queue_id) then
        return null;
    end if;

    v_seq := pgq.seq_getval(v_queue.queue_event_seq);
    select t.tick_id, t.tick_time, t.tick_event_seq,
           txid_snapshot_xmin(t.tick_snapshot) as xmin, txid_snapshot_xmax(t.tick_snapshot) as xmax
        into v_last
        from pgq.tick t
        where t.tick_queue = v_queue.queue_id
        order by t.tick_queue desc, t.tick_id desc
        limit 1;

    if found then
        -- The next transaction id, read without acquiring one: most calls end here.
        v_cur_txid := txid_snapshot_xmax(txid_current_snapshot());
        if v_last.xmin > v_cur_txid then
            raise exception 'Invalid PgQ state: old xmin=%, old xmax=%, cur txid=%',
                v_last.xmin, v_last.xmax, v_cur_txid
                using errcode = 'data_corrupted',
                    hint = 'this database was restored into a server with lower transaction ids';
        end if;
        v_new := v_seq - v_last.tick_event_seq;
        v_lag := now() - v_last.tick_time;
        if v_new < 0 then
            raise warning 'Negative new_events?  old=% cur=%', v_last.tick_event_seq, v_seq;
        end if;
        if v_last.xmax > v_cur_txid then
            raise warning 'Dubious PgQ state: old xmax=%, cur txid=%', v_last.xmax, v_cur_txid;
        end if;

        if v_new > 0 then
            if v_new < v_queue.queue_ticker_max_count and v_lag < v_queue.queue_ticker_max_lag then
                return null;
            end if;
        else
            select t.tick_time into v_prev_time
                from pgq.tick t
                where t.tick_queue = v_queue.queue_id
                  and t.tick_id < v_last.tick_id
                order by t.tick_queue desc, t.tick_id desc
                limit 1;
            -- idle: twice as long as last time, but no longer than the idle period
            if found and (v_lag < v_queue.queue_ticker_max_lag / 2
                    or (v_lag < (v_last.tick_time - v_prev_time) * 2
                        and v_lag < v_queue.queue_ticker_idle_period))
                and not (i_late and v_lag >= v_queue.queue_ticker_max_lag
                    and pgq._has_late_events(v_queue.queue_id)) then
                return null;
            end if;
        end if;

        if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
            raise exception 'queue "%" cannot tick in a % transaction',
                i_queue_name, current_setting('transaction_isolation')
                using errcode = 'invalid_transaction_state',
                    hint = 'the ticker needs READ COMMITTED:'
                        ' its snapshot must be taken after its lock';
        end if;
    end if;

    insert into pgq.tick (tick_queue, tick_id, tick_event_seq)
        select q.queue_id, nextval(pgq.quote_fqname(v_queue.queue_tick_seq)::regclass), v_seq
            from pgq.queue q
            where q.queue_id = v_queue.queue_id
              and not q.queue_external_ticker
        returning tick_id into v_tick;
    if not found then
        return null;
    end if;
    perform pgq._notify_tick(i_queue_name);
    perform pgq._commit_durably();
    return v_tick;
end;
$$;

create or replace function pgq.ticker(i_queue_name text)
returns bigint
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq.ticker(1) - insert a tick into a queue if its configuration says that one is due.
 *
 * Parameters:
 *   i_queue_name   queue
 * Returns:
 *   id of the new tick; null if no tick was due or another ticker held the lock
 * Errors:
 *   as pgq._ticker
 * Calls:   pgq._ticker
 */
begin
    return pgq._ticker(i_queue_name, false);
end;
$$;

create or replace function pgq.ticker(
    i_queue_name text, i_tick_id bigint, i_orig_timestamp timestamptz, i_event_seq bigint)
returns bigint
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq.ticker(4) - insert a tick into a queue with an external ticker, such as that of a branch.
 *
 * Waits for another ticker of the queue instead of returning without a tick: the caller relies on
 * the tick. For the order of snapshots see pgq._ticker.
 *
 * Parameters:
 *   i_queue_name       queue with an external ticker
 *   i_tick_id          id of the tick at its source
 *   i_orig_timestamp   time of the tick at its source
 *   i_event_seq        event sequence of the tick at its source
 * Returns:
 *   id of the tick
 * Errors:
 *   queue not found or ticker disabled
 *   unique_violation, if the queue has that tick already
 * Calls:   pgq.seq_setval, pgq._notify_tick, pgq._commit_durably
 * Writes:  pgq.tick (one row)
 */
declare
    v_queue record;
begin
    select q.queue_id, q.queue_tick_seq, q.queue_event_seq
        into v_queue
        from pgq.queue q
        where q.queue_name = i_queue_name
          and q.queue_external_ticker
          and not q.queue_ticker_paused;
    if not found then
        raise exception 'queue not found or ticker disabled: %', i_queue_name;
    end if;

    perform pg_advisory_xact_lock('pgq.queue'::regclass::oid::integer, v_queue.queue_id);

    insert into pgq.tick (tick_queue, tick_id, tick_time, tick_event_seq)
        values (v_queue.queue_id, i_tick_id, i_orig_timestamp, i_event_seq);
    perform pgq.seq_setval(v_queue.queue_tick_seq, i_tick_id);
    perform pgq.seq_setval(v_queue.queue_event_seq, i_event_seq);
    perform pgq._notify_tick(i_queue_name);
    perform pgq._commit_durably();
    return i_tick_id;
end;
$$;

create or replace function pgq.ticker()
returns bigint
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq.ticker(0) - insert a tick into each queue where one is due.
 *
 * Returns:
 *   number of queues that ticked
 * Errors:
 *   as pgq._ticker
 * Calls:   pgq.ticker(1)
 */
declare
    v_queue text;
    v_count bigint := 0;
begin
    for v_queue in
        select q.queue_name
        from pgq.queue q
        where not q.queue_external_ticker
          and not q.queue_ticker_paused
        order by q.queue_name
    loop
        if pgq.ticker(v_queue) is not null then
            v_count := v_count + 1;
        end if;
    end loop;
    return v_count;
end;
$$;
