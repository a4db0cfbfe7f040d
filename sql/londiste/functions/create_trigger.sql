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
 * On a root or branch the trigger stores changes in the queue, on a leaf it denies them.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 *   i_table_name   global name of the table
 *   i_trg_args     options of add-table, see below; all others go to the trigger literally, in order
 *   i_dest_table   name of the local table, null when it is the same
 *   i_node_type    root, branch or leaf
 *
 *   tgflags=X        B before, A after (default); Q sqltriga, L logutriga (default), J jsontriga;
 *                    I, U, D events (default all); S skip; given several times, letters add up
 *   skip             the table is only the front of a queue: rows do not arrive in it
 *   capture=X        native capture (see londiste._capture_level) where it can do what the other options ask for: auto picks
 *                    the level, and the triggers of schema pgq where it cannot, which the note then tells; statement and row
 *                    are refused then; compatible, or nothing: those of schema pgq. Does not matter on a leaf.
 *   no_triggers, virtual_table                        create nothing
 *   expect_sync, skip_truncate, merge_all, no_merge   are for others
 * Returns:
 *   200  created
 *   201  not created, as wished or because a leaf has no trigger functions
 *   403  an AFTER trigger would not fire behind a skipping one
 *   405  several skipping triggers on the table
 *   407  native capture as wished is not to be had
 * Writes:  triggers of the local table, and comments on them
 */
declare
    v_table         text := londiste.make_fqname(i_table_name);
    v_dest          text := londiste.make_fqname(coalesce(i_dest_table, i_table_name));
    v_dest_oid      oid;
    v_arg           text;
    v_flags         text := '';
    v_args          text[] := array[i_queue_name];
    v_skip          boolean := false;
    v_has_extra1    boolean := false;
    v_timing        text;
    v_func          text;
    v_events        text;
    v_first_arg     bytea;
    v_skips         text[];
    v_name          constant text := londiste._trigger_name('_londiste_' || i_queue_name);
    v_name_last     constant text := londiste._trigger_name('zzz__londiste_' || i_queue_name);
    v_name_truncate constant text := londiste._trigger_name('_londiste_' || i_queue_name || '_truncate');
    v_old           text;
    v_capture       text;
    v_key           text;
    v_problem       text;
    v_note          text;
begin
    foreach v_arg in array coalesce(i_trg_args, array[]::text[]) loop
        if v_arg in ('no_triggers', 'virtual_table') then
            ret_code := 201;
            ret_note := 'Trigger not created';
            return;
        elsif v_arg like 'tgflags=%' then
            v_flags := v_flags || upper(substr(v_arg, length('tgflags=') + 1));
        elsif lower(v_arg) = 'skip' then
            v_skip := true;
        elsif v_arg in ('expect_sync', 'skip_truncate', 'merge_all', 'no_merge') then
            null;
        elsif v_arg like 'capture=%' then
            v_capture := substr(v_arg, length('capture=') + 1);
            if v_capture not in ('auto', 'statement', 'row', 'compatible') then
                ret_code := 407;
                ret_note := 'Unknown capture: ' || v_capture || ' (auto, statement, row, compatible)';
                return;
            end if;
        else
            if v_arg like 'pkey=%' then
                v_key := substr(v_arg, length('pkey=') + 1);
            else
                v_problem := coalesce(v_problem, 'trigger argument ' || v_arg);
            end if;
            if strpos(v_arg, 'ev_extra1=') = 1 then
                v_has_extra1 := true;
            end if;
            v_args := v_args || v_arg;
        end if;
    end loop;

    v_skip := v_skip or strpos(v_flags, 'S') > 0;
    v_timing := case when strpos(v_flags, 'B') > 0 and strpos(v_flags, 'A') = 0 then 'before' else 'after' end;
    v_func := case when strpos(v_flags, 'J') > 0 then 'jsontriga'
                   when strpos(v_flags, 'L') > 0 then 'logutriga'
                   when strpos(v_flags, 'Q') > 0 then 'sqltriga'
                   else 'logutriga' end;
    v_events := array_to_string(array[
        case when strpos(v_flags, 'I') > 0 then 'insert' end,
        case when strpos(v_flags, 'U') > 0 then 'update' end,
        case when strpos(v_flags, 'D') > 0 then 'delete' end], ' or ');
    if v_events = '' then
        v_events := 'insert or update or delete';
    end if;

    -- events carry the name that the table has everywhere else
    if v_dest <> v_table and not v_has_extra1 then
        v_args := v_args || ('ev_extra1=' || quote_literal(v_table));
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

    -- Our own trigger from an earlier call may have either name. It is replaced, so it is left out
    -- when we look for triggers that skip.
    v_dest_oid := londiste.find_table_oid(v_dest);
    v_first_arg := convert_to(i_queue_name, getdatabaseencoding()) || decode('00', 'hex');
    select array_agg(tg.tgname::text order by tg.tgname)
      into v_skips
      from pg_catalog.pg_trigger tg
     where tg.tgrelid = v_dest_oid
       and not tg.tgisinternal
       and londiste.is_replica_func(tg.tgfoid)
       and position(decode('00', 'hex') || 'SKIP'::bytea || decode('00', 'hex') in tg.tgargs) > 0
       and not (tg.tgname::text in (v_name, v_name_last)
                and substr(tg.tgargs, 1, octet_length(v_first_arg)) = v_first_arg);

    if v_timing = 'after' and v_skips is not null then
        ret_code := 403;
        ret_note := 'AFTER trigger cannot work with SKIP trigger(s)';
        return;
    end if;

    -- A trigger on a partitioned table writes events of its partitions, by names that nobody follows.
    if v_capture is not null and v_dest_oid is null and i_node_type <> 'leaf' then
        ret_code := 407;
        ret_note := 'No capture=' || v_capture || ' here: ' || v_dest || ' is no ordinary table'
                    || case when londiste.find_rel_oid(v_dest, 'p') is null then '' else ', add its partitions instead' end;
        return;
    end if;

    if coalesce(v_capture, 'compatible') <> 'compatible' and i_node_type <> 'leaf' then
        if v_flags <> '' or v_skip then
            v_problem := 'trigger flags';
        end if;
        if v_problem is null then
            select c.trigger_name, c.problem
              into trigger_name, v_problem
              from londiste._create_capture(i_queue_name, v_dest_oid, v_table, v_key, v_capture) c;
        end if;
        if v_problem is null then
            ret_code := 200;
            ret_note := 'OK';
            return;
        elsif v_capture <> 'auto' then
            ret_code := 407;
            ret_note := 'No capture=' || v_capture || ' here: ' || v_problem;
            trigger_name := null;
            return;
        end if;
        v_note := v_problem;
    end if;
    perform londiste._drop_capture(i_queue_name, v_dest_oid);

    trigger_name := v_name;
    if v_skip then
        if v_skips is null then
            -- zzz: fires after all other triggers, those behind it would not see the row
            trigger_name := v_name_last;
            v_args := v_args || 'SKIP'::text;
        elsif array_length(v_skips, 1) > 1 then
            ret_code := 405;
            ret_note := 'Multiple SKIP triggers';
            trigger_name := null;
            return;
        elsif strpos(v_skips[1], 'zzz_') <> 1 then
            -- that one skips for both of us, but must come last
            execute 'alter trigger ' || quote_ident(v_skips[1]) || ' on ' || londiste.quote_fqname(v_dest)
                    || ' rename to ' || quote_ident('zzz_' || v_skips[1]);
        end if;
    end if;

    if i_node_type = 'leaf' then
        v_args := v_args || 'deny'::text;
    end if;

    for v_old in
        select tg.tgname
          from pg_catalog.pg_trigger tg
         where tg.tgrelid = v_dest_oid
           and not tg.tgisinternal
           and (tg.tgname::text = trigger_name
                or (tg.tgname::text in (v_name, v_name_last)
                    and londiste.is_replica_func(tg.tgfoid)
                    and substr(tg.tgargs, 1, octet_length(v_first_arg)) = v_first_arg))
    loop
        execute 'drop trigger ' || quote_ident(v_old) || ' on ' || londiste.quote_fqname(v_dest);
    end loop;

    execute 'create trigger ' || quote_ident(trigger_name)
            || ' ' || v_timing || ' ' || v_events || ' on ' || londiste.quote_fqname(v_dest)
            || ' for each row execute procedure pgq.' || v_func || '('
            || (select string_agg(quote_literal(a.arg), ', ' order by a.nr)
                  from unnest(v_args) with ordinality as a (arg, nr))
            || ')';

    -- Tells for which table it was made, should that get another name. Only the table's owner may comment.
    perform 1
       from pg_catalog.pg_class c
      where c.oid = v_dest_oid
        and v_table is not null
        and pg_catalog.pg_has_role(c.relowner, 'usage');
    if found then
        execute 'comment on trigger ' || quote_ident(trigger_name) || ' on ' || londiste.quote_fqname(v_dest)
                || ' is ' || quote_literal('londiste: ' || v_table);
    end if;

    perform 1
       from pg_catalog.pg_trigger tg
      where tg.tgrelid = v_dest_oid
        and tg.tgname::text = v_name_truncate;
    if not found then
        -- always sqltriga: a truncate event of jsontriga looks like data to consumers
        execute 'create trigger ' || quote_ident(v_name_truncate)
                || ' after truncate on ' || londiste.quote_fqname(v_dest)
                || ' for each statement execute procedure pgq.sqltriga(' || quote_literal(i_queue_name)
                || case when i_node_type = 'leaf' then ', ''deny''' else '' end || ')';
    end if;

    ret_code := 200;
    ret_note := coalesce('OK, compatible triggers: ' || v_note, 'OK');
end;
$$;
