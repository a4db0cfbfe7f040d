create or replace function londiste.find_column_types(tbl text)
returns text
language sql
strict stable
as $$
/*
 * londiste.find_column_types(1) - which columns of a table are its key.
 *
 * Parameters:
 *   tbl   full name of the table
 * Returns:
 *   one letter per column, k for those of the primary key, v for others; '' for an unknown table
 */
    select coalesce(pg_catalog.string_agg(case when k.indrelid is null then 'v' else 'k' end, '' order by a.attnum), '')
      from pg_catalog.pg_attribute a
      left join pg_catalog.pg_index k
        on k.indrelid = a.attrelid and k.indisprimary
           -- from 11 on, indkey also lists the columns of include (...), behind those of the key
           and a.attnum = any ((k.indkey::smallint[])[0:array_length(k.indclass::oid[], 1) - 1])
     where a.attrelid = londiste.find_table_oid(tbl)
       and a.attnum > 0
       and not a.attisdropped;
$$;
