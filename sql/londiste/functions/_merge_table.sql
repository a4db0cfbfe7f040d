create or replace function londiste._merge_table(
    in i_queue_name text,
    in i_dest_table text,
    in i_description text,
    in i_merge_all boolean,
    in i_state text,
    in i_table_attrs text,
    out ret_code integer,
    out ret_note text)
language plpgsql
as $$
/*
 * londiste._merge_table(6) - take a table of a merge leaf from its other part queues, too.
 *
 * Internal. The other queues are those of the same combined queue that know a table which is the
 * same one here.
 *
 * Parameters:
 *   i_queue_name    the queue to which the table was added
 *   i_dest_table    full name of the local table
 *   i_description   what the note calls the table
 *   i_merge_all     take it from all queues
 *   i_state         merge_state of the table; null: it is going to be copied
 *   i_table_attrs   attributes of the table; null: leave them
 * Returns:
 *   null  done, or there are no others
 *   405   the table comes from another queue already, or could come from several
 * Writes:  londiste.table_info
 */
declare
    r           record;
begin
    for r in
        select t.queue_name, t.table_name, t.local, n.node_type
          from londiste.table_info t
          join pgq_node.node_info n on n.queue_name = t.queue_name
          join pgq_node.node_info o on o.queue_name = i_queue_name
         where t.queue_name <> i_queue_name
           and n.combined_queue is not distinct from o.combined_queue
           and coalesce(t.dest_table, t.table_name) = i_dest_table
         order by t.queue_name
           for update of t
    loop
        if r.local and i_state is null then
            ret_code := 405;
            ret_note := 'Found local table ' || i_description || ' in queue ' || r.queue_name
                        || ', use remove-table first to remove all previous table subscriptions';
            return;
        end if;
        if not i_merge_all and i_state is null then
            ret_code := 405;
            ret_note := 'Found multiple sources for table ' || i_description
                        || ', use merge-all or no-merge to continue';
            return;
        end if;
        -- tables that a root or branch writes to its own queue are not copied
        if r.node_type = 'leaf' then
            update londiste.table_info as t
               set local = true,
                   merge_state = i_state,
                   table_attrs = coalesce(i_table_attrs, t.table_attrs)
             where t.queue_name = r.queue_name
               and t.table_name = r.table_name;
        end if;
    end loop;
end;
$$;
