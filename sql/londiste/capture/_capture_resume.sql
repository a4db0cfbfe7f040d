create or replace function londiste._capture_resume(i_queue_name text)
returns void
language plpgsql
as $$
/*
 * londiste._capture_resume(1) - after a DDL script: native capture for the tables as they are now.
 *
 * Internal. That is for the tables that londiste._capture_pause gave other triggers, and for all
 * others that the script has changed.
 *
 * Parameters:
 *   i_queue_name   name of the queue of the tables
 * Calls:   londiste._capture_status, _regenerate_triggers
 * Writes:  triggers; setting londiste.paused
 */
declare
    v_paused    constant jsonb :=
        coalesce(nullif(current_setting('londiste.paused', true), ''), '{}')::jsonb;
begin
    perform londiste._regenerate_triggers(i_queue_name, p.key, p.value)
       from jsonb_each_text(coalesce(v_paused -> i_queue_name, '{}')) p
      where exists (select 1 from londiste.table_info t
                     where t.queue_name = i_queue_name and t.table_name = p.key and t.local);
    perform set_config('londiste.paused', (v_paused - i_queue_name)::text, true);
    perform londiste._regenerate_triggers(i_queue_name, s.table_name, null)
       from londiste._capture_status(i_queue_name) s
      where s.stale;
end;
$$;
