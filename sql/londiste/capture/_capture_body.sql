create or replace function londiste._capture_body(
    i_queue_name text, i_table oid, i_global_name text, i_key text[], i_level text, i_function text,
    i_hash text)
returns text
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
/*
 * londiste._capture_body(7) - the PL/pgSQL body of one of a table's capture functions.
 *
 * Internal. A table's triggers are up to date when the bodies that this function returns are those
 * that its capture functions have. Fills in londiste._capture_template.
 *
 * Parameters:
 *   i_queue_name    name of the queue
 *   i_table         the local table
 *   i_global_name   its name on all nodes
 *   i_key           its key columns
 *   i_level         statement or row
 *   i_function      name of the function, without schema; ends in __insert or __update if it is
 *                   for that operation alone
 *   i_hash          see londiste._capture_hash; null: none
 * Returns:
 *   the text between the quotes
 * Calls:   londiste._capture_template, _capture_fast_path, _capture_hash_call,
 *          _capture_hash_columns, _capture_update_of, _is_partition_of, _partition_bounds
 */
declare
    v_operation constant text := substring(i_function, '__(insert|update)$');
    v_prefix    constant text := case i_level when 'row' then 'row ' else '' end;
    v_is_part   constant boolean :=
        londiste._is_partition_of(i_queue_name, i_global_name, i_table);
    -- A default partition takes the rows that a partition was for which is gone, before subscribers
    -- have deleted those.
    v_is_safe   constant boolean := v_is_part and exists (
        select 1 from londiste._partition_bounds(i_table) b (bound) where b.bound = 'DEFAULT');
    v_safe      constant text := case when v_is_safe then 'safe ' else '' end;
    -- columns whose change may move a row to another shard
    v_moving    constant text[] := array(
        select unnest(londiste._capture_hash_columns(i_table, i_hash)) except select unnest(i_key)
         order by 1);
    v_hash_call constant text := londiste._capture_hash_call(
        i_table, regexp_replace(i_function, '__(insert|update)$', ''), i_hash);
    -- as londiste._capture_statement calls what a function writes
    v_kinds     constant text[] := case
        when v_operation = 'insert' then array[v_prefix || v_safe || v_operation]
        when v_operation is not null then array[v_prefix || v_operation]
        when v_moving = '{}' then array[v_prefix || 'delete', v_safe || 'key']
        else array[v_prefix || 'delete', v_safe || 'key', 'moved'] end;
    v_indent    constant text := case when v_operation is null then '    ' else '' end;
    v_deferred  boolean;
    v_template  text;
    v_values    jsonb;
    v_fast      text := '';
    q           record;
    r           record;
begin
    select * into strict q from pgq.queue x where x.queue_name = i_queue_name;
    v_deferred := exists (
        select 1 from pg_index i
         where i.indrelid = i_table and i.indisprimary and not i.indimmediate);

    v_values := jsonb_build_object(
        'is', '=',
        'queue comment', regexp_replace(i_queue_name, '[*/]{2}', '..', 'g'),
        'table comment', regexp_replace(i_global_name, '[*/]{2}', '..', 'g'),
        'key comment', regexp_replace(array_to_string(i_key, ','), '[*/]{2}', '..', 'g')
            || case when londiste._capture_update_of(i_table, i_key) = ''
                    then ' (checked on every update)' else '' end
            || case when v_moving = '{}' then ''
                    else E'\n * Hash:    of '
                         || regexp_replace(array_to_string(v_moving, ','), '[*/]{2}', '..', 'g')
               end,
        'writer', case when i_hash is null then '_capture_insert' else '_capture_statement' end,
        'hash', coalesce(', ' || quote_literal(v_hash_call), ''),
        'level', i_level,
        'key kind', quote_literal(v_safe || 'key'),
        'mark', quote_literal('londiste.deleting_'
                              || md5(regexp_replace(i_function, '__(insert|update)$', ''))),
        'kind', quote_literal(v_kinds[1]),
        'rows', case when v_operation is null then 'oldrows' else 'newrows' end,
        -- neither the server's setting of the role nor that of PgQ says anything else
        'plain', 'pg_catalog.current_setting(''session_replication_role'')'
            || ' operator(pg_catalog.=) ''origin'''
            || ' and coalesce(pg_catalog.current_setting(''pgq.session_replication_role'', true),'
            || ' '''') operator(pg_catalog.=) ''''',
        'queue', quote_literal(i_queue_name),
        'queue id', q.queue_id::text,
        'queue detail', quote_literal('Queue: ' || i_queue_name),
        'table', quote_literal(i_global_name),
        'truncated', case
            when v_is_part
            then 'londiste._partition_truncated(' || quote_literal(i_queue_name) || ', tg_relid, '
                 || quote_literal(i_global_name) || ')'
            else 'pgq.insert_event(' || quote_literal(i_queue_name) || ', ''R'', '''', '
                 || quote_literal(i_global_name) || ', null, null, null)' end,
        'key', quote_literal(i_key::text) || '::pg_catalog.text[]',
        'event table', quote_literal(pgq.quote_fqname(q.queue_data_pfx || '_')),
        'sequence', quote_literal(pgq.quote_fqname(q.queue_event_seq)));

    -- one statement for each kind of event and each event table
    for r in
        select f.*, f.kind || f.event_table as name
          from londiste._capture_fast_path(q.queue_id, i_table, i_global_name, i_key, i_function,
                                           v_kinds, v_hash_call) f
    loop
        v_fast := v_fast || v_indent || '        '
            || case when v_fast = '' then 'if ' else 'elsif ' end
            || case when v_operation is null then 'v_kind = ' || quote_literal(r.kind) || ' and '
                    else '' end
            || r.current_table || ' = ' || r.event_table || E' then\n'
            || v_indent || '            @' || r.name || E'@;\n'
            || v_indent || E'            if found then\n'
            || v_indent || E'                return null;\n'
            || v_indent || E'            end if;\n';
        v_values := v_values || jsonb_build_object(r.name, r.statement);
    end loop;
    v_fast := v_fast || '        ' || v_indent || E'end if;\n';

    v_template := replace(londiste._capture_template(
                              v_operation, i_level, v_deferred, v_moving <> '{}'),
                          '@fast@', v_fast);
    v_template := regexp_replace(
        v_template, E' (<>|\\|\\||=|>|-) ', E' operator(pg_catalog.\\1) ', 'g');
    return (select string_agg(case when p.nr % 2 = 1 then p.text else v_values ->> p.text end,
                              '' order by p.nr)
              from regexp_split_to_table(v_template, '@') with ordinality as p (text, nr));
end;
$$;
