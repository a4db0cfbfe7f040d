create or replace function pgq_node.rename_node(
    in i_queue_name text,
    in i_old_name text,
    in i_new_name text,
    out ret_code integer,
    out ret_note text)
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_node.rename_node(3) - store everything that this database has of a node under its new name.
 *
 * To be called on every member. Concerns the local node itself, the provider of local consumers,
 * and a subscriber with its watermark and gravestone. The location of the old name stays until
 * unregister_location() is called: another member may still refer to it.
 *
 * Parameters:
 *   i_queue_name   name of the cascaded queue
 *   i_old_name     the node
 *   i_new_name     its new name
 * Returns:
 *   100  nothing here refers to the old name
 *   200  renamed; consumers that read from the node set uptodate when they have seen it
 *   404  no node of this queue here, or neither name is a known member
 * Calls:   pgq.register_consumer_at, pgq.unregister_consumer
 * Writes:  pgq_node.node_location, pgq_node.node_info, pgq_node.local_state,
 *          pgq_node.subscriber_info
 */
declare
    v_node_type     text;
    v_consumer      record;
    v_renamed       boolean;
begin
    select n.node_type
      into v_node_type
      from pgq_node.node_info n
     where n.queue_name = i_queue_name;
    if not found then
        ret_code := 404;
        ret_note := 'Unknown queue: ' || i_queue_name;
        return;
    end if;

    -- In the order of the other transactions: on a root the watermark locks the node first, below
    -- it a batch locks the position of the worker first.
    if v_node_type = 'root' then
        perform 1 from pgq_node.node_info n where n.queue_name = i_queue_name for update;
    end if;
    perform 1
       from pgq_node.local_state s
      where s.queue_name = i_queue_name
        and s.provider_node = i_old_name
      order by s.consumer_name
        for update;
    perform 1 from pgq_node.node_info n where n.queue_name = i_queue_name for update;

    insert into pgq_node.node_location (queue_name, node_name, node_location, dead)
    select l.queue_name, i_new_name, l.node_location, l.dead
      from pgq_node.node_location l
     where l.queue_name = i_queue_name
       and l.node_name = i_old_name
        on conflict do nothing;
    perform 1
       from pgq_node.node_location l
      where l.queue_name = i_queue_name
        and l.node_name = i_new_name;
    if not found then
        ret_code := 404;
        ret_note := 'Node not found: ' || i_old_name;
        return;
    end if;

    update pgq_node.node_info as n
       set node_name = i_new_name
     where n.queue_name = i_queue_name
       and n.node_name = i_old_name;
    v_renamed := found;

    update pgq_node.local_state as s
       set provider_node = i_new_name,
           uptodate = false
     where s.queue_name = i_queue_name
       and s.provider_node = i_old_name;
    v_renamed := v_renamed or found;

    for v_consumer in
        select n.old_name, n.new_name, s.sub_last_tick as tick
          from (values ('.' || i_old_name || '.watermark', '.' || i_new_name || '.watermark'),
                       (i_old_name || '.gravestone', i_new_name || '.gravestone')
               ) n (old_name, new_name)
          join pgq.consumer c on c.co_name = n.old_name
          join pgq.subscription s on s.sub_consumer = c.co_id
          join pgq.queue q on q.queue_id = s.sub_queue
         where q.queue_name = i_queue_name
    loop
        perform pgq.register_consumer_at(i_queue_name, v_consumer.new_name, v_consumer.tick);
        -- first the row that references the consumer
        update pgq_node.subscriber_info as s
           set subscriber_node = i_new_name,
               worker_name = case when s.worker_name = v_consumer.old_name
                                  then v_consumer.new_name else s.worker_name end,
               watermark_name = case when s.watermark_name = v_consumer.old_name
                                     then v_consumer.new_name else s.watermark_name end
         where s.queue_name = i_queue_name
           and s.subscriber_node in (i_old_name, i_new_name);
        perform pgq.unregister_consumer(i_queue_name, v_consumer.old_name);
        v_renamed := true;
    end loop;

    if v_renamed then
        ret_code := 200;
        ret_note := 'Node ' || i_old_name || ' renamed to ' || i_new_name;
    else
        ret_code := 100;
        ret_note := 'Nothing to rename: ' || i_old_name;
    end if;
end;
$$;
