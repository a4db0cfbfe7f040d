create or replace function londiste.find_column_types(tbl text)
returns text
language sql
strict stable
as $$
/*
 * londiste.find_column_types(1) - return which columns of a table belong to its primary key.
 *
 * Parameters:
 *   tbl   full name of the table
 * Returns:
 *   one letter per column, k for those of the primary key, v for others; '' for an unknown table
 * Calls:   londiste.find_table_oid
 */
    select coalesce(
               pg_catalog.string_agg(case when k.indrelid is null then 'v' else 'k' end, ''
                                     order by a.attnum), '')
      from pg_catalog.pg_attribute a
      left join pg_catalog.pg_index k
        on k.indrelid = a.attrelid and k.indisprimary
           -- since PostgreSQL 11 indkey also lists the columns of include (...), after the key's
           and a.attnum = any ((k.indkey::smallint[])[0:array_length(k.indclass::oid[], 1) - 1])
     where a.attrelid = londiste.find_table_oid(tbl)
       and a.attnum > 0
       and not a.attisdropped;
$$;
