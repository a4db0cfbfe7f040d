create or replace function pgq_node.is_root_node(i_queue_name text)
returns boolean
language plpgsql
as $$
/*
 * pgq_node.is_root_node(1) - check whether this database is the root of the queue.
 *
 * Parameters:
 *   i_queue_name   name of the cascaded queue
 * Returns:
 *   true or false
 * Errors:
 *   queue does not exist (no local node)
 */
declare
    v_is_root boolean;
begin
    select n.node_type = 'root'
      into v_is_root
      from pgq_node.node_info n
     where n.queue_name = i_queue_name;
    if not found then
        raise exception 'queue does not exist: %', i_queue_name
            using errcode = 'undefined_object',
                  hint = 'This database is not a node of that queue.'
                         ' List its nodes: select * from pgq_node.node_info';
    end if;

    return v_is_root;
end;
$$;
