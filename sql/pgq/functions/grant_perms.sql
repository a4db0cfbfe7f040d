create or replace function pgq.grant_perms(x_queue_name text)
returns integer
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq.grant_perms(1) - set the grants of a queue's tables and sequences.
 *
 * The event tables get the grants of pgq.event_template. To change who may read and write events,
 * change the grants there and call this function.
 *
 * Parameters:
 *   x_queue_name   queue
 * Returns:
 *   1
 * Errors:
 *   Queue not found
 * Calls:   pgq.quote_fqname, pgq._grant_perms_from
 */
declare
    v_queue record;
    v_schema text;
    v_table text;
begin
    select q.queue_ntables, q.queue_data_pfx, q.queue_event_seq, q.queue_tick_seq
        into v_queue
        from pgq.queue q
        where q.queue_name = x_queue_name;
    if not found then
        raise exception 'Queue not found';
    end if;

    execute format('grant select on %s, %s to public',
        pgq.quote_fqname(v_queue.queue_event_seq), pgq.quote_fqname(v_queue.queue_tick_seq));
    if exists (select 1 from pg_roles where rolname = 'pgq_admin') then
        execute format('grant usage on %s to pgq_admin', pgq.quote_fqname(v_queue.queue_event_seq));
    end if;

    if strpos(v_queue.queue_data_pfx, '.') > 0 then
        v_schema := split_part(v_queue.queue_data_pfx, '.', 1);
        v_table := substr(v_queue.queue_data_pfx, strpos(v_queue.queue_data_pfx, '.') + 1);
    else
        v_schema := 'public';
        v_table := v_queue.queue_data_pfx;
    end if;
    perform pgq._grant_perms_from('pgq', 'event_template', v_schema, v_table);
    for i in 0 .. v_queue.queue_ntables - 1 loop
        perform pgq._grant_perms_from('pgq', 'event_template', v_schema, v_table || '_' || i::text);
    end loop;
    return 1;
end;
$$;
