create or replace function londiste._capture_watch(i_table oid, i_key text[])
returns text
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
/*
 * londiste._capture_watch(2) - for which columns a trigger for changed keys must be called.
 *
 * Internal. A key changes only where a statement sets it, or a BEFORE trigger does. So without such triggers, those for changed keys
 * are left alone by all other statements, which costs these less than to look whether a key has changed.
 *
 * Parameters:
 *   i_table   the local table
 *   i_key     its key columns
 * Returns:
 *   ' of COLUMN, ...', to be put behind "update"; empty: whatever is updated
 */
    select case when bool_or(coalesce(to_jsonb(a) ->> 'attgenerated', '') <> '')
                     -- 1 row, 2 before, 16 update; who disabled them may enable them again
                     or exists (select 1 from pg_trigger t where t.tgrelid = i_table and t.tgtype & 19 = 19)
                then ''
                else ' of ' || string_agg(quote_ident(a.attname), ', ' order by a.attnum) end
      from pg_attribute a
     where a.attrelid = i_table
       and a.attname = any (i_key)
       and a.attnum > 0;
$$;
