create or replace function pgq_node.upgrade_schema()
returns integer
language plpgsql
as $$
/*
 * pgq_node.upgrade_schema(0) - bring tables of an older installation up to date.
 *
 * Returns:
 *   number of changes made, 0 if there were none
 * Writes:  definition of pgq_node.node_info
 */
declare
    v_changes   integer := 0;
begin
    if not exists (
        select 1
          from pg_catalog.pg_attribute a
         where a.attrelid = 'pgq_node.node_info'::regclass
           and a.attname = 'node_attrs'
           and not a.attisdropped
    ) then
        alter table pgq_node.node_info add column node_attrs text;
        v_changes := v_changes + 1;
    end if;

    return v_changes;
end;
$$;
