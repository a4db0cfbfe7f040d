create or replace function pgq_node._close_event_tables(i_queue_name text, i_close boolean)
returns void
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_node._close_event_tables(2) - refuse events of a queue by triggers, or accept them again.
 *
 * Internal. The flag queue_disable_insert in pgq.queue refuses events, too, but a transaction that
 * read it before it was set, or reads an older snapshot, does not see it. A trigger is part of the
 * table's definition, of which every session uses the newest version as soon as it has locked the
 * table. The trigger is per statement, so that COPY is as fast as without it.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 *   i_close        true: refuse; false: accept
 * Calls:   pgq.quote_fqname
 * Writes:  trigger _closed of each event table; waits for transactions that write to them
 */
declare
    c_trigger   constant name := '_closed';
    r           record;
begin
    for r in
        select pgq.quote_fqname(q.queue_data_pfx || '_' || n.nr) as event_table, t.tgenabled
          from pgq.queue q
         cross join lateral generate_series(0, q.queue_ntables - 1) as n (nr)
          left join pg_trigger t
            on t.tgrelid = to_regclass(pgq.quote_fqname(q.queue_data_pfx || '_' || n.nr))
           and t.tgname = c_trigger
         where q.queue_name = i_queue_name
         order by n.nr
    loop
        if i_close and r.tgenabled is null then
            execute 'create trigger ' || c_trigger || ' before insert on ' || r.event_table
                    || ' for each statement execute procedure pgq_node._refuse_event()';
        end if;
        -- not dropped: that would wait for consumers that read events
        if r.tgenabled = (case when i_close then 'D' else 'O' end) then
            execute 'alter table ' || r.event_table
                    || case when i_close then ' enable' else ' disable' end
                    || ' trigger ' || c_trigger;
        end if;
    end loop;
end;
$$;
