create or replace function pgq_node.demote_root(
    in i_queue_name text,
    in i_step integer,
    in i_new_provider text,
    out ret_code integer,
    out ret_note text,
    out last_tick bigint)
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_node.demote_root(3) - turn the root into a branch, in three calls.
 *
 * Step 3 follows when the new root has replayed the tick of step 2. Steps 1 and 2 run in two
 * transactions, or in one that has locked the queue's parent event table in exclusive mode before:
 * writers then wait for the lock instead of being refused.
 *
 * No event follows the last tick:
 *   1. The lock on the event tables waits for all transactions that have written events.
 *   2. A later transaction may have read pgq.queue before step 1 was committed, or may read an
 *      older snapshot. The triggers of pgq_node._close_event_tables refuse its event.
 *   3. A ticker that read pgq.queue before step 1 holds the advisory lock, for which step 2 waits,
 *      or reads the queue again under that lock.
 * Test: contract.pgqnode.DemoteRootIT.
 *
 * Parameters:
 *   i_queue_name     name of the cascaded queue
 *   i_step           1 forbid writing, 2 wait for writers and insert the last tick, 3 become branch
 *   i_new_provider   step 3: node to read from
 * Returns:
 *   200  step done; last_tick is the final tick of this root (steps 2 and 3)
 *   301  not a root, nothing done
 *   404  no node, or no queue
 * Errors:
 *   steps in wrong order
 *   step 2 needs isolation level read committed
 *   incorrect step number
 * Calls:   pgq_node._set_replica_role, pgq_node._close_event_tables, pgq.quote_fqname,
 *          pgq.ticker(4)
 * Writes:  pgq.queue (flags), pgq_node.node_info, pgq_node.local_state (one row each); triggers of
 *          the event tables
 */
declare
    v_node_type         text;
    v_worker_name       text;
    v_queue_id          integer;
    v_data_pfx          text;
    v_event_seq         text;
    v_tick_seq          text;
    v_disable_insert    boolean;
    v_external_ticker   boolean;
begin
    select n.node_type, n.worker_name
      into v_node_type, v_worker_name
      from pgq_node.node_info n
     where n.queue_name = i_queue_name
       for update;
    if not found then
        ret_code := 404;
        ret_note := 'Node not initialized for queue: ' || i_queue_name;
        return;
    end if;
    if v_node_type <> 'root' then
        ret_code := 301;
        ret_note := 'Node not root';
        return;
    end if;

    select q.queue_id, q.queue_data_pfx, q.queue_event_seq, q.queue_tick_seq,
           q.queue_disable_insert, q.queue_external_ticker
      into v_queue_id, v_data_pfx, v_event_seq, v_tick_seq,
           v_disable_insert, v_external_ticker
      from pgq.queue q
     where q.queue_name = i_queue_name;
    if not found then
        ret_code := 404;
        ret_note := 'Huh, no queue?: ' || i_queue_name;
        return;
    end if;

    if i_step > 1 and not (v_disable_insert and v_external_ticker) then
        raise exception 'steps in wrong order'
            using errcode = 'object_not_in_prerequisite_state',
                  hint = 'Run and commit step 1 first: it forbids writing to the queue.';
    end if;

    if i_step = 1 then
        update pgq.queue as q
           set queue_disable_insert = true,
               queue_external_ticker = true
         where q.queue_name = i_queue_name;
        ret_note := 'Step 1: Writing disabled for: ' || i_queue_name;
    elsif i_step = 2 then
        -- A tick with a snapshot older than the lock would miss the events of the writers that the
        -- lock waits for.
        if current_setting('transaction_isolation')
           not in ('read committed', 'read uncommitted') then
            raise exception 'step 2 needs isolation level read committed'
                using errcode = 'invalid_transaction_state',
                      hint = 'Call it in a new READ COMMITTED transaction.';
        end if;
        perform pgq_node._set_replica_role();
        -- Waits for running writers: each holds a lock on the child it writes to, and this lock
        -- includes the children. Readers are not blocked.
        execute 'lock table ' || pgq.quote_fqname(v_data_pfx) || ' in exclusive mode';
        perform pgq_node._close_event_tables(i_queue_name, true);
        perform pg_advisory_xact_lock('pgq.queue'::regclass::oid::integer, v_queue_id);
        last_tick := nextval(pgq.quote_fqname(v_tick_seq)::regclass);
        -- not now(): the transaction may have waited long, and tick times must not go backwards
        perform pgq.ticker(i_queue_name, last_tick, clock_timestamp(),
                           nextval(pgq.quote_fqname(v_event_seq)::regclass));
        ret_note := 'Step 2: Inserted last tick: ' || i_queue_name;
    elsif i_step = 3 then
        select t.tick_id into last_tick
          from pgq.tick t
         where t.tick_queue = v_queue_id
         order by t.tick_queue desc, t.tick_id desc
         limit 1;
        update pgq_node.node_info as n
           set node_type = 'branch'
         where n.queue_name = i_queue_name;
        update pgq_node.local_state as s
           set provider_node = i_new_provider,
               last_tick_id = last_tick,
               uptodate = false
         where s.queue_name = i_queue_name
           and s.consumer_name = v_worker_name;
        ret_note := 'Step 3: Demoted root to branch: ' || i_queue_name;
    else
        raise exception 'incorrect step number'
            using errcode = 'invalid_parameter_value',
                  hint = 'Steps are 1, 2 and 3.';
    end if;

    ret_code := 200;
end;
$$;
