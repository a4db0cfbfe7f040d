create or replace function londiste._seq_follow(i_seq_name text, i_value bigint)
returns bigint
language plpgsql
as $$
/*
 * londiste._seq_follow(2) - move a sequence to a published value.
 *
 * A sequence moves in its own direction only, unless it cycles. A value outside its bounds moves it
 * to the bound: the root's sequence may have wider bounds, and Londiste publishes values that its
 * sequence never reaches.
 *
 * Parameters:
 *   i_seq_name   full name, unquoted
 *   i_value      published value
 * Returns:
 *   last value of the sequence afterwards
 * Errors:
 *   undefined_table (42P01), if the sequence does not exist
 * Calls:   pgq.seq_getval, londiste._seq_settings, pgq.quote_fqname
 */
declare
    v_now   constant bigint := pgq.seq_getval(i_seq_name);
    v_value bigint;
    s       record;
begin
    select * into s from londiste._seq_settings(i_seq_name);
    v_value := least(greatest(i_value, s.min_value), s.max_value);
    if (s.cycles and v_value <> v_now)
        or (s.increment > 0 and v_value > v_now)
        or (s.increment < 0 and v_value < v_now)
    then
        return pg_catalog.setval(pgq.quote_fqname(i_seq_name)::regclass, v_value);
    end if;
    return v_now;
end;
$$;
