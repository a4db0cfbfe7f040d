-- Triggers of schema londiste. Created only if missing, so that an upgrade does not wait for
-- workers.

do $$
begin
    perform 1
       from pg_catalog.pg_trigger t
      where t.tgrelid = 'londiste.table_info'::pg_catalog.regclass
        and t.tgname = 'table_info_trigger_sync';
    if not found then
        -- "before", because drop_table_triggers reads the row
        create trigger table_info_trigger_sync before delete on londiste.table_info
            for each row execute procedure londiste.table_info_trigger();
    end if;

    -- Only the owner of pgq.queue can create these triggers. Other roles cannot use native capture,
    -- because its functions need the same owner.
    perform 1
       from pg_catalog.pg_trigger t
      where t.tgrelid = 'pgq.queue'::pg_catalog.regclass
        and t.tgname::text like E'londiste\\_current\\_table%'
     having pg_catalog.count(*) = 2;
    if not found
        and (select pg_catalog.pg_has_role(c.relowner, 'usage')
               from pg_catalog.pg_class c where c.oid = 'pgq.queue'::pg_catalog.regclass)
    then
        drop trigger if exists londiste_current_table on pgq.queue;
        drop trigger if exists londiste_current_table_row on pgq.queue;
        create trigger londiste_current_table after update on pgq.queue
            for each row when (
                (old.queue_cur_table, old.queue_disable_insert, old.queue_per_tx_limit)
                is distinct from
                (new.queue_cur_table, new.queue_disable_insert, new.queue_per_tx_limit))
            execute procedure londiste._queue_trigger();
        create trigger londiste_current_table_row after insert or delete on pgq.queue
            for each row execute procedure londiste._queue_trigger();
    end if;
    -- a data load with disabled triggers may have changed the mode of these triggers
    perform 1
       from pg_catalog.pg_trigger t
      where t.tgrelid = 'pgq.queue'::pg_catalog.regclass
        and t.tgname::text like E'londiste\\_current\\_table%'
        and t.tgenabled <> 'A';
    if found then
        alter table pgq.queue enable always trigger londiste_current_table;
        alter table pgq.queue enable always trigger londiste_current_table_row;
        perform londiste._capture_switch(q.queue_id)
           from pgq.queue q
          where pg_catalog.to_regprocedure('londiste._current_table_' || q.queue_id || '()')
                is not null;
    end if;

    -- the triggers depend on the extension, so that it can be dropped without extension pgq
    perform 1
       from pg_catalog.pg_trigger t
       join pg_catalog.pg_extension e on e.extname = 'londiste'
      where t.tgrelid = 'pgq.queue'::pg_catalog.regclass
        and t.tgname = 'londiste_current_table'
        and not exists (
                select 1 from pg_catalog.pg_depend d where d.objid = t.oid and d.refobjid = e.oid);
    if found then
        alter trigger londiste_current_table on pgq.queue depends on extension londiste;
        alter trigger londiste_current_table_row on pgq.queue depends on extension londiste;
    end if;
end $$;
