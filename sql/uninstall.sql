/*
 * Drop the schemas that jlondiste has installed, with everything in them: queues, events,
 * subscriptions, positions, replication state, and the triggers on replicated tables. Schemas that
 * belong to an extension, or that another program has installed, stay. Roles stay as well: they
 * belong to the whole server, and other databases may use them.
 *
 * Raises an error if consumers, nodes or other objects still need the schemas. To drop them anyway:
 *
 *     set jlondiste.force = 'on';
 *
 * Keys and indexes that a copy has dropped and that are not restored are then lost with the
 * schemas: a warning prints the statements that create them.
 *
 * By hand: psql -v ON_ERROR_STOP=1 -1 -f sql/uninstall.sql
 */
do $$
declare
    v_force constant boolean := coalesce(current_setting('jlondiste.force', true), '') = 'on';
    v_ours text[];
    v_extensions text;
    v_foreign text;
    v_reasons text[] := '{}';
    v_names text;
    v_lost text;
    v_schema text;
begin
    -- Our functions begin with a header that names them. The schemas are listed in the order in
    -- which they can be dropped.
    select array_agg(s.name order by s.nr) filter (where s.ours and s.extension is null),
            string_agg(s.extension, ', ' order by s.nr),
            string_agg(s.name, ', ' order by s.nr)
                filter (where not s.ours and s.extension is null)
        into v_ours, v_extensions, v_foreign
        from (
            select w.name, w.nr, e.extname::text as extension,
                   exists (
                       select 1
                       from pg_catalog.pg_proc p
                       where p.pronamespace = n.oid
                         and p.proname = 'version'
                         and p.prosrc like '%* ' || w.name || '.version(0) - %') as ours
            from unnest(array['londiste', 'pgq_node', 'pgq_coop', 'pgq', 'pgq_ext'])
                with ordinality as w (name, nr)
            join pg_catalog.pg_namespace n on n.nspname = w.name
            left join pg_catalog.pg_depend d
                on d.classid = 'pg_catalog.pg_namespace'::regclass
               and d.objid = n.oid
               and d.deptype = 'e'
            left join pg_catalog.pg_extension e on e.oid = d.refobjid) s;
    if v_ours is null then
        if v_extensions is not null then
            raise exception 'installed as extensions: %', v_extensions
                using errcode = 'wrong_object_type', hint = 'drop extension ' || v_extensions;
        elsif v_foreign is not null then
            raise exception 'schemas that jlondiste has not installed: %', v_foreign
                using errcode = 'wrong_object_type',
                    hint = 'remove them with the program that installed them';
        end if;
        raise notice 'nothing to uninstall in database "%"', current_database();
        return;
    end if;

    if 'pgq' = any (v_ours) then
        -- names beginning with a dot are watermarks, not consumers that read events
        select string_agg(distinct c.co_name, ', ' order by c.co_name)
            into v_names
            from pgq.subscription s
            join pgq.consumer c on c.co_id = s.sub_consumer
            where c.co_name not like '.%';
        if v_names is not null then
            v_reasons := v_reasons
                || format('queues of this database still have consumers: %s (unregister them)',
                          v_names);
        end if;
    end if;
    if 'pgq_node' = any (v_ours) then
        select string_agg(format('%s of queue %s', i.node_name, i.queue_name), ', '
                          order by i.queue_name)
            into v_names
            from pgq_node.node_info i
            where i.node_type <> 'root';
        if v_names is not null then
            v_reasons := v_reasons
                || format('providers still keep events for the node here: %s'
                          ' (unsubscribe it with drop-node)', v_names);
        end if;
    end if;
    if 'londiste' = any (v_ours) then
        select string_agg(f.fkey_name || ' of ' || f.from_table, ', '
                          order by f.from_table, f.fkey_name)
            into v_names
            from londiste.pending_fkeys f;
        if v_names is not null then
            v_reasons := v_reasons
                || format('foreign keys that a copy has dropped are not restored: %s'
                          ' (run ''fkeys --restore'', or wait until the worker restores them)',
                          v_names);
        end if;
        select string_agg(distinct t.table_name, ', ' order by t.table_name)
            into v_names
            from londiste.table_info t
            where t.dropped_ddl is not null;
        if v_names is not null then
            v_reasons := v_reasons
                || format('a copy has not yet recreated the indexes of: %s'
                          ' (wait until the worker finishes the copy)', v_names);
        end if;
        -- These statements are stored here only.
        v_lost := concat_ws(E';\n',
            (select string_agg(f.fkey_def, E';\n' order by f.from_table, f.fkey_name)
               from londiste.pending_fkeys f),
            (select string_agg(t.dropped_ddl, E';\n' order by t.table_name)
               from londiste.table_info t where t.dropped_ddl is not null));
        if to_regclass('londiste.unrestored') is not null then
            execute $q$
                select string_agg(u.object_name || ' of ' || u.table_name, ', '
                                  order by u.table_name, u.object_name),
                       concat_ws(E';\n',
                                 string_agg(u.create_sql, E';\n'
                                            order by u.table_name, u.object_name),
                                 nullif($1, ''))
                  from londiste.unrestored u
                 where u.kind = 'index'$q$
                into v_names, v_lost
                using v_lost;
            if v_names is not null then
                v_reasons := v_reasons
                    || format('indexes that a copy could not recreate: %s'
                              ' (run ''fkeys --restore'')', v_names);
            end if;
        end if;
    end if;
    if 'pgq_ext' = any (v_ours) then
        select string_agg(distinct c.consumer_id, ', ' order by c.consumer_id)
            into v_names
            from (
                select t.consumer_id from pgq_ext.completed_tick t
                union all
                select b.consumer_id from pgq_ext.completed_batch b
                union all
                select p.consumer_id from pgq_ext.partial_batch p) c;
        if v_names is not null then
            v_reasons := v_reasons
                || format('consumers store their position here: %s'
                          ' (without it they repeat events)', v_names);
        end if;
    end if;

    -- Objects of users that depend on these schemas would be dropped, too. Triggers that fill
    -- queues do not count.
    select string_agg(distinct pg_catalog.pg_describe_object(d.classid, d.objid, 0), ', ')
        into v_names
        from pg_catalog.pg_depend d
        left join pg_catalog.pg_class rc
            on d.refclassid = 'pg_catalog.pg_class'::regclass and rc.oid = d.refobjid
        left join pg_catalog.pg_type rt
            on d.refclassid = 'pg_catalog.pg_type'::regclass and rt.oid = d.refobjid
        left join pg_catalog.pg_proc rp
            on d.refclassid = 'pg_catalog.pg_proc'::regclass and rp.oid = d.refobjid
        left join pg_catalog.pg_rewrite w
            on d.classid = 'pg_catalog.pg_rewrite'::regclass and w.oid = d.objid
        left join pg_catalog.pg_attrdef a
            on d.classid = 'pg_catalog.pg_attrdef'::regclass and a.oid = d.objid
        left join pg_catalog.pg_constraint o
            on d.classid = 'pg_catalog.pg_constraint'::regclass and o.oid = d.objid
        left join pg_catalog.pg_proc p
            on d.classid = 'pg_catalog.pg_proc'::regclass and p.oid = d.objid
        left join pg_catalog.pg_class c
            on c.oid = coalesce(w.ev_class, a.adrelid, nullif(o.conrelid, 0),
                case when d.classid = 'pg_catalog.pg_class'::regclass then d.objid end)
        where d.deptype = 'n'
          and coalesce(rc.relnamespace, rt.typnamespace, rp.pronamespace)
              in (select n.oid from pg_catalog.pg_namespace n where n.nspname = any (v_ours))
          and coalesce(c.relnamespace, p.pronamespace)
              not in (select n.oid from pg_catalog.pg_namespace n
                      where n.nspname = any (v_ours || array['pg_toast']));
    if v_names is not null then
        v_reasons := v_reasons
            || format('other objects depend on these schemas: %s (drop them)', v_names);
    end if;

    if v_reasons <> '{}' and not v_force then
        raise exception '%', array_to_string(v_reasons, E'\n')
            using errcode = 'object_in_use',
                hint = 'to remove everything anyway: set jlondiste.force = ''on'';'
                    ' or ''uninstall --force''';
    end if;

    if v_lost <> '' then
        raise warning E'not restored; to restore them, run these statements:\n%;', v_lost;
    end if;
    foreach v_schema in array v_ours loop
        execute format('drop schema %I cascade', v_schema);
    end loop;
end;
$$;
