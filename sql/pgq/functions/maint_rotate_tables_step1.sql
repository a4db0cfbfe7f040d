create or replace function pgq.maint_rotate_tables_step1(i_queue_name text)
returns integer
language plpgsql
as $$
/*
 * pgq.maint_rotate_tables_step1(1) - truncate the next table of a queue and switch to it.
 *
 * Does so only if the period is over or the queue is large (pgq._rotates_early), the last rotation
 * is complete, and no consumer still reads the table before the current one. Step 2 must run in a
 * later transaction: transactions between the two steps may have written to either table.
 *
 * Parameters:
 *   i_queue_name   queue
 * Returns:
 *   0, always: the maintenance loop repeats a function that returns anything else
 * Errors:
 *   queue ... maint failure: step1=..., current=... (transaction ids went backwards)
 *   queue ... maint failure: tick ... not found
 * Calls:   pgq._rotates_early, pgq.quote_fqname
 * Writes:  pgq.queue (one row), pgq.tick (delete), next event table (truncate)
 */
declare
    v_queue record;
    v_lowest bigint;
    v_xmin bigint;
    v_next integer;
    v_table text;
begin
    select q.* into v_queue
        from pgq.queue q
        where q.queue_name = i_queue_name
          and q.queue_rotation_period is not null
          and q.queue_switch_step2 is not null
          and (q.queue_switch_time + q.queue_rotation_period < pg_catalog.now()
               or pgq._rotates_early(q.queue_id))
        for update;
    if not found then
        return 0;
    end if;
    if pg_catalog.txid_current() < v_queue.queue_switch_step1 then
        raise exception 'queue % maint failure: step1=%, current=%',
            i_queue_name, v_queue.queue_switch_step1, pg_catalog.txid_current()
            using errcode = 'data_corrupted',
                hint = 'this database was restored into a server with lower transaction ids';
    end if;

    select min(s.sub_last_tick) into v_lowest
        from pgq.subscription s
        where s.sub_queue = v_queue.queue_id;
    if v_lowest is not null then
        select pg_catalog.txid_snapshot_xmin(t.tick_snapshot) into v_xmin
            from pgq.tick t
            where t.tick_queue = v_queue.queue_id
              and t.tick_id = v_lowest;
        if not found then
            raise exception 'queue % maint failure: tick % not found', i_queue_name, v_lowest
                using errcode = 'data_corrupted';
        end if;
        if v_xmin <= v_queue.queue_switch_step2 then
            return 0;
        end if;
    end if;

    v_next := (v_queue.queue_cur_table + 1) % v_queue.queue_ntables;
    v_table := pgq.quote_fqname(v_queue.queue_data_pfx || '_' || v_next::text);
    -- If a session reads the table (pg_dump, for example), do not wait: writers would queue up
    -- behind this lock.
    begin
        execute 'lock table ' || v_table || ' in access exclusive mode nowait';
    exception
        when lock_not_available then
            return 0;
    end;
    execute 'truncate table ' || v_table;

    update pgq.queue q
        set queue_cur_table = v_next,
            queue_switch_time = pg_catalog.now(),
            queue_switch_step1 = pg_catalog.txid_current(),
            queue_switch_step2 = null
        where q.queue_id = v_queue.queue_id;

    -- Keep ticks back to the switch before this one: a consumer may still be moved back that far.
    delete from pgq.tick t
        where t.tick_queue = v_queue.queue_id
          and pg_catalog.txid_snapshot_xmin(t.tick_snapshot) < v_queue.queue_switch_step2;
    return 0;
end;
$$;
