-- Grants of schema pgq_node. Roles that do not exist (the installing role could not create them)
-- are left out.

grant usage on schema pgq_node to public;

do $$
declare
    v_public    constant text[] := array[
        'is_root_node', 'is_leaf_node', 'version', 'jlondiste_release'];
    v_writer    constant text[] := array[
        'register_consumer', 'unregister_consumer', 'change_consumer_provider',
        'set_consumer_uptodate', 'set_consumer_paused', 'set_consumer_completed',
        'set_consumer_error'];
    v_reader    constant text[] := array[
        'get_consumer_info', 'get_consumer_state', 'get_queue_locations', 'get_node_info',
        'get_subscriber_info', 'register_subscriber', 'unregister_subscriber',
        'set_subscriber_watermark'];
    v_role      text;
    f           record;
begin
    for f in
        select p.oid::pg_catalog.regprocedure::text as sig, p.proname
          from pg_catalog.pg_proc p
         where p.pronamespace = 'pgq_node'::pg_catalog.regnamespace
    loop
        if f.proname = any (v_public) then
            execute 'grant execute on function ' || f.sig || ' to public';
            continue;
        end if;
        execute 'revoke all on function ' || f.sig || ' from public';
        for v_role in
            select r.rolname from pg_catalog.pg_roles r
             where (r.rolname = 'pgq_admin' and f.proname not like E'\\_%')
                or (r.rolname = 'pgq_writer'
                    and (f.proname = any (v_writer) or f.proname = any (v_reader)))
                or (r.rolname = 'pgq_reader' and f.proname = any (v_reader))
        loop
            execute 'grant execute on function ' || f.sig || ' to ' || quote_ident(v_role);
        end loop;
    end loop;

    for v_role in
        select r.rolname from pg_catalog.pg_roles r
         where r.rolname in ('pgq_reader', 'pgq_writer', 'pgq_admin')
    loop
        execute format('grant %s on pgq_node.node_location, pgq_node.node_info,'
                       ' pgq_node.local_state, pgq_node.tick_part, pgq_node.subscriber_info to %I',
                       case when v_role = 'pgq_admin' then 'select, insert, update, delete'
                            else 'select' end,
                       v_role);
    end loop;
end $$;
