create or replace function pgq.maint_rotate_tables_step2()
returns integer
language plpgsql
as $$
/*
 * pgq.maint_rotate_tables_step2(0) - complete the rotations that all writers have seen.
 *
 * Must not run in the transaction of step 1. Completing stores the id of this transaction: later
 * transactions are known to write to the new table only. Until then readers read both tables.
 *
 * 1. Claim: a writer that holds a lock on the former table keeps the rotation open.
 *    Why: such a session need not read the switch before it writes again. The rotation stays open
 *    while pg_locks lists such a lock; the next maintenance run checks again.
 * 2. Claim: step 1 itself keeps the rotation open until all sessions can see its change.
 *    Why: it holds the access exclusive lock on the new table until its commit is visible and its
 *    invalidation messages are sent.
 * 3. Claim: a writer that has read pgq.queue but not yet locked the event table is read as well.
 *    Why: pg_locks does not show it, but writers acquire a transaction id before they read
 *    pgq.queue. If the writer has read the former table's name, its id is lower than the id of this
 *    transaction, so every tick lists it as running until it ends.
 * Test: contract.pgq.MaintRotateTablesStep2IT.
 *
 * Returns:
 *   0
 * Calls:   pgq.quote_fqname
 * Writes:  pgq.queue
 */
declare
    v_complete integer[];
begin
    -- This query must run before the transaction has an id: a writer to the former table then has
    -- a lower one (step 3).
    select pg_catalog.array_agg(q.queue_id) into v_complete
        from pgq.queue q
        where q.queue_switch_step2 is null
          and not exists (
              select 1
              from pg_catalog.pg_locks l
              where l.locktype = 'relation'
                and l.database = (
                    select d.oid
                    from pg_catalog.pg_database d
                    where d.datname = pg_catalog.current_database())
                and l.granted
                and l.pid is distinct from pg_catalog.pg_backend_pid()
                and (l.mode = 'RowExclusiveLock'
                        and l.relation = pg_catalog.to_regclass(pgq.quote_fqname(
                            q.queue_data_pfx || '_'
                            || ((q.queue_cur_table + q.queue_ntables - 1) % q.queue_ntables)::text))
                    or l.mode = 'AccessExclusiveLock'
                        and l.relation = pg_catalog.to_regclass(pgq.quote_fqname(
                            q.queue_data_pfx || '_' || q.queue_cur_table::text))));
    update pgq.queue q
        set queue_switch_step2 = pg_catalog.txid_current()
        where q.queue_id = any (v_complete)
          and q.queue_switch_step2 is null;
    return 0;
end;
$$;
