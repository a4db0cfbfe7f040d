create or replace function pgq._trigger_value(i_rows text[])
returns text
language plpgsql
immutable
as $$
/*
 * pgq._trigger_value(1) - the value of a trigger argument's expression.
 *
 * Parameters:
 *   i_rows   what the expression gave
 * Returns:
 *   its value; not exactly one row is an error
 */
begin
    if pg_catalog.cardinality(i_rows) <> 1 then
        raise exception 'Expect 1 row from override query, got %', pg_catalog.cardinality(i_rows);
    end if;
    return i_rows[1];
end;
$$;
