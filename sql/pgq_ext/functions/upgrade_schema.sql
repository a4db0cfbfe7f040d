create or replace function pgq_ext.upgrade_schema()
returns integer
language plpgsql
as $$
/*
 * pgq_ext.upgrade_schema(0) - bring tables of an older installation up to date.
 *
 * Returns:
 *   0; there is nothing to do in this version
 */
begin
    return 0;
end;
$$;
