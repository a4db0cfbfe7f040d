create or replace function londiste._find_key(i_table_name text, i_columns text[])
returns text
language sql
stable
as $$
/*
 * londiste._find_key(2) - columns of a table that identify its rows, other than the primary key.
 *
 * Internal. These are the columns of a unique index, all of them not null; the index is not
 * partial, not over expressions, not deferrable.
 *
 * Parameters:
 *   i_table_name   full name of the table
 *   i_columns      only indexes over these columns; null: any index
 * Returns:
 *   column names joined by comma, of the index with the fewest; null if there is none
 */
    select k.columns
      from (select pg_catalog.string_agg(a.attname::text, ',' order by u.nr) as columns,
                   pg_catalog.count(*) as ncolumns,
                   pg_catalog.bool_and(a.attnotnull) as usable,
                   pg_catalog.array_agg(a.attname::text) as names
              from pg_catalog.pg_index i
              -- from 11 on, indkey also lists the columns of include (...)
              cross join lateral pg_catalog.unnest(i.indkey::smallint[])
                  with ordinality as u (attnum, nr)
              join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = u.attnum
             where i.indrelid = londiste._table_oid(i_table_name)
               and i.indisunique
               and i.indimmediate
               and i.indisvalid
               and i.indpred is null
               and i.indexprs is null
               and not i.indisprimary
               and u.nr <= pg_catalog.array_length(i.indclass::oid[], 1)
             group by i.indexrelid) k
     where k.usable
       and (i_columns is null or k.names <@ i_columns)
     order by k.ncolumns, k.columns
     limit 1;
$$;
