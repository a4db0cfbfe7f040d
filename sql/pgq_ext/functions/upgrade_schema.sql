create or replace function pgq_ext.upgrade_schema()
returns integer
language plpgsql
as $$
/*
 * pgq_ext.upgrade_schema(0) - bring tables of an older installation up to date.
 *
 * Returns:
 *   0; this version has no changes to make
 */
begin
    return 0;
end;
$$;
