create or replace function pgq.maint_rotate_tables_step2()
returns integer
language plpgsql
as $$
/*
 * pgq.maint_rotate_tables_step2(0) - note that all rotations so far are visible to everyone.
 *
 * Must not run in the transaction of step 1: see there. Leaves a rotation open, so that readers look at both tables and the next
 * maintenance comes here again, while there is a transaction that may not know of it: one that has
 * locked the former table to write, as who holds a lock need not look at what has changed; or step 1 itself, committed but
 * not yet told to all.
 *
 * Who asks pgq.queue for the table, and does not hold it yet, is not known here. So he takes a transaction id before he asks: if
 * he was told the former table, his id is lower than that of this transaction, and until he has ended every tick says so.
 *
 * Returns:
 *   0
 * Writes:  pgq.queue
 */
declare
    v_complete integer[];
begin
    -- All looks come before this transaction has an id: whoever writes to the former table has a lower one.
    select pg_catalog.array_agg(q.queue_id) into v_complete
        from pgq.queue q
        where q.queue_switch_step2 is null
          and not exists (
              select 1
              from pg_catalog.pg_locks l
              where l.locktype = 'relation'
                and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database())
                and l.granted
                and l.pid is distinct from pg_catalog.pg_backend_pid()
                and (l.mode = 'RowExclusiveLock'
                        and l.relation = pg_catalog.to_regclass(pgq.quote_fqname(q.queue_data_pfx || '_'
                            || ((q.queue_cur_table + q.queue_ntables - 1) % q.queue_ntables)::text))
                    or l.mode = 'AccessExclusiveLock'
                        and l.relation = pg_catalog.to_regclass(pgq.quote_fqname(q.queue_data_pfx || '_'
                            || q.queue_cur_table::text))));
    update pgq.queue q
        set queue_switch_step2 = pg_catalog.txid_current()
        where q.queue_id = any (v_complete)
          and q.queue_switch_step2 is null;
    return 0;
end;
$$;
