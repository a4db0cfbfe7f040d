create or replace function londiste._create_capture(
    in i_queue_name text,
    in i_table oid,
    in i_global_name text,
    in i_key text,
    in i_wish text,
    out trigger_name text,
    out problem text)
language plpgsql
as $$
/*
 * londiste._create_capture(5) - native capture for a table: generate its functions, and the triggers that call them.
 *
 * Internal. Called again, it generates the functions anew, and leaves the triggers alone where they are as they
 * have to be: then it does not wait for anybody who uses the table.
 *
 * Parameters:
 *   i_queue_name    name of the queue
 *   i_table         the local table
 *   i_global_name   its name on all nodes
 *   i_key           key columns joined by comma; null: those of the primary key
 *   i_wish          auto, statement or row
 * Returns:
 *   trigger_name   one of the triggers
 *   problem        in words, why native capture is not to be had; then nothing was done
 * Calls:   londiste._capture_level, _capture_body, _capture_settings, _capture_switch, _capture_watch
 * Writes:  functions in schema londiste, triggers of the table
 */
declare
    -- Keys of other types are the same when their texts are, byte by byte; a dump of the trigger has to work elsewhere, too,
    -- so that comparing rows (*=) is out. Types whose values are the same exactly when they are equal: boolean, bytea, int8, int2, int4, oid, date, timestamp,
    -- timestamptz, uuid
    c_plain     constant oid[] := array[16, 17, 20, 21, 23, 26, 1082, 1114, 1184, 2950];
    v_first_arg constant bytea := convert_to(i_queue_name, getdatabaseencoding()) || decode('00', 'hex');
    v_name      constant text := '_londiste_' || i_queue_name;
    v_args      constant text := quote_literal(i_queue_name) || ', ' || quote_literal('capture=' || i_wish)
                                 || coalesce(', ' || quote_literal('pkey=' || i_key), '');
    v_owner     oid;
    v_queue_id  integer;
    v_table     text;
    v_relname   text;
    v_level     text;
    v_reason    text;
    v_keys      text[];
    v_same      text;
    v_changed   text;
    v_function  text;
    v_old_body  text;
    v_body      text;
    v_names     text[];
    v_events    text[];
    v_functions text[];
    v_suffix    text;
    v_present   text[];
    v_wanted    text[];
    v_former    text[];
    r           record;
begin
    select quote_ident(n.nspname) || '.' || quote_ident(c.relname), c.relname::text
      into v_table, v_relname
      from pg_catalog.pg_class c
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where c.oid = i_table;

    -- The function runs with the rights of the owner of the schemas: somebody else's may not suffice.
    select n.nspowner
      into v_owner
      from pg_catalog.pg_namespace n
      join pg_catalog.pg_namespace o on o.nspname = 'pgq' and o.nspowner = n.nspowner
     where n.nspname = 'londiste';
    if not found then
        problem := 'schemas londiste and pgq have different owners';
        return;
    elsif not pg_catalog.pg_has_role(v_owner, 'usage') then
        problem := 'role ' || current_user || ' is no member of the owner of schema londiste, '
                   || pg_catalog.pg_get_userbyid(v_owner);
        return;
    end if;
    perform 1 from pgq.queue q where q.queue_name = i_queue_name;
    if not found then
        problem := 'no such queue: ' || i_queue_name;
        return;
    end if;
    perform 1
       from pg_catalog.pg_trigger t
      where t.tgrelid = 'pgq.queue'::pg_catalog.regclass
        and t.tgname::text like E'londiste\\_current\\_table%'
        and t.tgenabled = 'A'
     having count(*) = 2;
    if not found then
        problem := 'pgq.queue lacks the triggers londiste_current_table, run "jlondiste NODE.ini upgrade"';
        return;
    end if;

    select a.attname::text
      into v_same
      from pg_catalog.pg_attribute a
     where a.attrelid = i_table and a.attnum > 0 and not a.attisdropped and pg_catalog.left(a.attname::text, 8) = '_pgq_ev_'
     limit 1;
    if found then
        problem := 'magic column ' || v_same;
        return;
    end if;

    v_keys := londiste._capture_key(i_table, i_key);
    select pg_catalog.string_agg(case when a.atttypid = any (c_plain)
                                      then pg_catalog.format('old.%1$I operator(pg_catalog.=) new.%1$I', k.name)
                                      else pg_catalog.format('(old.%1$I)::pg_catalog.text collate pg_catalog."C" is not distinct from (new.%1$I)::pg_catalog.text collate pg_catalog."C"', k.name) end,
                                 ' and ' order by k.nr)
      into v_same
      from pg_catalog.unnest(v_keys) with ordinality as k (name, nr)
      join pg_catalog.pg_attribute a on a.attrelid = i_table and a.attname = k.name and a.attnum > 0
    having pg_catalog.count(*) = pg_catalog.cardinality(v_keys);
    if v_same is null then
        problem := coalesce('no such columns: pkey=' || i_key, 'no primary key');
        return;
    end if;
    v_changed := 'not coalesce(' || v_same || ', false)';

    select l.capture_level, l.reason into v_level, v_reason from londiste._capture_level(i_table) l;
    if i_wish = 'statement' and v_level <> 'statement' then
        problem := 'must be per row: ' || v_reason;
        return;
    elsif i_wish = 'row' then
        v_level := 'row';
    end if;

    -- their names stay when the table is renamed; 63 bytes have to do
    select regexp_replace(p.proname::text, '__(insert|update)$', '')
      into v_function
      from pg_catalog.pg_trigger t
      join pg_catalog.pg_proc p on p.oid = t.tgfoid
     where t.tgrelid = i_table
       and not t.tgisinternal
       and londiste._is_capture(t.tgfoid)
       and pg_catalog.substr(t.tgargs, 1, pg_catalog.octet_length(v_first_arg)) = v_first_arg
       and pg_catalog.length(regexp_replace(p.proname::text, '__(insert|update)$', '')) <= 55
     limit 1;
    if not found then
        v_function := '_native_' || pg_catalog.left(pg_catalog.regexp_replace(pg_catalog.lower(v_relname), '[^a-z0-9_]', '_', 'g'), 30)
                      || '_' || pg_catalog.left(pg_catalog.md5(i_queue_name || ' ' || i_table::text || ' ' || v_table), 12);
    end if;
    select p.prosrc into v_old_body
      from pg_catalog.pg_proc p
      join pg_catalog.pg_namespace n on n.oid = p.pronamespace
     where n.nspname = 'londiste' and p.proname::text = v_function;

    -- without operations of foreign keys and constraint triggers, row triggers would do with one as well
    if v_level = 'row' then
        v_names := array['', '__update', '__delete', '__key', '_truncate'];
        v_events := array[
            'after insert on ' || v_table || ' for each row',
            'after update on ' || v_table || ' for each row when (' || v_same || ')',
            'after delete on ' || v_table || ' for each row',
            'after update on ' || v_table || ' for each row when (' || v_changed || ')',
            'after truncate on ' || v_table || ' for each statement'];
    else
        -- The guard is never called. As it has a transition table, the server refuses to make the
        -- table a partition or child of another, where statement triggers would miss changes.
        v_names := array['', '__update', '__delete', '__mark', '__guard', '__key', '_truncate'];
        v_events := array[
            'after insert on ' || v_table || ' referencing new table as newrows for each statement',
            'after update on ' || v_table || ' referencing new table as newrows for each statement',
            'after delete on ' || v_table || ' referencing old table as oldrows for each statement',
            'before delete on ' || v_table || ' for each statement',
            'after delete on ' || v_table || ' referencing old table as oldrows for each row when (false)',
            'after update' || londiste._capture_watch(i_table, v_keys) || ' on ' || v_table
                || ' for each row when (' || v_changed || ')',
            'after truncate on ' || v_table || ' for each statement'];
    end if;
    select pg_catalog.array_agg(londiste._trigger_name(v_name || n.suffix) order by n.nr) into v_names
      from pg_catalog.unnest(v_names) with ordinality as n (suffix, nr);
    trigger_name := v_names[1];

    select q.queue_id
      into v_queue_id
      from pgq.queue q
     where q.queue_name = i_queue_name
       and to_regprocedure('londiste._current_table_' || q.queue_id || '()') is null
       for update;
    if found then
        perform londiste._capture_switch(v_queue_id);
    end if;

    v_functions := array[v_function || '__insert', v_function || '__update']
        || array_fill(v_function, array[pg_catalog.cardinality(v_names) - 2]);

    foreach v_suffix in array array['__insert', '__update', ''] loop
        v_body := londiste._capture_body(i_queue_name, i_table, i_global_name, v_keys, v_level, v_function || v_suffix);
        execute 'create or replace function londiste.' || quote_ident(v_function || v_suffix)
                || '() returns trigger language plpgsql security definer'
                || coalesce((select pg_catalog.string_agg(' set ' || pg_catalog.split_part(s.setting, '=', 1) || ' = '
                                    || case when s.setting like 'search_path=%' then pg_catalog.split_part(s.setting, '=', 2)
                                            else quote_literal(pg_catalog.split_part(s.setting, '=', 2)) end, '')
                               from pg_catalog.unnest(londiste._capture_settings(i_table)) as s (setting)), '')
                || ' as ' || quote_literal(v_body);
        execute 'alter function londiste.' || quote_ident(v_function || v_suffix) || '() owner to '
                || quote_ident(pg_catalog.pg_get_userbyid(v_owner));
        execute 'revoke all on function londiste.' || quote_ident(v_function || v_suffix) || '() from public';
    end loop;

    -- the head tells the level and the key
    select pg_catalog.array_agg(t.tgname::text || ' ' || p.proname::text)
      into v_present
      from pg_catalog.pg_trigger t
      join pg_catalog.pg_proc p on p.oid = t.tgfoid
     where t.tgrelid = i_table
       and not t.tgisinternal
       and londiste.is_replica_func(t.tgfoid)
       and t.tgenabled in ('O', 'A')
       and pg_catalog.substr(t.tgargs, 1, pg_catalog.octet_length(v_first_arg)) = v_first_arg
       and (t.tgargs = v_first_arg || convert_to('capture=' || i_wish, getdatabaseencoding()) || decode('00', 'hex')
                       || coalesce(convert_to('pkey=' || i_key, getdatabaseencoding()) || decode('00', 'hex'), '')
            or t.tgname::text = v_names[pg_catalog.cardinality(v_names) - 1]);
    select pg_catalog.array_agg(w.name || ' ' || w.function) into v_wanted
      from unnest(v_names, v_functions) as w (name, function);
    if pg_catalog.split_part(v_old_body, 'declare', 1) = pg_catalog.split_part(v_body, 'declare', 1)
        and v_present @> v_wanted and v_present <@ v_wanted
    then
        return;
    end if;

    for r in
        select t.tgname, case when londiste._is_capture(t.tgfoid) then t.tgfoid::pg_catalog.regprocedure::text end as function
          from pg_catalog.pg_trigger t
         where t.tgrelid = i_table
           and not t.tgisinternal
           and londiste.is_replica_func(t.tgfoid)
           and pg_catalog.substr(t.tgargs, 1, pg_catalog.octet_length(v_first_arg)) = v_first_arg
    loop
        execute 'drop trigger ' || quote_ident(r.tgname) || ' on ' || v_table;
        v_former := v_former || r.function;
    end loop;
    for i in 1 .. pg_catalog.cardinality(v_names) loop
        execute 'create trigger ' || quote_ident(v_names[i]) || ' ' || v_events[i] || ' execute procedure londiste.'
                || quote_ident(v_functions[i]) || '(' || v_args
                || case when v_events[i] like '% for each row when (not coalesce(%' then ', ''key''' else '' end || ')';
    end loop;

    for r in
        select distinct f.function
          from pg_catalog.unnest(v_former) as f (function)
         where f.function is not null
           and not exists (select 1 from pg_catalog.pg_trigger t
                            where t.tgfoid = f.function::pg_catalog.regprocedure::oid)
    loop
        execute 'drop function ' || r.function;
    end loop;
end;
$$;
