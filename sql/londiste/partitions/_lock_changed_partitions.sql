create or replace function londiste._lock_changed_partitions(i_queue_name text)
returns void
language plpgsql
as $$
/*
 * londiste._lock_changed_partitions(1) - exclude writers of partitions until the transaction ends.
 *
 * Internal. These are new partitions; those that are gone, if they are tables still; and on a root,
 * if a partition is gone, the default partitions of its table. All are locked before anything is
 * done with one of them, so that writers of several partitions seldom are in the way.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 * Calls:   londiste._partition_changes, _partitioned_tables, _partitions, _has_triggers,
 *          pgq_node.is_root_node
 */
declare
    r           record;
begin
    for r in
        select quote_ident(n.nspname) || '.' || quote_ident(c.relname) as name,
               bool_or(p.change = 'gone') as is_gone
          from (select h.change, h.part
                  from londiste._partition_changes(i_queue_name) h
                 where h.change in ('gone', 'new')
                 union all
                select 'default', d.part
                  from londiste._partitioned_tables(i_queue_name) f
                  cross join lateral londiste._partitions(f.relation) d
                 where d.part_bound ~ E'\\mDEFAULT\\M'
                   and pgq_node.is_root_node(i_queue_name)
                   and exists (
                           select 1 from londiste._partition_changes(i_queue_name) g
                            where g.table_name = f.table_name and g.change = 'gone')) p
          join pg_catalog.pg_class c
            on c.oid = p.part and c.relkind = 'r'
               and (p.change = 'new' or londiste._has_triggers(i_queue_name, c.oid))
               -- what cannot be locked is reported when it is changed
               and has_table_privilege(c.oid, 'update, delete, truncate')
          join pg_catalog.pg_namespace n on n.oid = c.relnamespace
         group by c.oid, n.nspname, c.relname
         order by c.oid
    loop
        -- triggers of a former partition are dropped
        execute 'lock table only ' || r.name || ' in '
                || case when r.is_gone then 'access exclusive' else 'share row exclusive' end
                || ' mode';
    end loop;
end;
$$;
