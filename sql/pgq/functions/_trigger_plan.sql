create or replace function pgq._trigger_plan(
    in i_format text, in i_table oid, in i_schema text, in i_name text,
    in i_when text, in i_level text, in i_op text, in i_args text[],
    out queue_name text, out skip boolean, out event_sql text, out override_sql text)
returns record
language plpgsql
stable
as $$
#variable_conflict use_variable
/*
 * pgq._trigger_plan(8) - check one firing of a capture trigger, build the queries for its event.
 *
 * A trigger function cannot pass its row to another function on all server versions, but it can
 * pass it to a dynamic query. So everything that does not need the row is done here, and the rest
 * is SQL with $1 = the row (new, or old for DELETE) and $2 = the old row. The order of the checks
 * and of the texts is part of the interface.
 *
 * Runs for each row: the parts that are functions of their own are single expressions, which the
 * server inlines. To split the rest would cost a call per row.
 *
 * Parameters:
 *   i_format   'url', 'json' or 'sql'
 *   i_table, i_schema, i_name, i_when, i_level, i_op, i_args   TG_* variables
 * Returns:
 *   queue_name     where the event goes
 *   skip           the row change shall not happen
 *   event_sql      returns (problem, wanted, ev_type, ev_data, ev_extra1 ... ev_extra4); has no
 *                  parameters for TRUNCATE. A problem is to be raised.
 *   override_sql   returns (wanted, ev_type ... ev_extra4), from $1 and the six fields in
 *                  $2 ... $7; null if the trigger has no expressions
 * Errors:
 *   raise_exception, invalid_parameter_value   the trigger does not fit the table or the operation
 * Calls:   pgq._trigger_text, _trigger_changed, _trigger_pair, _trigger_type, _trigger_data,
 *          _trigger_field, _trigger_expression, _listed, _urlencode
 */
declare
    c_fields constant text[] := array[
        'ev_type', 'ev_data', 'ev_extra1', 'ev_extra2', 'ev_extra3', 'ev_extra4'];

    v_arg text;
    v_pos integer;
    v_field text;
    v_ignore text;
    v_pkey text;
    v_backup boolean := false;
    v_deny boolean := false;
    v_overrides text[] := array[null, null, null, null, null, null]::text[];
    v_overridden boolean := false;
    v_when text;

    v_ignored text[] := '{}';
    v_keys text[];              -- for matching
    v_key_list text[];          -- as shown
    v_col record;
    v_columns text[] := '{}';
    v_odd_name boolean;         -- has separators of lists
    v_is_key boolean;
    v_new text;
    v_old text;
    v_new_text text;
    v_old_text text;
    v_changed text;
    v_pair text;

    v_magic text[] := array[null, null, null, null, null, null]::text[];
    v_pairs text[] := '{}';         -- of the row, in the format of the data
    v_old_pairs text[] := '{}';     -- of the old row, for backup
    v_names text[] := '{}';         -- sql: column names
    v_where text[] := '{}';         -- sql: key condition
    v_key_null text[] := '{}';
    v_key_changed text[] := '{}';
    v_seen_changed text[] := '{}';
    v_ignored_changed text[] := '{}';
    v_values text[];
    v_wanted text := 'true';
    v_problem text := 'null';
begin
    -- how it was fired
    if i_op = 'TRUNCATE' then
        if i_level <> 'STATEMENT' then
            raise exception 'pgq tRuncate trigger must be fired FOR EACH STATEMENT';
        end if;
    elsif i_level <> 'ROW' then
        raise exception 'pgq Ins/Upd/Del trigger must be fired FOR EACH ROW';
    end if;
    if coalesce(pg_catalog.cardinality(i_args), 0) = 0 then
        raise exception 'pgq trigger must have destination queue as argument';
    end if;

    -- arguments; the first is the queue
    skip := false;
    foreach v_arg in array i_args loop
        v_field := pg_catalog.substring(v_arg, '^(ev_(?:type|data|extra[1-4]))=');
        if queue_name is null then
            queue_name := v_arg;
        elsif v_arg in ('SKIP', 'skip') then
            skip := true;
        elsif v_arg = 'backup' then
            v_backup := true;
        elsif v_arg = 'deny' then
            v_deny := true;
        elsif pg_catalog.left(v_arg, 7) = 'ignore=' then
            v_ignore := pg_catalog.substr(v_arg, 8);
        elsif pg_catalog.left(v_arg, 5) = 'pkey=' then
            v_pkey := pg_catalog.substr(v_arg, 6);
        elsif pg_catalog.left(v_arg, 5) = 'when=' then
            v_when := coalesce(v_when, pg_catalog.substr(v_arg, 6));
            v_overridden := true;
        elsif v_field is not null then
            v_pos := pg_catalog.array_position(c_fields, v_field);
            -- given twice, the first counts
            v_overrides[v_pos] := coalesce(v_overrides[v_pos],
                pg_catalog.substr(v_arg, pg_catalog.length(v_field) + 2));
            v_overridden := true;
        else
            raise exception 'bad param to pgq trigger'
                using errcode = 'invalid_parameter_value',
                    detail = pg_catalog.format('Argument: %s', v_arg);
        end if;
    end loop;
    if i_op = 'TRUNCATE' then
        if v_ignore is not null then
            raise exception 'Column ignore does not make sense for truncate trigger';
        elsif v_pkey is not null then
            raise exception 'Custom pkey_list does not make sense for truncate trigger';
        elsif v_backup then
            raise exception 'Backup does not make sense for truncate trigger';
        elsif v_overridden then
            raise exception 'Custom expressions do not make sense for truncater trigger';
        end if;
    end if;

    -- The constraint knows the key columns alone; the index also those it merely includes.
    if v_pkey is null then
        select pg_catalog.array_agg(a.attname::text order by k.ord)
            into v_key_list
            from pg_catalog.pg_constraint c
            cross join lateral pg_catalog.unnest(c.conkey) with ordinality as k(attnum, ord)
            join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.attnum
            where c.conrelid = i_table
              and c.contype = 'p';
        v_keys := coalesce(v_key_list, '{}');
        v_key_list := v_keys;
        v_pkey := pg_catalog.array_to_string(v_keys, ',');
    else
        v_keys := pg_catalog.regexp_split_to_array(v_pkey, E'[,\\s]+');
        v_key_list := case when v_pkey = '' then array['']
                           else pg_catalog.string_to_array(v_pkey, ',') end;
    end if;
    if v_pkey = '' and i_op in ('UPDATE', 'DELETE') then
        raise exception 'Update/Delete on table without pkey'
            using hint =
                'add a primary key, or name the key columns in the trigger: pkey=col1,col2';
    end if;
    if skip and i_when = 'AFTER' then
        raise exception 'SKIP does not work in AFTER trigger.';
    end if;
    if v_deny then
        raise exception 'Table ''%'' to queue ''%'': change not allowed (%)',
            i_schema || '.' || i_name, queue_name, i_op;
    end if;

    if v_ignore is not null then
        v_ignored := pg_catalog.regexp_split_to_array(v_ignore, E'[,\\s]+');
    end if;

    -- columns
    if i_op <> 'TRUNCATE' then
        for v_col in
            select a.attname::text as name, a.atttypid as type
            from pg_catalog.pg_attribute a
            where a.attrelid = i_table
              and a.attnum > 0
              and not a.attisdropped
            order by a.attnum
        loop
            v_new := '($1).' || pg_catalog.quote_ident(v_col.name);
            v_new_text := pgq._trigger_text(v_new, v_col.type);
            if i_op = 'UPDATE' or i_format = 'sql' then
                v_old := '($2).' || pg_catalog.quote_ident(v_col.name);
                v_old_text := pgq._trigger_text(v_old, v_col.type);
            end if;
            if i_op = 'UPDATE' then
                v_changed := pgq._trigger_changed(
                    v_col.type, v_new, v_old, v_new_text, v_old_text);
            end if;
            if v_overridden then
                v_columns := v_columns || v_col.name;
            end if;

            if pg_catalog.left(v_col.name, 8) = '_pgq_ev_' then
                v_field := pg_catalog.substr(v_col.name, 6);
                if v_field <> all (c_fields) then
                    raise exception 'Unknown magic column: %', v_col.name;
                end if;
                v_pos := pg_catalog.array_position(c_fields, v_field);
                v_magic[v_pos] := v_new_text;
                -- in other formats an update of these alone counts as one of nothing: an event
                if i_op = 'UPDATE' and i_format = 'sql' then
                    v_ignored_changed := v_ignored_changed || v_changed;
                end if;
                continue;
            end if;

            v_odd_name := v_col.name ~ E'[,\\s]';
            v_is_key := v_col.name = any (v_keys)
                or (v_odd_name and pgq._listed(v_col.name, v_pkey));
            if v_is_key and i_format = 'sql' and i_op <> 'INSERT' then
                v_where := v_where || pg_catalog.format('%L || pg_catalog.quote_literal(%s)',
                    pg_catalog.quote_ident(v_col.name) || '=', v_old_text);
                v_key_null := v_key_null
                    || pg_catalog.format('pg_catalog.num_nulls(%s) = 1', v_old);
            end if;
            if v_is_key and i_op = 'UPDATE' then
                v_key_changed := v_key_changed || v_changed;
            end if;
            if v_col.name = any (v_ignored)
                or (v_odd_name and pgq._listed(v_col.name, v_ignore))
            then
                if i_op = 'UPDATE' then
                    v_ignored_changed := v_ignored_changed || v_changed;
                end if;
                continue;
            end if;
            if i_op = 'UPDATE' then
                v_seen_changed := v_seen_changed || v_changed;
            end if;

            v_pair := pgq._trigger_pair(
                i_format, i_op, v_col.name, v_col.type, v_new, v_new_text, v_changed);
            if v_pair is not null then
                v_pairs := v_pairs || v_pair;
            end if;
            if i_format = 'sql' and i_op = 'INSERT' then
                v_names := v_names || pg_catalog.quote_ident(v_col.name);
            end if;
            if v_backup and i_op = 'UPDATE' then
                v_old_pairs := v_old_pairs || case i_format
                    when 'json' then pg_catalog.replace(v_pair, v_new, v_old)
                    else pg_catalog.format('%L || coalesce(''='' || pgq._urlencode(%s), '''')',
                        pgq._urlencode(v_col.name), v_old_text)
                    end;
            end if;
        end loop;
    end if;

    if i_format = 'sql' and i_op in ('UPDATE', 'DELETE') and v_where = '{}' then
        raise exception 'logtriga: Unexpected NULL key value'
            using hint = pg_catalog.format('none of the key columns exists: pkey=%s', v_pkey);
    end if;

    -- fields
    v_values := array[
        pg_catalog.quote_literal(
            pgq._trigger_type(i_format, i_op, i_schema, i_name, v_pkey, v_key_list)),
        pgq._trigger_data(i_format, i_op, v_pairs, v_names, v_where),
        pg_catalog.quote_literal(i_schema || '.' || i_name),
        case
            when not v_backup or i_op <> 'UPDATE' then 'null'
            when i_format = 'json' then
                pgq._trigger_data('json', 'UPDATE', v_old_pairs, v_names, v_where)
            else pgq._trigger_data('url', 'UPDATE', v_old_pairs, v_names, v_where)
            end,
        'null',
        'null'];

    -- An update that changes nothing at all is an event, one of ignored columns alone is not.
    if v_ignored_changed <> '{}' then
        v_wanted := pg_catalog.array_to_string(v_seen_changed || ('not (' ||
            pg_catalog.array_to_string(v_ignored_changed, ' or ') || ')'), ' or ');
    end if;
    if v_key_changed <> '{}' or v_key_null <> '{}' then
        v_problem := pg_catalog.format(
            'case when %s then ''primary key update not allowed'''
            ' when not (%s) then null'
            ' when %s then ''logtriga: Unexpected NULL key value'' end',
            coalesce(nullif(pg_catalog.array_to_string(v_key_changed, ' or '), ''), 'false'),
            v_wanted,
            coalesce(nullif(pg_catalog.array_to_string(v_key_null, ' or '), ''), 'false'));
    end if;

    event_sql := pg_catalog.format(
        'select (%s)::pg_catalog.text as problem, (%s) as wanted', v_problem, v_wanted);
    for i in 1 .. 6 loop
        event_sql := event_sql || pg_catalog.format(', (%s)::pg_catalog.text as %s',
            coalesce(v_magic[i], v_values[i]), c_fields[i]);
    end loop;

    if v_overridden then
        override_sql := 'select true as wanted';
        if v_when is not null then
            override_sql := 'select pgq._trigger_when(array('
                'select pg_catalog.pg_typeof(q.v)::pg_catalog.oid::pg_catalog.text || '':'' ||'
                ' case when pg_catalog.num_nulls(q.v) = 0 then pg_catalog.format(''%s'', q.v)'
                ' else '''' end from (select ' || pgq._trigger_expression(v_when, v_columns)
                || E'\n) as q(v))) as wanted';
        end if;
        for i in 1 .. 6 loop
            override_sql := override_sql
                || pgq._trigger_field(i, v_overrides[i], v_columns, c_fields[i]);
        end loop;
    end if;
end;
$$;
