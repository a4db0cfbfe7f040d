create or replace function londiste._create_capture_triggers(
    in i_queue_name text,
    in i_table oid,
    in i_global_name text,
    in i_key text,
    in i_capture text,
    in i_arguments text[],
    out trigger_name text,
    out problem text)
language plpgsql
as $$
/*
 * londiste._create_capture_triggers(6) - native capture for a table: its functions and triggers.
 *
 * Internal. Called again, it generates the functions again, and leaves the triggers alone if they
 * are as they have to be: then it does not wait for transactions that use the table.
 *
 * Parameters:
 *   i_queue_name    name of the queue
 *   i_table         the local table
 *   i_global_name   its name on all nodes
 *   i_key           key columns joined by comma; null: those of the primary key
 *   i_capture       auto, statement or row
 *   i_arguments     further arguments of the trigger, see londiste._capture_hash
 * Returns:
 *   trigger_name   one of the triggers
 *   problem        in words, why the table cannot have native capture; then nothing was done
 * Calls:   londiste._capture_basis, londiste._capture_body, londiste._capture_function_name,
 *          londiste._capture_key, londiste._capture_level, londiste._capture_obstacle,
 *          londiste._capture_same_key, londiste._capture_switch, londiste._capture_triggers,
 *          londiste._capture_hash, londiste._create_capture_function,
 *          londiste._create_hash_function, londiste._feeds_queue,
 *          londiste._is_capture_function, londiste.is_replica_func
 * Writes:  functions in schema londiste, triggers of the table
 */
declare
    v_list      constant text := quote_literal(i_queue_name) || ', '
                                 || quote_literal('capture=' || i_capture)
                                 || coalesce(', ' || quote_literal('pkey=' || i_key), '')
                                 || coalesce((select string_agg(', ' || quote_literal(a.arg), ''
                                                                order by a.nr)
                                                from unnest(i_arguments) with ordinality
                                                         as a (arg, nr)), '');
    v_arguments constant bytea :=
        convert_to(i_queue_name, getdatabaseencoding()) || decode('00', 'hex')
        || convert_to('capture=' || i_capture, getdatabaseencoding()) || decode('00', 'hex')
        || coalesce(convert_to('pkey=' || i_key, getdatabaseencoding()) || decode('00', 'hex'), '')
        || coalesce((select string_agg(convert_to(a.arg, getdatabaseencoding())
                                       || decode('00', 'hex'), ''::bytea order by a.nr)
                       from unnest(i_arguments) with ordinality as a (arg, nr)), '');
    v_hash      constant text := londiste._capture_hash(i_arguments);
    v_table     constant text := (
        select quote_ident(n.nspname) || '.' || quote_ident(c.relname)
          from pg_catalog.pg_class c
          join pg_catalog.pg_namespace n on n.oid = c.relnamespace
         where c.oid = i_table);
    v_key       text[];
    v_level     text;
    v_reason    text;
    v_function  text;
    v_queue_id  integer;
    v_before    text;
    v_after     text;
    v_present   text[];
    v_required  text[];
    v_for_keys  text[];
    v_former    text[];
    r           record;
begin
    problem := londiste._capture_obstacle(i_queue_name, i_table);
    if problem is not null then
        return;
    end if;
    v_key := londiste._capture_key(i_table, i_key);
    if londiste._capture_same_key(i_table, v_key) is null then
        problem := coalesce('no such columns: pkey=' || i_key, 'no primary key');
        return;
    end if;
    select l.capture_level, l.reason into v_level, v_reason from londiste._capture_level(i_table) l;
    if i_capture = 'statement' and v_level <> 'statement' then
        problem := 'must be per row: ' || v_reason;
        return;
    elsif i_capture = 'row' then
        v_level := 'row';
    end if;

    select q.queue_id
      into v_queue_id
      from pgq.queue q
     where q.queue_name = i_queue_name
       and to_regprocedure('londiste._current_table_' || q.queue_id || '()') is null
       for update;
    if found then
        perform londiste._capture_switch(v_queue_id);
    end if;

    v_function := londiste._capture_function_name(i_queue_name, i_table);
    if v_hash is not null then
        begin
            perform londiste._create_hash_function(i_table, v_function, v_hash);
        exception
            when others then
                problem := 'hash: ' || sqlerrm;
                return;
        end;
    end if;
    select p.prosrc
      into v_before
      from pg_catalog.pg_proc p
     where p.pronamespace = 'londiste'::pg_catalog.regnamespace
       and p.proname::text = v_function;
    for r in
        select s.suffix from unnest(array['__insert', '__update', '']) as s (suffix)
    loop
        v_after := londiste._capture_body(
            i_queue_name, i_table, i_global_name, v_key, v_level, v_function || r.suffix, v_hash);
        perform londiste._create_capture_function(i_table, v_function || r.suffix, v_after);
    end loop;

    select pg_catalog.array_agg(t.trigger_name || ' ' || v_function || t.suffix),
           min(t.trigger_name) filter (where t.nr = 1),
           pg_catalog.array_agg(t.trigger_name) filter (where t.argument is not null)
      into v_required, trigger_name, v_for_keys
      from londiste._capture_triggers(i_queue_name, i_table, v_key, v_level, v_hash) t;
    select pg_catalog.array_agg(t.tgname::text || ' ' || p.proname::text)
      into v_present
      from pg_catalog.pg_trigger t
      join pg_catalog.pg_proc p on p.oid = t.tgfoid
     where t.tgrelid = i_table
       and not t.tgisinternal
       and londiste.is_replica_func(t.tgfoid)
       and t.tgenabled in ('O', 'A')
       and londiste._feeds_queue(t.tgargs, i_queue_name)
       and (t.tgargs = v_arguments or t.tgname::text = any (v_for_keys));
    for r in
        select p.oid::pg_catalog.regprocedure::text as function
          from pg_catalog.pg_proc p
         where p.pronamespace = 'londiste'::pg_catalog.regnamespace
           and p.proname::text = v_function || '__hash'
           and v_hash is null
    loop
        execute 'drop function ' || r.function;
    end loop;
    if londiste._capture_basis(v_before) = londiste._capture_basis(v_after)
        and v_present @> v_required and v_present <@ v_required
    then
        return;
    end if;

    for r in
        select t.tgname, case when londiste._is_capture_function(t.tgfoid)
                              then t.tgfoid::pg_catalog.regprocedure::text end as function
          from pg_catalog.pg_trigger t
         where t.tgrelid = i_table
           and not t.tgisinternal
           and londiste.is_replica_func(t.tgfoid)
           and londiste._feeds_queue(t.tgargs, i_queue_name)
    loop
        execute 'drop trigger ' || quote_ident(r.tgname) || ' on ' || v_table;
        v_former := v_former || r.function;
    end loop;
    for r in
        select *
          from londiste._capture_triggers(i_queue_name, i_table, v_key, v_level, v_hash) t
         order by t.nr
    loop
        execute 'create trigger ' || quote_ident(r.trigger_name) || ' ' || r.definition
                || ' execute procedure londiste.' || quote_ident(v_function || r.suffix)
                || '(' || v_list || coalesce(', ' || quote_literal(r.argument), '') || ')';
    end loop;

    -- names of earlier releases
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
