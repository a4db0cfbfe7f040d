create or replace function londiste._trigger_options(
    in i_trg_args text[],
    out ret_code integer,
    out ret_note text,
    out flags text,
    out skip boolean,
    out capture text,
    out key text,
    out arguments text[])
language plpgsql
immutable
as $$
/*
 * londiste._trigger_options(1) - the options of add-table that londiste.create_trigger honours.
 *
 * Internal.
 *
 * Parameters:
 *   i_trg_args   the options, see londiste.create_trigger
 * Returns:
 *   ret_code, ret_note   why to create no trigger, null: create one
 *   flags                letters of tgflags=, in upper case
 *   skip                 the trigger skips
 *   capture              value of capture=; null if it is not given
 *   key                  value of pkey=; null if it is not given
 *   arguments            for the trigger, in order
 */
declare
    v_arg       text;
begin
    flags := '';
    skip := false;
    arguments := array[]::text[];
    foreach v_arg in array coalesce(i_trg_args, array[]::text[]) loop
        if v_arg in ('no_triggers', 'virtual_table') then
            ret_code := 201;
            ret_note := 'Trigger not created';
            return;
        elsif v_arg like 'tgflags=%' then
            flags := flags || upper(substr(v_arg, length('tgflags=') + 1));
        elsif lower(v_arg) = 'skip' then
            skip := true;
        elsif v_arg in ('expect_sync', 'skip_truncate', 'merge_all', 'no_merge') then
            null;
        elsif v_arg like 'capture=%' then
            capture := substr(v_arg, length('capture=') + 1);
            if capture not in ('auto', 'statement', 'row', 'compatible') then
                ret_code := 407;
                ret_note := 'Unknown capture: ' || capture || ' (auto, statement, row, compatible)';
                return;
            end if;
        else
            if v_arg like 'pkey=%' then
                key := substr(v_arg, length('pkey=') + 1);
            end if;
            arguments := arguments || v_arg;
        end if;
    end loop;
    skip := skip or strpos(flags, 'S') > 0;
end;
$$;
