create or replace function londiste._capture_hash(i_arguments text[])
returns text
language sql
immutable
as $$
/*
 * londiste._capture_hash(1) - the expression by which events get the hash of a row in ev_extra3.
 *
 * Internal. Handler shard of this program and of Londiste reads 'hash=NUMBER' there. It is the only
 * expression that native capture evaluates.
 *
 * Parameters:
 *   i_arguments   arguments of a trigger
 * Returns:
 *   an expression of type text over the columns of the row; null: not found
 */
    select pg_catalog.substr(a.arg, 11)
      from pg_catalog.unnest(i_arguments) with ordinality as a (arg, nr)
     where a.arg like 'ev_extra3=''hash=''||%'
     order by a.nr
     limit 1;
$$;
