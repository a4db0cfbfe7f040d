-- What an installation of an earlier release needs. After all functions: none that other sessions
-- call may be missing meanwhile.

do $$
declare
    v_function  text;
begin
    perform londiste._refresh_capture();

    -- helpers that have another name now
    foreach v_function in array array[
        '_capture_again(text, text, text)',
        '_capture_watch(oid, text[])',
        '_capture_wish(text, text)',
        '_create_capture(text, oid, text, text, text)',
        '_drop_capture(text, oid)',
        '_is_capture(oid)']
    loop
        if pg_catalog.to_regprocedure('londiste.' || v_function) is not null then
            execute 'drop function londiste.' || v_function;
        end if;
    end loop;
end $$;
