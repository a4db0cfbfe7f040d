-- Needs the functions. Created only when missing, so that an upgrade does not wait for the workers.

do $$
begin
    perform 1
       from pg_catalog.pg_trigger t
      where t.tgrelid = 'londiste.table_info'::pg_catalog.regclass
        and t.tgname = 'table_info_trigger_sync';
    if not found then
        -- before: drop_table_triggers looks the row up
        create trigger table_info_trigger_sync before delete on londiste.table_info
            for each row execute procedure londiste.table_info_trigger();
    end if;
end $$;
