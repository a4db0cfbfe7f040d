create or replace function londiste._capture_settings(i_table oid)
returns text[]
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
/*
 * londiste._capture_settings(1) - settings that a capture function needs to write values without
 * loss.
 *
 * Internal. Each costs time in every call of the function, so these are only the settings that the
 * types of the table's columns need.
 *
 * Parameters:
 *   i_table   the local table
 * Returns:
 *   'name=value', as in pg_proc.proconfig
 */
    select array(
        select s.setting
          from (values
                   ('extra_float_digits=3', array[700, 701]),
                   ('DateStyle=ISO, MDY', array[]::integer[]),
                   ('IntervalStyle=postgres', array[1186]),
                   ('bytea_output=hex', array[17]),
                   -- decides how many digits there are; the sessions of workers have the same
                   ('lc_monetary=C', array[790]),
                   -- a name of an object is written without its schema if the path has it
                   ('search_path=pg_catalog, pg_temp',
                    array[2202, 2203, 2204, 2205, 2206, 4089, 4096, 3734, 3769, 4191]))
               as s (setting, types)
         where exists (
                   select 1
                     from pg_attribute a
                     join pg_type t on t.oid = a.atttypid
                    where a.attrelid = i_table
                      and a.attnum > 0
                      and not a.attisdropped
                      and (t.oid = any (s.types::oid[])
                           -- made of others: arrays, domains, composites, ranges, types of users
                           or t.typtype <> 'b' and t.typtype <> 'e'
                           or t.typelem <> 0 and t.typlen = -1
                              and t.typelem not in (16, 18, 19, 20, 21, 23, 25, 26, 1042, 1043,
                                                    1700, 2950)
                           or t.oid >= 16384 and t.typtype = 'b' and t.typelem = 0))
         order by s.setting);
$$;
