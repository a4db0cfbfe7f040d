create or replace function londiste.find_table_fkeys(i_table_name text)
returns setof londiste.pending_fkeys
language sql
strict stable
-- pg_get_constraintdef qualifies names as the search path requires. Another session runs the
-- statement later, so the names must be full.
set search_path = pg_catalog, pg_temp
as $$
/*
 * londiste.find_table_fkeys(1) - list the foreign keys from or to a table.
 *
 * Keys that a partition inherits from its partitioned table are omitted: they cannot be dropped
 * separately.
 *
 * Parameters:
 *   i_table_name   table, schema public by default
 * Returns:
 *   one row per foreign key; fkey_def is the statement that creates it, and a second one for its
 *   comment, if any
 * Calls:   londiste.find_table_oid, londiste.make_fqname, londiste.find_rel_oid
 */
    select (fn.nspname || '.' || fc.relname)::text,
           (tn.nspname || '.' || tc.relname)::text,
           c.conname::text,
           'alter table '
           -- "only" is not accepted for a foreign key of a partitioned table
           || case when fc.relkind = 'p' then '' else 'only ' end
           || quote_ident(fn.nspname) || '.' || quote_ident(fc.relname)
           || ' add constraint ' || quote_ident(c.conname) || ' ' || pg_get_constraintdef(c.oid)
           || coalesce(E';\ncomment on constraint ' || quote_ident(c.conname)
                       || ' on ' || quote_ident(fn.nspname) || '.' || quote_ident(fc.relname)
                       || ' is ' || quote_literal(obj_description(c.oid, 'pg_constraint')), '')
      from pg_constraint c
      join pg_class fc on fc.oid = c.conrelid
      join pg_namespace fn on fn.oid = fc.relnamespace
      join pg_class tc on tc.oid = c.confrelid
      join pg_namespace tn on tn.oid = tc.relnamespace
     where c.contype = 'f'
       and c.coninhcount = 0
       and coalesce(londiste.find_table_oid(londiste.make_fqname(i_table_name)),
                    londiste.find_rel_oid(londiste.make_fqname(i_table_name), 'p'))
           in (c.conrelid, c.confrelid)
     order by 1, 2, 3;
$$;
