/*
 * Remove the schemas of jlondiste with everything in them: queues, events, subscriptions,
 * replication state, and the triggers on replicated tables. Roles stay, they belong to the
 * whole server. Refuses while somebody subscribes to a queue here, unless told otherwise:
 *
 *     set jlondiste.force = 'on';
 */
do $$
declare
    v_consumers text;
    v_schema text;
begin
    if to_regclass('pgq.subscription') is not null
            and coalesce(current_setting('jlondiste.force', true), '') <> 'on' then
        -- names beginning with a dot are watermarks, nobody reads them
        select string_agg(distinct c.co_name, ', ' order by c.co_name)
            into v_consumers
            from pgq.subscription s
            join pgq.consumer c on c.co_id = s.sub_consumer
            where c.co_name not like '.%';
        if v_consumers is not null then
            raise exception 'queues of this database still have consumers: %', v_consumers
                using errcode = 'object_in_use',
                    hint = 'unregister them first; to remove everything all the same: set jlondiste.force = ''on''';
        end if;
    end if;

    foreach v_schema in array array['londiste', 'pgq_node', 'pgq', 'pgq_ext'] loop
        execute format('drop schema if exists %I cascade', v_schema);
    end loop;
end;
$$;
