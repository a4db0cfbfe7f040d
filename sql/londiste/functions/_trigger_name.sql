create or replace function londiste._trigger_name(i_name text)
returns text
language sql
strict immutable
as $$
/*
 * londiste._trigger_name(1) - a trigger name that is not too long.
 *
 * Internal. PostgreSQL truncates names to 63 bytes, so the triggers of a queue with a long name
 * would all have the same name.
 *
 * Parameters:
 *   i_name   the name
 * Returns:
 *   the same if it is not too long; otherwise its beginning and a hash of it
 */
    select case when pg_catalog.octet_length(i_name) <= 63 then i_name
                else substring(i_name from '^(?:zzz_)?_londiste_') || pg_catalog.md5(i_name)
           end;
$$;
