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
 * On a root its changes go to the queue from now on; elsewhere the worker copies it, then keeps it current.
 *
 * Parameters:
 *   i_queue_name    name of the queue
 *   i_table_name    global name of the table, public when it has no schema
 *   i_trg_args      options, see below; all others are for the trigger
 *   i_table_attrs   urlencoded dictionary for the worker
 *   i_dest_table    name of the local table, null when it is the same
 *
 *   expect_sync     the data is here already, do not copy
 *   skip_truncate   do not empty the table before the copy
 *   merge_all       merge leaf: take the table from all part queues
 *   no_merge        merge leaf: take it from this queue only
 *   virtual_table   there is no local table; implies expect_sync
 *   pkey=a,b        key columns for the events, when there is no primary key
 *   tgflags=, skip, no_triggers   see londiste.create_trigger
 * Returns:
 *   200  added, or was added
 *   301  added, but another trigger fires before ours: changes that it makes elsewhere come first
 *   400  no node of this queue here; no key on the table
 *   404  the table does not exist here, or is not known to the queue; or is partitioned
 *   405  contradicting options; the table is in another queue here already, or could come from several
 *   410  was added with other attributes
 *   4xx  as londiste.create_trigger
 * Calls:   londiste.global_add_table and root_notify_change on a root, londiste.create_trigger, itself for
 *          the combined queue
 * Writes:  londiste.table_info. Codes from 400 on do not undo earlier steps: roll back.
 */
declare
    v_table             constant text := londiste.make_fqname(i_table_name);
    v_dest              constant text := londiste.make_fqname(coalesce(i_dest_table, i_table_name));
    v_desc              text := v_table;
    v_attrs             text := i_table_attrs;
    v_args              constant text[] := coalesce(i_trg_args, array[]::text[]);
    v_arg               text;
    v_expect_sync       boolean := false;
    v_merge_all         boolean := false;
    v_no_merge          boolean := false;
    v_virtual           boolean := false;
    v_key               text;
    v_combined          text;
    v_node              record;
    v_combined_local    boolean;
    v_local             boolean;
    v_old_attrs         text;
    v_state             text;
    v_trigger           text;
    v_earlier           text;
    r                   record;
begin
    foreach v_arg in array v_args loop
        if v_arg = 'expect_sync' then
            v_expect_sync := true;
        elsif v_arg = 'skip_truncate' then
            v_attrs := coalesce(nullif(v_attrs, '') || '&', '') || 'skip_truncate=1';
        elsif v_arg = 'merge_all' then
            v_merge_all := true;
        elsif v_arg = 'no_merge' then
            v_no_merge := true;
        elsif v_arg = 'virtual_table' then
            v_virtual := true;
            v_expect_sync := true;
        elsif v_arg like 'pkey=%' then
            v_key := substr(v_arg, length('pkey=') + 1);
        end if;
    end loop;
    if v_merge_all and v_no_merge then
        ret_code := 405;
        ret_note := 'Cannot use merge-all and no-merge together';
        return;
    end if;

    if v_dest <> v_table then
        v_desc := v_table || '(' || v_dest || ')';
    end if;

    select n.combined_queue
      into v_combined
      from pgq_node.node_info n
     where n.queue_name = i_queue_name;

    if not v_virtual then
        if londiste.find_table_oid(v_dest) is null then
            ret_code := 404;
            if londiste.find_rel_oid(v_dest, 'p') is not null then
                ret_note := 'Table is partitioned, add its partitions instead: ' || v_desc;
            else
                ret_note := 'Table does not exist: ' || v_desc;
            end if;
            return;
        end if;

        -- Without a key there is no way to tell which row an update was about.
        -- A copy from another part queue may have taken the key away for a while.
        if strpos(londiste.find_column_types(v_dest), 'k') = 0
            and (v_key is null or londiste._find_key(v_dest, regexp_split_to_array(btrim(v_key), '[,[:space:]]+')) is null)
        then
            perform 1
               from londiste.table_info t
               join pgq_node.node_info n on n.queue_name = t.queue_name
              where n.combined_queue = v_combined
                and t.queue_name <> i_queue_name
                and coalesce(t.dest_table, t.table_name) = v_dest
                and t.dropped_ddl is not null;
            if not found then
                ret_code := 400;
                ret_note := 'Primary key missing on table: ' || v_desc;
                v_key := londiste._find_key(v_dest, null);
                if v_key is not null then
                    ret_note := ret_note || ' (its unique index on not null columns can serve: pkey=' || v_key || ')';
                elsif array_to_string(v_args, ' ') like '%pkey=%' then
                    ret_note := ret_note || ' (pkey= needs a unique index on these columns, all of them not null)';
                end if;
                return;
            end if;
        end if;
    end if;

    select f.*
      into v_node
      from pgq_node.get_node_info(i_queue_name) f;
    if not found or v_node.ret_code >= 400 then
        ret_code := 400;
        ret_note := 'No such set: ' || i_queue_name;
        return;
    end if;

    select t.local, t.table_attrs
      into v_local, v_old_attrs
      from londiste.table_info t
     where t.queue_name = i_queue_name
       and t.table_name = v_table
       for update;
    if not found then
        if v_node.node_type <> 'root' then
            ret_code := 404;
            ret_note := 'Table not available on queue: ' || v_desc;
            return;
        end if;
        select f.ret_code, f.ret_note
          into ret_code, ret_note
          from londiste.global_add_table(i_queue_name, v_table) f;
        if ret_code <> 200 then
            return;
        end if;
        v_local := false;
    end if;

    if v_local then
        if v_attrs is distinct from v_old_attrs then
            ret_code := 410;
            ret_note := 'Table ' || v_desc || ' already added, but with different args: ' || coalesce(v_old_attrs, '');
        else
            ret_code := 200;
            ret_note := 'Table already added: ' || v_desc;
        end if;
        return;
    end if;

    if v_node.node_type = 'root' then
        v_state := 'ok';
        perform londiste.root_notify_change(i_queue_name, 'londiste.add-table', v_table);
    elsif v_expect_sync or (v_node.node_type = 'leaf' and v_node.combined_type = 'branch') then
        -- of a combined branch, the data arrives through the combined queue
        v_state := 'ok';
    end if;

    update londiste.table_info as t
       set local = true,
           merge_state = v_state,
           table_attrs = coalesce(v_attrs, t.table_attrs),
           dest_table = case when v_dest <> v_table then v_dest else t.dest_table end
     where t.queue_name = i_queue_name
       and t.table_name = v_table;

    if v_node.node_type = 'leaf' and not v_no_merge then
        for r in
            select t.queue_name, t.table_name, t.local, n.node_type
              from londiste.table_info t
              join pgq_node.node_info n on n.queue_name = t.queue_name
             where t.queue_name <> i_queue_name
               and n.combined_queue is not distinct from v_combined
               and coalesce(t.dest_table, t.table_name) = v_dest
             order by t.queue_name
               for update of t
        loop
            if r.local and v_state is null then
                ret_code := 405;
                ret_note := 'Found local table ' || v_desc || ' in queue ' || r.queue_name
                            || ', use remove-table first to remove all previous table subscriptions';
                return;
            end if;
            if not v_merge_all and v_state is null then
                ret_code := 405;
                ret_note := 'Found multiple sources for table ' || v_desc
                            || ', use merge-all or no-merge to continue';
                return;
            end if;
            -- how a table starts into another queue from here is not this one's business
            if r.node_type = 'leaf' then
                update londiste.table_info as t
                   set local = true,
                       merge_state = v_state,
                       table_attrs = coalesce(v_attrs, t.table_attrs)
                 where t.queue_name = r.queue_name
                   and t.table_name = r.table_name;
            end if;
        end loop;

        if v_node.combined_type in ('root', 'branch') then
            select t.local
              into v_combined_local
              from londiste.table_info t
             where t.queue_name = v_combined
               and t.table_name = v_table;
            if not coalesce(v_combined_local, false) then
                select f.ret_code, f.ret_note
                  into ret_code, ret_note
                  from londiste.local_add_table(v_combined, v_table, i_trg_args, i_table_attrs, i_dest_table) f;
                if ret_code >= 300 then
                    return;
                end if;
            end if;
        end if;
    end if;

    select f.ret_code, f.ret_note, f.trigger_name
      into ret_code, ret_note, v_trigger
      from londiste.create_trigger(i_queue_name, v_table, i_trg_args, v_dest, v_node.node_type) f;
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

    -- AFTER triggers fire in the order of their names. One before ours that changes other tables gets
    -- its events into the queue before the row that caused them. Does not matter where we only deny.
    if v_node.node_type <> 'leaf' then
        select string_agg(tg.tgname::text, ', ' order by tg.tgname)
          into v_earlier
          from pg_catalog.pg_trigger tg
          join pg_catalog.pg_trigger own on own.tgrelid = tg.tgrelid and own.tgname::text = v_trigger
         where tg.tgrelid = londiste.find_table_oid(v_dest)
           and not tg.tgisinternal
           and not londiste.is_replica_func(tg.tgfoid)
           and tg.tgname < own.tgname
           -- 1 = for each row; neither before (2) nor instead of (64)
           and tg.tgtype & (1 | 2 | 64) = 1
           and own.tgtype & (1 | 2 | 64) = 1;
        if v_earlier is not null then
            ret_code := 301;
            ret_note := 'Table added: ' || v_desc || ', but londiste trigger is not first: ' || v_earlier;
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
