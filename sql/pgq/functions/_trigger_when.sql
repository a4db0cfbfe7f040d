create or replace function pgq._trigger_when(i_rows text[])
returns boolean
language plpgsql
immutable
as $$
/*
 * pgq._trigger_when(1) - the result of a trigger's when= condition.
 *
 * Parameters:
 *   i_rows   rows of the expression: oid of its type, ':', value ('t', 'f', or empty for null)
 * Returns:
 *   whether to write the event
 * Errors:
 *   datatype_mismatch, raise_exception   not exactly one row, not a boolean, or null
 * Calls:   pgq._trigger_value
 */
declare
    v_row text := pgq._trigger_value(i_rows);
begin
    case v_row
        when '16:t' then return true;
        when '16:f' then return false;
        when '16:' then raise exception 'when= should not be NULL';
        else
            raise exception 'when= query result must be boolean, got=%',
                pg_catalog.split_part(v_row, ':', 1)
                using errcode = 'datatype_mismatch';
    end case;
end;
$$;
