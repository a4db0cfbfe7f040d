create or replace function londiste._capture_triggers(
    i_queue_name text, i_table oid, i_key text[], i_level text, i_hash text)
returns table (nr integer, trigger_name text, definition text, suffix text, argument text)
language plpgsql
stable
as $$
/*
 * londiste._capture_triggers(5) - the triggers by which native capture sees the changes of a table.
 *
 * Internal.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 *   i_table        the local table
 *   i_key          its key columns
 *   i_level        statement or row
 *   i_hash         see londiste._capture_hash; null: none
 * Returns: a row for each trigger
 *   nr             from 1, in the order of creation
 *   trigger_name   its name
 *   definition     SQL between its name and its function
 *   suffix         end of the function's name
 *   argument       an additional last argument of the trigger; null: none
 * Calls:   londiste._capture_hash_columns, _capture_same_key, _capture_update_of, _trigger_name
 */
declare
    v_table     text;
    v_update_of text;
    v_same      text;
    v_changed   text;
    v_moving    text[];
    v_moved     text;
    v_all       text[];
    v_is_part   boolean;
begin
    select ' on ' || pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname),
           exists (select 1
                     from pg_catalog.pg_inherits i
                     join pg_catalog.pg_class p on p.oid = i.inhparent and p.relkind = 'p'
                    where i.inhrelid = c.oid)
      into v_table, v_is_part
      from pg_catalog.pg_class c
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where c.oid = i_table;
    v_same := londiste._capture_same_key(i_table, i_key);
    v_changed := 'not coalesce(' || v_same || ', false)';
    v_moving := array(
        select pg_catalog.unnest(londiste._capture_hash_columns(i_table, i_hash))
        except select pg_catalog.unnest(i_key));
    if v_moving <> '{}' then
        v_moved := '(' || v_same || ') and not coalesce('
            || londiste._capture_same_key(i_table, v_moving) || ', false)';
    end if;

    -- suffix of the trigger's name, of the function's, last argument, when it fires, how
    if i_level = 'row' then
        v_all := array[
            array['', '__insert', null, 'after insert', ' for each row'],
            array['__update', '__update', null, 'after update',
                  ' for each row when (' || v_same
                  || coalesce(' and coalesce('
                              || londiste._capture_same_key(i_table, nullif(v_moving, '{}'))
                              || ', false)', '') || ')'],
            array['__delete', '', null, 'after delete', ' for each row'],
            array['__key', '', 'key', 'after update', ' for each row when (' || v_changed || ')'],
            -- of a partition, its function may have to read the rows
            array['_truncate', '', null,
                  case when v_is_part then 'before' else 'after' end || ' truncate',
                  ' for each statement']];
    else
        v_update_of := londiste._capture_update_of(i_table, i_key);
        -- The guard is never called. It has a transition table, so the server refuses to make the
        -- table a partition or child of another, where statement triggers would miss changes.
        v_all := array[
            array['', '__insert', null, 'after insert',
                  ' referencing new table as newrows for each statement'],
            array['__update', '__update', null, 'after update',
                  ' referencing new table as newrows for each statement'],
            array['__delete', '', null, 'after delete',
                  ' referencing old table as oldrows for each statement'],
            array['__mark', '', null, 'before delete', ' for each statement'],
            array['__guard', '', null, 'after delete',
                  ' referencing old table as oldrows for each row when (false)'],
            array['__key', '', 'key', 'after update' || v_update_of,
                  ' for each row when (' || v_changed || ')'],
            array['_truncate', '', null, 'after truncate', ' for each statement']];
    end if;

    if v_moved is not null then
        v_all := v_all || array[
            '__moved', '', 'moved',
            'after update' || case when i_level = 'row' then ''
                                   else londiste._capture_update_of(i_table, v_moving) end,
            ' for each row when (' || v_moved || ')'];
    end if;

    for n in 1 .. pg_catalog.array_length(v_all, 1) loop
        nr := n;
        trigger_name := londiste._trigger_name('_londiste_' || i_queue_name || v_all[n][1]);
        suffix := v_all[n][2];
        argument := v_all[n][3];
        definition := v_all[n][4] || v_table || v_all[n][5];
        return next;
    end loop;
end;
$$;
