create or replace function londiste.split_fqname(
    in i_fqname text,
    out schema_part text,
    out name_part text)
language plpgsql
strict immutable
as $$
/*
 * londiste.split_fqname(1) - split a full name into schema and name.
 *
 * Parameters:
 *   i_fqname   name; the part before the first dot is the schema, public if there is no dot
 * Returns:
 *   schema_part, name_part; unquoted
 */
declare
    v_dot   integer := pg_catalog.strpos(i_fqname, '.');
begin
    if v_dot > 0 then
        schema_part := pg_catalog.left(i_fqname, v_dot - 1);
        name_part := pg_catalog.substr(i_fqname, v_dot + 1);
    else
        schema_part := 'public';
        name_part := i_fqname;
    end if;
end;
$$;
