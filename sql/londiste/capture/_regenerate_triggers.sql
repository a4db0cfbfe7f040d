create or replace function londiste._regenerate_triggers(
    in i_queue_name text,
    in i_table_name text,
    in i_capture text,
    out ret_code integer,
    out ret_note text)
language plpgsql
as $$
/*
 * londiste._regenerate_triggers(3) - create a table's triggers again: it was changed, or has to be
 * captured in another way.
 *
 * Internal. No change is lost meanwhile: the old triggers fire until this transaction commits.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 *   i_table_name   global name of the table
 *   i_capture      as option capture= of londiste.create_trigger; null: as it was
 * Returns:
 *   200  done
 *   201  nothing to do: no triggers, only those of schema pgq, or this node is a leaf
 *   400  no key
 *   404  the table is not replicated here
 *   4xx  as londiste.create_trigger
 * Calls:   londiste._capture_key, londiste._feeds_queue, londiste._trigger_arguments,
 *          londiste.create_trigger, londiste._table_oid, londiste.is_replica_func,
 *          londiste.make_fqname
 */
declare
    v_table     constant text := londiste.make_fqname(i_table_name);
    v_dest      text;
    v_type      text;
    v_args      text[];
    v_capture   text;
    v_key       text;
begin
    select coalesce(t.dest_table, t.table_name), n.node_type
      into v_dest, v_type
      from londiste.table_info t
      join pgq_node.node_info n on n.queue_name = t.queue_name
     where t.queue_name = i_queue_name
       and t.table_name = v_table
       and t.local;
    if not found then
        ret_code := 404;
        ret_note := 'No such local table: ' || v_table;
        return;
    end if;

    select array(select a.arg
                   from pg_catalog.unnest(londiste._trigger_arguments(g.tgargs))
                            with ordinality as a (arg, nr)
                  where a.nr > 1
                    and a.arg not in ('key', 'moved', 'deny')
                    and a.arg not like 'ev_extra1=%'
                  order by a.nr)
      into v_args
      from pg_catalog.pg_trigger g
     where g.tgrelid in (select r.oid
                           from londiste._row_tables(londiste._table_oid(v_dest)) r (oid))
       and not g.tgisinternal
       and londiste.is_replica_func(g.tgfoid)
       and londiste._feeds_queue(g.tgargs, i_queue_name)
     -- the one for truncate alone only if there is no other
     order by g.tgtype & (4 | 8 | 16) = 0, g.tgname
     limit 1;
    ret_code := 201;
    if not found then
        ret_note := 'No triggers: ' || v_table;
        return;
    elsif v_type = 'leaf' then
        ret_note := 'Changes are not captured on a leaf: ' || v_table;
        return;
    end if;
    select max(pg_catalog.substr(a.arg, 9)) filter (where a.arg like 'capture=%'),
           max(pg_catalog.substr(a.arg, 6)) filter (where a.arg like 'pkey=%')
      into v_capture, v_key
      from pg_catalog.unnest(v_args) as a (arg);
    v_capture := coalesce(i_capture, v_capture);
    if v_capture is null then
        ret_note := 'Triggers need not be created again: ' || v_table;
        return;
    end if;

    -- Without a key, triggers of schema pgq would fail the application's statements; native ones
    -- still work.
    if londiste._capture_key(londiste._table_oid(v_dest), v_key) is null
        and not londiste._has_partition_keys(londiste._table_oid(v_dest))
    then
        ret_code := 400;
        ret_note := 'Triggers not created, primary key missing on table: ' || v_table;
        return;
    end if;

    select array_agg(a.arg order by a.nr)
      into v_args
      from pg_catalog.unnest(v_args) with ordinality as a (arg, nr)
     where a.arg not like 'capture=%';
    select f.ret_code, f.ret_note
      into ret_code, ret_note
      from londiste.create_trigger(
               i_queue_name, v_table, v_args || array['capture=' || v_capture], v_dest, v_type) f;
    if ret_code < 300 then
        ret_note := 'Triggers created: ' || v_table
                    || coalesce(' (' || substring(ret_note from '^OK, (.*)') || ')', '');
    else
        ret_note := 'Triggers not created: ' || ret_note || ': ' || v_table;
    end if;
end;
$$;
