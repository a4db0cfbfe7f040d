create or replace function londiste.get_valid_pending_fkeys(i_queue_name text)
returns setof londiste.pending_fkeys
language plpgsql
strict stable
as $$
/*
 * londiste.get_valid_pending_fkeys(1) - list the dropped foreign keys that a worker should restore.
 *
 * Both tables must be in sync in all queues that write to them. Of the workers of these queues,
 * exactly one restores the key: the one that writes the data last.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 * Returns:
 *   one row per foreign key
 */
declare
    v_fkey      londiste.pending_fkeys;
    v_from      integer;
    v_to        integer;
    v_unsynced  integer;
    v_mine      integer;
    v_owner     text;
begin
    for v_fkey in
        select p.*
          from londiste.pending_fkeys p
         order by p.from_table, p.to_table, p.fkey_name
    loop
        select count(case when q.dest = v_fkey.from_table then 1 end),
               count(case when q.dest = v_fkey.to_table then 1 end),
               count(case when q.merge_state is distinct from 'ok'
                               or q.custom_snapshot is not null then 1 end),
               count(case when q.queue_name = i_queue_name then 1 end),
               -- On a combined root the worker of a part queue writes last, on a combined branch
               -- the worker of the combined queue.
               coalesce(min(case when q.combined_type = 'root' then q.queue_name end),
                        min(case when q.combined_type = 'branch' then q.combined_queue end),
                        min(q.queue_name))
          into v_from, v_to, v_unsynced, v_mine, v_owner
          from (select t.queue_name, coalesce(t.dest_table, t.table_name) as dest,
                       t.merge_state, t.custom_snapshot,
                       n.combined_queue, c.node_type as combined_type
                  from londiste.table_info t
                  join pgq_node.node_info n on n.queue_name = t.queue_name
                  left join pgq_node.node_info c on c.queue_name = n.combined_queue
                 where t.local
                   and coalesce(t.dest_table, t.table_name)
                       in (v_fkey.from_table, v_fkey.to_table)) q;

        if v_from > 0 and v_to > 0 and v_unsynced = 0 and v_mine > 0 and v_owner = i_queue_name then
            return next v_fkey;
        end if;
    end loop;
end;
$$;
