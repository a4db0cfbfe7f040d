create or replace function pgq.maint_operations(out func_name text, out func_arg text)
returns setof record
language plpgsql
as $$
/*
 * pgq.maint_operations(0) - list what a maintenance run has to do, in order.
 *
 * The caller runs each row in a transaction of its own: rotation depends on it. Schemas pgq_node
 * and londiste are optional, so statements about them are built only if they exist.
 *
 * Returns:
 *   function to call, or 'vacuum'; its argument, null for none
 * Calls:   pgq._rotates_early, pgq.maint_tables_to_vacuum, pgq._function_exists
 */
declare
    v_rotating boolean := false;
begin
    func_name := 'pgq.maint_rotate_tables_step1';
    for func_arg in
        select q.queue_name
        from pgq.queue q
        where q.queue_rotation_period is not null
          and q.queue_switch_step2 is not null
          and (q.queue_switch_time + q.queue_rotation_period < pg_catalog.now()
               or pgq._rotates_early(q.queue_id))
        order by q.queue_name
    loop
        v_rotating := true;
        return next;
    end loop;

    if v_rotating or exists (select 1 from pgq.queue q where q.queue_switch_step2 is null) then
        func_name := 'pgq.maint_rotate_tables_step2';
        func_arg := null;
        return next;
    end if;

    return query
        select x.func, q.queue_name
        from pgq.queue q
        cross join lateral pg_catalog.unnest(q.queue_extra_maint) with ordinality as x(func, ord)
        order by q.queue_name, x.ord;

    return query
        select 'vacuum'::text, t from pgq.maint_tables_to_vacuum() t;

    if pgq._function_exists('pgq_node', 'maint_watermark') then
        return query execute
            'select ''pgq_node.maint_watermark''::text, n.queue_name'
            ' from pgq_node.node_info n'
            ' where n.node_type = ''root'' order by n.queue_name';
    end if;
    if pgq._function_exists('londiste', 'root_check_seqs') then
        return query execute
            'select distinct ''londiste.root_check_seqs''::text, s.queue_name'
            ' from londiste.seq_info s join pgq_node.node_info n on n.queue_name = s.queue_name'
            ' where s.local and n.node_type = ''root'' order by s.queue_name';
    end if;
    if pgq._function_exists('londiste', 'periodic_maintenance') then
        func_name := 'londiste.periodic_maintenance';
        func_arg := null;
        return next;
    end if;
end;
$$;
