create or replace function londiste._seq_publish(
    i_seq_name text,
    i_published bigint,
    i_buffer bigint)
returns bigint
language plpgsql
as $$
/*
 * londiste._seq_publish(3) - return the value of a sequence that the root has to publish now.
 *
 * 1. Claim: the published value is ahead of the sequence, in its direction, by three times the
 *    buffer or three increments, whichever is more.
 *    Why: a node that takes over must not return a value twice.
 * 2. Claim: near the last value of the sequence, half of the rest remains unpublished.
 *    Why: a node that takes over still needs values.
 * 3. Claim: it differs from the current value by a whole number of increments.
 *    Why: the sequence of the other nodes must return the same series of values.
 * 4. Claim: a sequence that cycles is ahead by at most a quarter of its range, across its end if
 *    necessary.
 *    Why: a larger distance cannot be distinguished from a sequence that was set.
 * Test: contract.londiste.RootCheckSeqsIT.
 *
 * Parameters:
 *   i_seq_name    full name of an existing sequence, unquoted
 *   i_published   value that was published last
 *   i_buffer      distance in values; the next value is published if less is left
 * Returns:
 *   value to publish; null if the published one is far enough ahead
 * Calls:   pgq.seq_getval, londiste._seq_settings
 */
declare
    v_value         constant numeric := pgq.seq_getval(i_seq_name);
    s               record;
    v_step          numeric;
    v_direction     integer;
    v_max_target    numeric;
    v_target        numeric; -- distance of the next published value
    v_distance      numeric; -- distance of the last published value
    v_publish       numeric;
    v_overshoot     numeric;
begin
    select * into s from londiste._seq_settings(i_seq_name);
    v_direction := pg_catalog.sign(s.increment);
    v_step := pg_catalog.abs(s.increment::numeric);

    v_max_target := case when s.cycles then pg_catalog.div(s.max_value::numeric - s.min_value, 4)
                         when v_direction > 0 then pg_catalog.div(s.max_value - v_value, 2)
                         else pg_catalog.div(v_value - s.min_value, 2) end;
    v_target := pg_catalog.ceil(greatest(3 * i_buffer::numeric, 3 * v_step) / v_step) * v_step;
    if v_target > v_max_target then
        v_target := pg_catalog.div(v_max_target, v_step) * v_step;
    end if;

    v_distance := v_direction * (i_published - v_value);
    if s.cycles then
        if v_distance < 0 then
            v_distance := v_distance + (s.max_value::numeric - s.min_value + 1);
        end if;
        if v_distance > v_target or i_published not between s.min_value and s.max_value then
            v_distance := -1; -- the sequence has cycled, or was set
        end if;
    end if;
    if v_distance > least(greatest(i_buffer::numeric, v_step), pg_catalog.div(v_target, 3)) then
        return null;
    end if;

    v_publish := v_value + v_direction * v_target;
    if s.cycles then
        v_overshoot := case when v_direction > 0 then v_publish - s.max_value
                            else s.min_value - v_publish end;
        if v_overshoot > 0 then
            v_overshoot := (pg_catalog.ceil(v_overshoot / v_step) - 1) * v_step;
            v_publish := case when v_direction > 0 then s.min_value + v_overshoot
                              else s.max_value - v_overshoot end;
        end if;
    end if;
    return nullif(v_publish, i_published)::bigint;
end;
$$;
