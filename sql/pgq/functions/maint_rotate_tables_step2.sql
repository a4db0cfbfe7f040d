create or replace function pgq.maint_rotate_tables_step2()
returns integer
language plpgsql
as $$
/*
 * pgq.maint_rotate_tables_step2(0) - note that all rotations so far are visible to everyone.
 *
 * Must not run in the transaction of step 1: see there.
 *
 * Returns:
 *   0
 * Writes:  pgq.queue
 */
begin
    update pgq.queue q
        set queue_switch_step2 = pg_catalog.txid_current()
        where q.queue_switch_step2 is null;
    return 0;
end;
$$;
