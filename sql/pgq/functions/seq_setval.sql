create or replace function pgq.seq_setval(i_seq_name text, i_new_value bigint)
returns bigint
language plpgsql
strict
as $$
/*
 * pgq.seq_setval(2) - raise a sequence to a value; never lower it.
 *
 * Parameters:
 *   i_seq_name    unquoted name
 *   i_new_value   value to reach
 * Returns:
 *   last value of the sequence afterwards
 * Calls:   pgq.seq_getval, pgq.quote_fqname
 */
declare
    v_value bigint := pgq.seq_getval(i_seq_name);
begin
    if i_new_value > v_value then
        return pg_catalog.setval(pgq.quote_fqname(i_seq_name)::regclass, i_new_value);
    end if;
    return v_value;
end;
$$;
