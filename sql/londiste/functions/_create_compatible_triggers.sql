create or replace function londiste._create_compatible_triggers(
    in i_queue_name text,
    in i_table_name text,
    in i_dest_table text,
    in i_flags text,
    in i_skip boolean,
    in i_arguments text[],
    in i_node_type text,
    out ret_code integer,
    out ret_note text,
    out trigger_name text)
language plpgsql
as $$
/*
 * londiste._create_compatible_triggers(7) - connect a table to a queue by triggers of schema pgq.
 *
 * Internal.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 *   i_table_name   full global name of the table; null: unknown
 *   i_dest_table   full name of the local table
 *   i_flags        letters, see tgflags= of londiste.create_trigger
 *   i_skip         the table is only the front of a queue
 *   i_arguments    of the trigger, behind the queue
 *   i_node_type    root, branch or leaf
 * Returns:
 *   200  created
 *   405  several skipping triggers on the table
 *   trigger_name   the trigger for row changes
 * Calls:   londiste._is_partition_of
 * Writes:  triggers of the local table, and a comment on one of them
 */
declare
    v_oid           constant oid := londiste._table_oid(i_dest_table);
    v_on            constant text := ' on ' || londiste.quote_fqname(i_dest_table);
    v_name          constant text := londiste._trigger_name('_londiste_' || i_queue_name);
    v_name_last     constant text := londiste._trigger_name('zzz__londiste_' || i_queue_name);
    v_name_truncate constant text :=
        londiste._trigger_name('_londiste_' || i_queue_name || '_truncate');
    v_args          text[] := i_queue_name || i_arguments;
    v_timing        text;
    v_func          text;
    v_events        text;
    v_skips         text[];
    v_old           text;
begin
    v_timing := case when strpos(i_flags, 'B') > 0 and strpos(i_flags, 'A') = 0 then 'before'
                     else 'after' end;
    v_func := case when strpos(i_flags, 'J') > 0 then 'jsontriga'
                   when strpos(i_flags, 'L') > 0 then 'logutriga'
                   when strpos(i_flags, 'Q') > 0 then 'sqltriga'
                   else 'logutriga' end;
    v_events := coalesce(nullif(array_to_string(array[
        case when strpos(i_flags, 'I') > 0 then 'insert' end,
        case when strpos(i_flags, 'U') > 0 then 'update' end,
        case when strpos(i_flags, 'D') > 0 then 'delete' end], ' or '), ''),
        'insert or update or delete');

    trigger_name := v_name;
    if i_skip then
        v_skips := londiste._skipping_triggers(i_queue_name, v_oid);
        if v_skips is null then
            -- zzz: fires after all other triggers, which would not see the row behind it
            trigger_name := v_name_last;
            v_args := v_args || 'SKIP'::text;
        elsif array_length(v_skips, 1) > 1 then
            ret_code := 405;
            ret_note := 'Multiple SKIP triggers';
            trigger_name := null;
            return;
        elsif strpos(v_skips[1], 'zzz_') <> 1 then
            -- that one skips for both queues, but must come last
            execute 'alter trigger ' || quote_ident(v_skips[1]) || v_on
                    || ' rename to ' || quote_ident('zzz_' || v_skips[1]);
        end if;
    end if;
    if i_node_type = 'leaf' then
        v_args := v_args || 'deny'::text;
    end if;

    for v_old in
        select g.tgname
          from pg_catalog.pg_trigger g
         where g.tgrelid = v_oid
           and not g.tgisinternal
           and (g.tgname::text = trigger_name
                or (g.tgname::text in (v_name, v_name_last)
                    and londiste.is_replica_func(g.tgfoid)
                    and londiste._feeds_queue(g.tgargs, i_queue_name)))
    loop
        execute 'drop trigger ' || quote_ident(v_old) || v_on;
    end loop;
    execute 'create trigger ' || quote_ident(trigger_name)
            || ' ' || v_timing || ' ' || v_events || v_on
            || ' for each row execute procedure pgq.' || v_func || '('
            || (select string_agg(quote_literal(a.arg), ', ' order by a.nr)
                  from unnest(v_args) with ordinality as a (arg, nr))
            || ')';

    -- Records the table it was created for, in case that is renamed. Only its owner may comment.
    perform 1
       from pg_catalog.pg_class c
      where c.oid = v_oid
        and i_table_name is not null
        and pg_catalog.pg_has_role(c.relowner, 'usage');
    if found then
        execute 'comment on trigger ' || quote_ident(trigger_name) || v_on
                || ' is ' || quote_literal('londiste: ' || i_table_name);
    end if;

    perform 1
       from pg_catalog.pg_trigger g
      where g.tgrelid = v_oid
        and g.tgname::text = v_name_truncate;
    if not found and i_node_type <> 'leaf'
        and londiste._is_partition_of(i_queue_name, i_table_name, v_oid)
    then
        execute 'create trigger ' || quote_ident(v_name_truncate) || ' before truncate' || v_on
                || ' for each statement execute procedure londiste._truncates_partition('
                || quote_literal(i_queue_name) || ', ' || quote_literal(i_table_name) || ')';
    elsif not found then
        -- always sqltriga: a truncate event of jsontriga looks like data to consumers
        execute 'create trigger ' || quote_ident(v_name_truncate) || ' after truncate' || v_on
                || ' for each statement execute procedure pgq.sqltriga('
                || quote_literal(i_queue_name)
                || case when i_node_type = 'leaf' then ', ''deny''' else '' end || ')';
    end if;

    ret_code := 200;
    ret_note := 'OK';
end;
$$;
