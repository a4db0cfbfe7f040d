create or replace function pgq.seq_getval(i_seq_name text)
returns bigint
language plpgsql
strict
as $$
/*
 * pgq.seq_getval(1) - return the last value of a sequence, without advancing it.
 *
 * Parameters:
 *   i_seq_name   unquoted name
 * Returns:
 *   last value; the start value of a sequence that was never used
 * Calls:   pgq.quote_fqname
 */
declare
    v_value bigint;
begin
    execute 'select last_value from ' || pgq.quote_fqname(i_seq_name) into v_value;
    return v_value;
end;
$$;
