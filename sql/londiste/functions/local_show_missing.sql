create or replace function londiste.local_show_missing(
    in i_queue_name text,
    out obj_kind text,
    out obj_name text)
returns setof record
language plpgsql
strict stable
as $$
/*
 * londiste.local_show_missing(1) - list tables and sequences that are not replicated here.
 *
 * On a root these are the objects of the database, elsewhere those that the queue knows.
 * Partitioned tables are never listed; their partitions are, unless the partitioned table was
 * added.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 * Returns:
 *   one row per object, kind r (table) or S (sequence, also of serial and identity columns)
 * Errors:
 *   queue does not exist (no local node)
 * Calls:   pgq_node.is_root_node
 */
begin
    if pgq_node.is_root_node(i_queue_name) then
        return query
        select c.relkind::text, n.nspname || '.' || c.relname
          from pg_catalog.pg_class c
          join pg_catalog.pg_namespace n on n.oid = c.relnamespace
         where c.relkind in ('r', 'S')
           and n.nspname not in ('pgq', 'pgq_ext', 'pgq_node', 'londiste',
                                 'pg_catalog', 'information_schema')
           and n.nspname !~ '^pg_(toast|temp)'
           and not exists (
                   select 1
                     from londiste.table_info t
                    where c.relkind = 'r'
                      and t.queue_name = i_queue_name
                      and t.local
                      and coalesce(t.dest_table, t.table_name) = n.nspname || '.' || c.relname)
           and not exists (
                   select 1
                     from londiste.partition_info p
                    where c.relkind = 'r'
                      and p.queue_name = i_queue_name
                      and p.part_name = n.nspname || '.' || c.relname)
           and not exists (
                   select 1
                     from londiste.seq_info s
                    where c.relkind = 'S'
                      and s.queue_name = i_queue_name
                      and s.local
                      and s.seq_name = n.nspname || '.' || c.relname)
         order by 1, 2;
    else
        return query
        select 'S'::text, s.seq_name
          from londiste.seq_info s
         where s.queue_name = i_queue_name
           and not s.local
         union all
        select 'r'::text, t.table_name
          from londiste.table_info t
         where t.queue_name = i_queue_name
           and not t.local
         order by 1, 2;
    end if;
end;
$$;
