create or replace function londiste._shares_rows(i_queue_name text, i_table oid)
returns text
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
/*
 * londiste._shares_rows(2) - which other replicated table is a partition of this one, at any level,
 * or has it as one?
 *
 * Internal.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 *   i_table        a local table
 * Returns:
 *   full local name; null: not found
 */
    with recursive
        above (oid) as (
            select i_table
             union
            select p.oid
              from above a
              join pg_inherits i on i.inhrelid = a.oid
              join pg_class p on p.oid = i.inhparent and p.relkind = 'p'),
        below (oid) as (
            select i_table
             union
            select i.inhrelid
              from below b
              join pg_class p on p.oid = b.oid and p.relkind = 'p'
              join pg_inherits i on i.inhparent = b.oid)
    select min(n.nspname || '.' || c.relname)
      from (select oid from above union select oid from below) r
      join pg_class c on c.oid = r.oid
      join pg_namespace n on n.oid = c.relnamespace
      join londiste.table_info t
        on t.queue_name = i_queue_name
           and t.local
           and coalesce(t.dest_table, t.table_name) = n.nspname || '.' || c.relname
     where r.oid <> i_table;
$$;
