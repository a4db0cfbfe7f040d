create or replace function londiste._row_tables(i_table oid)
returns setof oid
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
/*
 * londiste._row_tables(1) - the tables that store the rows of a table.
 *
 * Internal. Triggers for row changes belong on these.
 *
 * Parameters:
 *   i_table   a table; null: none
 * Returns:
 *   the table itself; of a partitioned one, the partitions at the lowest level that are ordinary
 *   tables
 */
    with recursive tree (oid, relkind) as (
        select c.oid, c.relkind
          from pg_class c
         where c.oid = i_table
        union all
        select c.oid, c.relkind
          from tree t
          join pg_inherits i on i.inhparent = t.oid
          join pg_class c on c.oid = i.inhrelid
         where t.relkind = 'p'
           -- its rows are not those of the parent any longer
           and coalesce(to_jsonb(i) ->> 'inhdetachpending', 'false') = 'false')
    select t.oid
      from tree t
     where t.relkind = 'r'
     order by t.oid;
$$;
