create or replace function londiste._add_table_options(
    in i_trg_args text[],
    in i_table_attrs text,
    out attrs text,
    out expect_sync boolean,
    out merge_all boolean,
    out no_merge boolean,
    out is_virtual boolean,
    out key text)
language plpgsql
immutable
as $$
/*
 * londiste._add_table_options(2) - the options that londiste.local_add_table honours itself.
 *
 * Internal.
 *
 * Parameters:
 *   i_trg_args      the options, see londiste.local_add_table
 *   i_table_attrs   urlencoded dictionary for the worker
 * Returns:
 *   attrs                            i_table_attrs with what options add to it
 *   expect_sync, merge_all, no_merge these options
 *   is_virtual                       option virtual_table
 *   key                              value of pkey=; null if it is not given
 */
declare
    v_arg       text;
begin
    attrs := i_table_attrs;
    is_virtual := coalesce('virtual_table' = any (i_trg_args), false);
    expect_sync := is_virtual or coalesce('expect_sync' = any (i_trg_args), false);
    merge_all := coalesce('merge_all' = any (i_trg_args), false);
    no_merge := coalesce('no_merge' = any (i_trg_args), false);
    foreach v_arg in array coalesce(i_trg_args, array[]::text[]) loop
        if v_arg = 'skip_truncate' then
            attrs := coalesce(nullif(attrs, '') || '&', '') || 'skip_truncate=1';
        elsif v_arg like 'pkey=%' then
            key := substr(v_arg, length('pkey=') + 1);
        end if;
    end loop;
end;
$$;
