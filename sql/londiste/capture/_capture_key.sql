create or replace function londiste._capture_key(i_table oid, i_key text)
returns text[]
language sql
stable
as $$
/*
 * londiste._capture_key(2) - key columns of a table, for its events.
 *
 * Internal.
 *
 * Parameters:
 *   i_table   the local table
 *   i_key     names joined by comma; null: those of the primary key
 * Returns:
 *   column names, in the order of the key; null if there is no such key
 */
    select case when count(a.attnum) = count(*) then array_agg(k.name order by k.nr) end
      from (select u.name, u.nr
              from pg_catalog.unnest(pg_catalog.string_to_array(i_key, ','))
                       with ordinality as u (name, nr)
            union all
            select p.attname::text, u.nr
              from pg_catalog.pg_constraint c
              cross join lateral pg_catalog.unnest(c.conkey) with ordinality as u (attnum, nr)
              join pg_catalog.pg_attribute p on p.attrelid = c.conrelid and p.attnum = u.attnum
             where c.conrelid = i_table
               and c.contype = 'p'
               and i_key is null) k
      left join pg_catalog.pg_attribute a
        on a.attrelid = i_table and a.attname = k.name and a.attnum > 0;
$$;
