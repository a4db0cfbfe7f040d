create or replace function londiste._capture_same_key(i_table oid, i_key text[])
returns text
language sql
stable
as $$
/*
 * londiste._capture_same_key(2) - the condition, for WHEN of a trigger, that an update keeps a key.
 *
 * Internal. Values of most types count as the same when their texts are, byte by byte; comparing
 * whole rows (*=) would be shorter, but does not survive a dump.
 *
 * Parameters:
 *   i_table   the local table
 *   i_key     its key columns
 * Returns:
 *   SQL; null if i_key is null, empty or names columns that the table does not have
 */
    select pg_catalog.string_agg(pg_catalog.format(
               -- types whose values are equal exactly when they are the same: boolean, bytea,
               -- int8, int2, int4, oid, date, timestamp, timestamptz, uuid
               case when a.atttypid in (16, 17, 20, 21, 23, 26, 1082, 1114, 1184, 2950)
                    then case when a.attnotnull then 'old.%1$I operator(pg_catalog.=) new.%1$I'
                              else '(old.%1$I operator(pg_catalog.=) new.%1$I'
                                   ' or old.%1$I is null and new.%1$I is null)' end
                    else '(old.%1$I)::pg_catalog.text collate pg_catalog."C" is not distinct from'
                         ' (new.%1$I)::pg_catalog.text collate pg_catalog."C"'
               end, k.name), ' and ' order by k.nr)
      from pg_catalog.unnest(i_key) with ordinality as k (name, nr)
      join pg_catalog.pg_attribute a
        on a.attrelid = i_table and a.attname = k.name and a.attnum > 0
    having pg_catalog.count(*) = pg_catalog.cardinality(i_key);
$$;
