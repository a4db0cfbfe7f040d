create or replace function pgq._rotates_early(i_queue_id integer)
returns boolean
language plpgsql stable
as $$
/*
 * pgq._rotates_early(1) - check whether a queue should rotate before its period is over.
 *
 * All other conditions of a rotation are checked by pgq.maint_rotate_tables_step1. In addition:
 *
 * 1. A twelfth of the period has passed: a consumer can be moved back for that long.
 * 2. The current event table, or the ticks that are kept, occupy 100 MB.
 * 3. No consumer is further behind than that twelfth.
 * 4. The queue belongs to a node, and only native capture or a worker fills it. With other triggers
 *    or manual inserts, a REPEATABLE READ transaction that spans a rotation loses its events, so
 *    rotations must not become more frequent.
 *
 * Test: cluster.EarlyRotationIT.
 *
 * Parameters:
 *   i_queue_id   queue
 * Returns:
 *   true   all four conditions are met
 *   false  otherwise, also for an unknown queue
 * Calls:   pgq.quote_fqname
 */
declare
    c_large     constant bigint := 100 * 1024 * 1024;
    c_tick      constant bigint := 140; -- bytes of a tick and its index entry
    v_queue     record;
    v_oldest    bigint;
    v_newest    bigint;
    v_first_arg bytea;
    v_node      boolean;
begin
    select q.queue_name, q.queue_rotation_period / 12 as max_lag,
           q.queue_disable_insert, q.queue_per_tx_limit,
           q.queue_data_pfx || '_' || q.queue_cur_table::text as current_table
        into v_queue
        from pgq.queue q
        where q.queue_id = i_queue_id
          and q.queue_switch_time + q.queue_rotation_period / 12 < pg_catalog.now();
    if not found then
        return false;
    end if;

    select min(t.tick_id), max(t.tick_id) into v_oldest, v_newest
        from pgq.tick t
        where t.tick_queue = i_queue_id;
    if coalesce(pg_catalog.pg_total_relation_size(
            pg_catalog.to_regclass(pgq.quote_fqname(v_queue.current_table))::oid), 0) < c_large
        and coalesce(v_newest - v_oldest, 0) * c_tick < c_large
    then
        return false;
    end if;

    perform 1
        from pgq.subscription s
        join pgq.tick t on t.tick_queue = s.sub_queue and t.tick_id = s.sub_last_tick
        where s.sub_queue = i_queue_id
          and t.tick_time < pg_catalog.now() - v_queue.max_lag;
    if found or not coalesce(pg_catalog.has_table_privilege(
            pg_catalog.to_regclass('pgq_node.node_info')::oid, 'select'), false)
    then
        return false;
    end if;
    execute 'select exists (select 1 from pgq_node.node_info n where n.queue_name = $1)'
        into v_node using v_queue.queue_name;
    if not v_node or v_queue.queue_per_tx_limit is not null then
        return false;
    end if;
    if v_queue.queue_disable_insert then
        return true;
    end if;
    -- tgargs ends each argument with a zero byte; bit 32 of tgtype marks a truncate trigger
    v_first_arg := pg_catalog.convert_to(v_queue.queue_name, pg_catalog.getdatabaseencoding())
        || pg_catalog.decode('00', 'hex');
    return not exists (
        select 1
        from pg_catalog.pg_trigger t
        join pg_catalog.pg_proc p on p.oid = t.tgfoid
        join pg_catalog.pg_namespace n on n.oid = p.pronamespace
        where n.nspname = 'pgq'
          and not t.tgisinternal
          and t.tgtype & 32 = 0
          and pg_catalog.substr(t.tgargs, 1, pg_catalog.octet_length(v_first_arg)) = v_first_arg);
end;
$$;
