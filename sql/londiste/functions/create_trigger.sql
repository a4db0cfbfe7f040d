create or replace function londiste.create_trigger(
    in i_queue_name text,
    in i_table_name text,
    in i_trg_args text[],
    in i_dest_table text,
    in i_node_type text,
    out ret_code integer,
    out ret_note text,
    out trigger_name text)
language plpgsql
as $$
/*
 * londiste.create_trigger(5) - connect the local table to its queue.
 *
 * Those of a partitioned table are on its partitions.
 *
 * On a root the triggers write changes to the queue. On a branch they are the same, and refuse
 * changes while the queue takes no events (queue_disable_insert). On a leaf they deny changes.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 *   i_table_name   global name of the table
 *   i_trg_args     options of add-table, see below; all others are arguments of the trigger
 *   i_dest_table   name of the local table, null if it is the same
 *   i_node_type    root, branch or leaf
 *
 *   tgflags=X        B before, A after (default); Q sqltriga, L logutriga (default), J jsontriga;
 *                    I, U, D events (default all); S skip; given several times, letters add up
 *   skip             the table is only the front of a queue: rows do not arrive in it
 *   capture=X        not on a leaf. auto: native capture, per statement or per row, see
 *                    londiste._capture_level; the triggers of schema pgq if native capture cannot
 *                    do what the other options ask for, and the note has the reason. statement,
 *                    row: native capture, refused in that case. compatible, and the default:
 *                    triggers of schema pgq
 *   no_triggers, virtual_table                        create nothing
 *   expect_sync, skip_truncate, merge_all, no_merge   for londiste.local_add_table
 * Returns:
 *   200  created
 *   201  not created: as requested, or because a leaf has no trigger functions
 *   403  an AFTER trigger would not fire behind a skipping one
 *   405  several skipping triggers on the table
 *   407  unknown capture=, or native capture is not possible
 * Calls:   londiste._trigger_options, _capture_hash, _create_capture_triggers,
 *          _drop_capture_triggers, _create_compatible_triggers, _create_partition_triggers
 * Writes:  triggers of the local table or its partitions, functions of schema londiste
 */
declare
    v_table         constant text := londiste.make_fqname(i_table_name);
    v_dest          constant text := londiste.make_fqname(coalesce(i_dest_table, i_table_name));
    v_dest_oid      oid;
    v_problem       text;
    v_note          text;
    v_hash          text;
    o               record;
begin
    select * into o from londiste._trigger_options(i_trg_args);
    if o.ret_code is not null then
        ret_code := o.ret_code;
        ret_note := o.ret_note;
        return;
    end if;

    if i_node_type = 'leaf' then
        perform 1
           from pg_catalog.pg_proc p
           join pg_catalog.pg_namespace n on n.oid = p.pronamespace
          where n.nspname = 'pgq'
            and p.proname in ('logutriga', 'sqltriga')
         having count(distinct p.proname) = 2;
        if not found then
            ret_code := 201;
            ret_note := 'Trigger not created';
            return;
        end if;
    end if;

    v_dest_oid := londiste.find_rel_oid(v_dest, 'p');
    if v_dest_oid is not null then
        select f.ret_code, f.ret_note, f.trigger_name
          into ret_code, ret_note, trigger_name
          from londiste._create_partition_triggers(
                   i_queue_name, v_table, i_trg_args, v_dest_oid, i_node_type) f;
        return;
    end if;

    v_dest_oid := londiste._table_oid(v_dest);
    if (strpos(o.flags, 'B') = 0 or strpos(o.flags, 'A') > 0)
        and londiste._skipping_triggers(i_queue_name, v_dest_oid) is not null
    then
        ret_code := 403;
        ret_note := 'AFTER trigger cannot work with SKIP trigger(s)';
        return;
    end if;

    if o.capture is not null and v_dest_oid is null and i_node_type <> 'leaf' then
        ret_code := 407;
        ret_note := 'No capture=' || o.capture || ' here: ' || v_dest || ' is no table';
        return;
    end if;

    if coalesce(o.capture, 'compatible') <> 'compatible' and i_node_type <> 'leaf' then
        if o.flags <> '' or o.skip then
            v_problem := 'trigger flags';
        else
            v_hash := londiste._capture_hash(o.arguments);
            select 'trigger argument ' || a.arg
              into v_problem
              from unnest(o.arguments) with ordinality as a (arg, nr)
             where a.arg not like 'pkey=%'
               and (v_hash is null or a.arg not in ('backup', 'ev_extra3=' || v_hash))
             order by a.nr
             limit 1;
        end if;
        if v_problem is null then
            select c.trigger_name, c.problem
              into trigger_name, v_problem
              from londiste._create_capture_triggers(
                       i_queue_name, v_dest_oid, v_table, o.key, o.capture,
                       array(select a.arg
                               from unnest(o.arguments) with ordinality as a (arg, nr)
                              where a.arg not like 'pkey=%'
                              order by a.nr)) c;
        end if;
        if v_problem is null then
            ret_code := 200;
            ret_note := 'OK';
            return;
        elsif o.capture <> 'auto' then
            ret_code := 407;
            ret_note := 'No capture=' || o.capture || ' here: ' || v_problem;
            trigger_name := null;
            return;
        end if;
        v_note := v_problem;
    end if;
    perform londiste._drop_capture_triggers(i_queue_name, v_dest_oid);

    -- events carry the name that the table has on all nodes
    if v_dest <> v_table and not exists (
           select 1 from unnest(o.arguments) as a (arg) where strpos(a.arg, 'ev_extra1=') = 1)
    then
        o.arguments := o.arguments || ('ev_extra1=' || quote_literal(v_table));
    end if;
    select f.ret_code, f.ret_note, f.trigger_name
      into ret_code, ret_note, trigger_name
      from londiste._create_compatible_triggers(
               i_queue_name, v_table, v_dest, o.flags, o.skip, o.arguments, i_node_type) f;
    if ret_code = 200 and v_note is not null then
        ret_note := 'OK, compatible triggers: ' || v_note;
    end if;
end;
$$;
