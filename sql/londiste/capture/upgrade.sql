-- What an installation of an earlier release needs. After all functions: none that other sessions
-- call may be missing meanwhile.

do $$
declare
    v_function  text;
begin
    perform londiste._refresh_capture();

    -- helpers that have another name or other parameters now
    foreach v_function in array array[
        '_capture_body(text, oid, text, text[], text, text)',
        '_capture_fast_path(integer, oid, text, text[], text, text[])',
        '_capture_template(text, text, boolean)',
        '_capture_triggers(text, oid, text[], text)',
        '_create_capture_triggers(text, oid, text, text, text)',
        '_is_capture_stale(text, oid, text, text[], text)',
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
