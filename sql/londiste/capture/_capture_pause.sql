create or replace function londiste._capture_pause(i_queue_name text, i_sql text)
returns void
language plpgsql
as $$
/*
 * londiste._capture_pause(2) - let a DDL script change columns on which native triggers depend.
 *
 * Internal. The server refuses to change the type of a key column while the condition of a trigger
 * uses it. So the tables that a script alters have the triggers of schema pgq, which depend on no
 * column, until londiste._capture_resume. These are the tables whose names are words of the script.
 *
 * Parameters:
 *   i_queue_name   name of a queue; the script may come through another one
 *   i_sql          the script
 * Calls:   londiste._capture_status, _capture_requested, _regenerate_triggers
 * Writes:  triggers; setting londiste.paused, until the transaction ends
 */
declare
    v_paused    jsonb := '{}';
    r           record;
begin
    if i_sql !~* E'\\malter\\s+table\\M' then
        return;
    end if;
    for r in
        select distinct s.table_name
          from londiste._capture_status(i_queue_name) s
          join londiste.table_info t
            on t.queue_name = i_queue_name and t.table_name = s.table_name
          cross join lateral (
                select londiste._table_oid(coalesce(t.dest_table, t.table_name))
                 union
                select londiste._row_tables(
                           londiste._table_oid(coalesce(t.dest_table, t.table_name)))) o (oid)
          join pg_catalog.pg_class c on c.oid = o.oid
         where s.capture in ('statement', 'row')
           and lower(i_sql)
               ~ (E'(^|[^\\w$])'
                  || regexp_replace(lower(c.relname::text), E'(\\W)', E'\\\\\\1', 'g')
                  || E'($|[^\\w$])')
    loop
        v_paused := v_paused || jsonb_build_object(
            r.table_name, londiste._capture_requested(i_queue_name, r.table_name));
        perform londiste._regenerate_triggers(i_queue_name, r.table_name, 'compatible');
    end loop;
    perform set_config(
        'londiste.paused',
        (coalesce(nullif(current_setting('londiste.paused', true), ''), '{}')::jsonb
         || jsonb_build_object(i_queue_name, v_paused))::text,
        true);
end;
$$;
