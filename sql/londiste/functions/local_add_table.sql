create or replace function londiste.local_add_table(
    in i_queue_name text,
    in i_table_name text,
    in i_trg_args text[],
    in i_table_attrs text,
    in i_dest_table text,
    out ret_code integer,
    out ret_note text)
language plpgsql
as $$
/*
 * londiste.local_add_table(5) - replicate a table on this node.
 *
 * On a root its changes go to the queue from now on; on other nodes the worker copies it, then
 * keeps it current. Triggers on a branch refuse changes by others until it is the root, and capture
 * them from then on; those on a leaf always deny them. On all types of nodes these are the triggers
 * of schema pgq, unless capture= asks for others. A partitioned table has them on its partitions.
 *
 * Parameters:
 *   i_queue_name    name of the queue
 *   i_table_name    global name of the table, in schema public if it has none
 *   i_trg_args      options, see below; all others are for the trigger
 *   i_table_attrs   urlencoded dictionary for the worker
 *   i_dest_table    name of the local table, null if it is the same
 *
 *   expect_sync     the data is here already, do not copy
 *   skip_truncate   do not empty the table before the copy
 *   merge_all       merge leaf: take the table from all part queues
 *   no_merge        merge leaf: take it from this queue only
 *   virtual_table   there is no local table; implies expect_sync
 *   pkey=a,b        key columns for the events, if there is no primary key
 *   tgflags=, skip, no_triggers   see londiste.create_trigger
 * Returns:
 *   200  added, or was added
 *   301  added, but another trigger fires before ours: events of its changes are written first
 *   400  no node of this queue here; no key on the table
 *   404  the table does not exist here, or is unknown to the queue
 *   405  contradicting options; the table is in another queue here, or could come from several
 *   410  was added with other attributes
 *   4xx  as londiste.create_trigger
 * Calls:   londiste.global_add_table and root_notify_change on a root, londiste.create_trigger,
 *          _table_obstacle, _register_table, _merge_table, _triggers_before; itself for the
 *          combined queue
 * Writes:  londiste.table_info. Codes from 400 on do not undo earlier steps: roll back.
 */
declare
    v_table             constant text := londiste.make_fqname(i_table_name);
    v_dest              constant text := londiste.make_fqname(coalesce(i_dest_table, i_table_name));
    v_desc              text := v_table;
    v_state             text;
    v_trigger           text;
    v_earlier           text;
    o                   record;
    n                   record;
begin
    select * into o from londiste._add_table_options(i_trg_args, i_table_attrs);
    if o.merge_all and o.no_merge then
        ret_code := 405;
        ret_note := 'Cannot use merge-all and no-merge together';
        return;
    end if;

    if v_dest <> v_table then
        v_desc := v_table || '(' || v_dest || ')';
    end if;
    if not o.is_virtual then
        select f.ret_code, f.ret_note
          into ret_code, ret_note
          from londiste._table_obstacle(i_queue_name, v_dest, v_desc, o.key) f;
        if ret_code is not null then
            return;
        end if;
    end if;

    select f.*
      into n
      from pgq_node.get_node_info(i_queue_name) f;
    if not found or n.ret_code >= 400 then
        ret_code := 400;
        ret_note := 'No such set: ' || i_queue_name;
        return;
    end if;

    select f.ret_code, f.ret_note
      into ret_code, ret_note
      from londiste._register_table(i_queue_name, v_table, v_desc, o.attrs, n.node_type) f;
    if ret_code is not null then
        return;
    end if;

    if n.node_type = 'root' then
        v_state := 'ok';
        perform londiste.root_notify_change(i_queue_name, 'londiste.add-table', v_table);
    elsif o.expect_sync or (n.node_type = 'leaf' and n.combined_type = 'branch') then
        -- of a combined branch, the data arrives through the combined queue
        v_state := 'ok';
    end if;

    update londiste.table_info as t
       set local = true,
           merge_state = v_state,
           table_attrs = coalesce(o.attrs, t.table_attrs),
           dest_table = case when v_dest <> v_table then v_dest else t.dest_table end
     where t.queue_name = i_queue_name
       and t.table_name = v_table;

    if n.node_type = 'leaf' and not o.no_merge then
        select f.ret_code, f.ret_note
          into ret_code, ret_note
          from londiste._merge_table(
                   i_queue_name, v_dest, v_desc, o.merge_all, v_state, o.attrs) f;
        if ret_code is not null then
            return;
        end if;
        perform 1
           from londiste.table_info t
          where t.queue_name = n.combined_queue
            and t.table_name = v_table
            and t.local;
        if not found and n.combined_type in ('root', 'branch') then
            select f.ret_code, f.ret_note
              into ret_code, ret_note
              from londiste.local_add_table(
                       n.combined_queue, v_table, i_trg_args, i_table_attrs, i_dest_table) f;
            if ret_code >= 300 then
                return;
            end if;
        end if;
    end if;

    select f.ret_code, f.ret_note, f.trigger_name
      into ret_code, ret_note, v_trigger
      from londiste.create_trigger(i_queue_name, v_table, i_trg_args, v_dest, n.node_type) f;
    if ret_code > 299 then
        ret_note := 'Trigger creation failed for table ' || v_desc || ': ' || ret_note;
        return;
    end if;
    if ret_code = 201 then
        ret_code := 200;
        ret_note := 'Table added with no triggers: ' || v_desc;
        return;
    end if;

    v_desc := v_desc || coalesce(' (' || substring(ret_note from '^OK, (.*)') || ')', '');

    if n.node_type <> 'leaf' then
        select max(londiste._triggers_before(r.oid, v_trigger))
          into v_earlier
          from londiste._row_tables(londiste._table_oid(v_dest)) r (oid);
        if v_earlier is not null then
            ret_code := 301;
            ret_note := 'Table added: ' || v_desc || ', but londiste trigger is not first: '
                        || v_earlier;
            return;
        end if;
    end if;

    ret_code := 200;
    ret_note := 'Table added: ' || v_desc;
end;
$$;

create or replace function londiste.local_add_table(
    in i_queue_name text,
    in i_table_name text,
    in i_trg_args text[],
    in i_table_attrs text,
    out ret_code integer,
    out ret_note text)
language sql
as $$
/* londiste.local_add_table(4) - as (5), local table of the same name. */
    select f.ret_code, f.ret_note
      from londiste.local_add_table(i_queue_name, i_table_name, i_trg_args, i_table_attrs, null) f;
$$;

create or replace function londiste.local_add_table(
    in i_queue_name text,
    in i_table_name text,
    in i_trg_args text[],
    out ret_code integer,
    out ret_note text)
language sql
as $$
/* londiste.local_add_table(3) - as (5), no attributes, local table of the same name. */
    select f.ret_code, f.ret_note
      from londiste.local_add_table(i_queue_name, i_table_name, i_trg_args, null, null) f;
$$;

create or replace function londiste.local_add_table(
    in i_queue_name text,
    in i_table_name text,
    out ret_code integer,
    out ret_note text)
language sql
strict
as $$
/* londiste.local_add_table(2) - as (5), no options, no attributes, local table of the same name. */
    select f.ret_code, f.ret_note
      from londiste.local_add_table(i_queue_name, i_table_name, null, null, null) f;
$$;
