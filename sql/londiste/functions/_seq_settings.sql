create or replace function londiste._seq_settings(
    in i_seq_name text,
    out increment bigint,
    out min_value bigint,
    out max_value bigint,
    out cycles boolean)
language plpgsql
stable
as $$
/*
 * londiste._seq_settings(1) - return direction, bounds and cycle option of a sequence.
 *
 * Up to PostgreSQL 9.6 the sequence itself stores them.
 *
 * Parameters:
 *   i_seq_name   full name, unquoted
 * Returns:
 *   one row; all columns are null if the sequence does not exist
 * Calls:   londiste.find_seq_oid, londiste.quote_fqname
 */
declare
    v_oid constant oid := londiste.find_seq_oid(i_seq_name);
begin
    if v_oid is null then
        return;
    end if;
    if pg_catalog.to_regclass('pg_catalog.pg_sequence') is not null then
        execute 'select seqincrement, seqmin, seqmax, seqcycle'
                ' from pg_catalog.pg_sequence where seqrelid = $1'
           into increment, min_value, max_value, cycles
          using v_oid;
    else
        execute 'select increment_by, min_value, max_value, is_cycled from '
                || londiste.quote_fqname(i_seq_name)
           into increment, min_value, max_value, cycles;
    end if;
end;
$$;
