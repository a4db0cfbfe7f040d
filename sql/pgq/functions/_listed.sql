create or replace function pgq._listed(i_name text, i_list text)
returns boolean
language plpgsql
immutable strict
as $$
/*
 * pgq._listed(2) - check whether a column is in the list of a trigger argument, ignore= or pkey=.
 *
 * The names in a list are not quoted; commas or white space separate them. A name that contains a
 * separator is therefore searched in the whole list, not in its parts.
 *
 * Parameters:
 *   i_name   column
 *   i_list   list, as written
 * Returns:
 *   true if the name is there, with a separator or an end of the list on both sides
 */
begin
    return i_list ~ (E'(^|[,\\s])'
        || pg_catalog.regexp_replace(
            i_name, E'([^A-Za-z0-9_[:space:]\\x80-\\U0010ffff])', E'\\\\\\1', 'g')
        || E'($|[,\\s])');
end;
$$;
