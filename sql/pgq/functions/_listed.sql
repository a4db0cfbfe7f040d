create or replace function pgq._listed(i_name text, i_list text)
returns boolean
language plpgsql
immutable strict
as $$
/*
 * pgq._listed(2) - is a column in the list of a trigger argument, ignore= or pkey=?
 *
 * The names in a list are not quoted, and commas or white space are between them. So a name
 * that has these itself is looked for as it is, not in the list's parts.
 *
 * Parameters:
 *   i_name   column
 *   i_list   list, as written
 * Returns:
 *   whether the name is there, with a separator or an end on both sides
 */
begin
    return i_list ~ (E'(^|[,\\s])'
        || pg_catalog.regexp_replace(i_name, E'([^A-Za-z0-9_[:space:]\\x80-\\U0010ffff])', E'\\\\\\1', 'g')
        || E'($|[,\\s])');
end;
$$;
