create or replace function pgq._trigger_value(i_rows text[])
returns text
language plpgsql
immutable
as $$
/*
 * pgq._trigger_value(1) - the value of an expression that is an argument of a trigger.
 *
 * Parameters:
 *   i_rows   rows of the expression
 * Returns:
 *   the value
 * Errors:
 *   raise_exception   not exactly one row
 */
begin
    if pg_catalog.cardinality(i_rows) <> 1 then
        raise exception 'Expect 1 row from override query, got %', pg_catalog.cardinality(i_rows);
    end if;
    return i_rows[1];
end;
$$;
