create or replace function londiste._capture_update_of(i_table oid, i_key text[])
returns text
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
/*
 * londiste._capture_update_of(2) - the updates on which the trigger for changed keys must fire.
 *
 * Internal. A key changes only if a statement sets it or a BEFORE trigger does. Without such
 * triggers, the trigger does not fire for statements that set other columns, which is cheaper than
 * to compare the keys.
 *
 * Parameters:
 *   i_table   the local table
 *   i_key     its key columns
 * Returns:
 *   ' of COLUMN, ...', to follow "update"; empty: all updates
 */
    select case when bool_or(coalesce(to_jsonb(a) ->> 'attgenerated', '') <> '')
                     -- 1 row, 2 before, 16 update; a disabled one may be enabled again
                     or exists (select 1 from pg_trigger t
                                 where t.tgrelid = i_table and t.tgtype & 19 = 19)
                then ''
                else ' of ' || string_agg(quote_ident(a.attname), ', ' order by a.attnum) end
      from pg_attribute a
     where a.attrelid = i_table
       and a.attname = any (i_key)
       and a.attnum > 0;
$$;
