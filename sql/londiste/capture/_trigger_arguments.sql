create or replace function londiste._trigger_arguments(i_arguments bytea)
returns text[]
language sql
strict stable
as $$
/*
 * londiste._trigger_arguments(1) - the arguments of a trigger.
 *
 * Internal.
 *
 * Parameters:
 *   i_arguments   tgargs of pg_trigger: each argument is followed by a zero byte
 * Returns:
 *   the arguments, in order
 */
    select array(
        select pg_catalog.convert_from(pg_catalog.decode(a.arg, 'escape'),
                                       pg_catalog.getdatabaseencoding())
          from pg_catalog.unnest(pg_catalog.string_to_array(
                                     pg_catalog.encode(i_arguments, 'escape'), E'\\000'))
                   with ordinality as a (arg, nr)
         -- behind the last zero byte there is nothing
         where a.nr < pg_catalog.cardinality(pg_catalog.string_to_array(
                          pg_catalog.encode(i_arguments, 'escape'), E'\\000'))
         order by a.nr);
$$;
