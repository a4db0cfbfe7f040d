create or replace function londiste._seq_follow(i_seq_name text, i_value bigint)
returns bigint
language plpgsql
as $$
/*
 * londiste._seq_follow(2) - move a sequence to a published value.
 *
 * A sequence moves in its own direction only, unless it cycles. A value outside its bounds moves it
 * to the bound: the root's sequence may have wider bounds, and Londiste publishes values that its
 * sequence never reaches. The published value itself is never returned here: the root may have
 * returned it.
 *
 * Parameters:
 *   i_seq_name   full name, unquoted
 *   i_value      published value
 * Returns:
 *   last value of the sequence afterwards
 * Errors:
 *   undefined_table (42P01), if the sequence does not exist
 * Calls:   pgq.quote_fqname, londiste._seq_settings
 */
declare
    v_now       bigint;
    v_called    boolean;
    v_value     bigint;
    s           record;
begin
    execute 'select last_value, is_called from ' || pgq.quote_fqname(i_seq_name)
       into v_now, v_called;
    select * into s from londiste._seq_settings(i_seq_name);
    v_value := least(greatest(i_value, s.min_value), s.max_value);
    if (v_value = v_now and not v_called)
        or (s.cycles and v_value <> v_now)
        or (s.increment > 0 and v_value > v_now)
        or (s.increment < 0 and v_value < v_now)
    then
        return pg_catalog.setval(pgq.quote_fqname(i_seq_name)::regclass, v_value);
    end if;
    return v_now;
end;
$$;
