create or replace function londiste._release_dropped_ddl(
    in i_queue_name text,
    in i_table_name text,
    in i_restore boolean)
returns void
language plpgsql
as $$
/*
 * londiste._release_dropped_ddl(3) - a table is removed while its copy has dropped its structure.
 *
 * Internal. If other part queues are being copied to the same local table, one of them gets the
 * statements, and restores the structure when all are copied. Otherwise the copy is not complete,
 * and its rows may violate the constraints: the table is truncated and its structure restored.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 *   i_table_name   full name of the table
 *   i_restore      false: restore only the structure that a copy in several streams has dropped
 * Calls:   londiste._table_oid, londiste.quote_fqname
 * Writes:  londiste.table_info (one row of another queue)
 */
declare
    v_dest      text;
    v_ddl       text;
    v_heir      text;
begin
    select coalesce(t.dest_table, t.table_name), t.dropped_ddl
      into v_dest, v_ddl
      from londiste.table_info t
     where t.queue_name = i_queue_name
       and t.table_name = i_table_name
       and t.local;
    if v_ddl is null or londiste._table_oid(v_dest) is null then
        return;
    end if;

    if v_ddl not like '/* split copy */%' then
        select t.queue_name
          into v_heir
          from londiste.table_info t
          join pgq_node.node_info n on n.queue_name = t.queue_name
          join pgq_node.node_info o on o.queue_name = i_queue_name
         where t.queue_name <> i_queue_name
           and t.local
           and coalesce(t.dest_table, t.table_name) = v_dest
           and n.combined_queue is not distinct from o.combined_queue
           and t.merge_state in ('in-copy', 'catching-up')
         order by t.queue_name
         limit 1
           for update of t;
        if found then
            update londiste.table_info as t
               set dropped_ddl = v_ddl
             where t.queue_name = v_heir
               and t.local
               and coalesce(t.dest_table, t.table_name) = v_dest;
            return;
        end if;
        if not i_restore then
            return;
        end if;
    end if;

    execute 'truncate '
            || case when londiste.find_rel_oid(v_dest, 'p') is null then 'only ' else '' end
            || londiste.quote_fqname(v_dest);
    execute v_ddl;
end;
$$;
