create or replace function londiste._partitions(i_table oid)
returns table (part oid, part_name text, part_bound text)
language plpgsql
stable
-- so that bounds are always written in the same way
set search_path = pg_catalog, pg_temp
set DateStyle = 'ISO, MDY'
set IntervalStyle = postgres
set bytea_output = hex
set extra_float_digits = 3
as $$
/*
 * londiste._partitions(1) - the partitions of a table that store its rows.
 *
 * Internal.
 *
 * Parameters:
 *   i_table   a table; if it is not partitioned, it has none
 * Returns: a row for each partition that is an ordinary table, at any level
 *   part         the partition
 *   part_name    its full name
 *   part_bound   for which values it is, with the bounds of the partitions above it; the text is
 *                the same as long as they are
 */
begin
    perform 1 from pg_class c where c.oid = i_table and c.relkind = 'p';
    if not found then
        return;
    end if;
    return query
    with recursive tree (oid, relkind, bound) as (
        select i_table, 'p'::"char", null::text
        union all
        select c.oid, c.relkind,
               concat_ws(', ', t.bound, pg_get_expr(c.relpartbound, c.oid)) collate "default"
          from tree t
          join pg_inherits i on i.inhparent = t.oid
          join pg_class c on c.oid = i.inhrelid
         where t.relkind = 'p'
           and coalesce(to_jsonb(i) ->> 'inhdetachpending', 'false') = 'false')
    select t.oid, n.nspname::text || '.' || c.relname::text, t.bound
      from tree t
      join pg_class c on c.oid = t.oid
      join pg_namespace n on n.oid = c.relnamespace
     where t.relkind = 'r'
     order by n.nspname, c.relname;
end;
$$;
