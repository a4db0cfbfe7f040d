-- Schema pgq_node: nodes, positions and subscribers of the cascades that this database belongs to.
--
-- Foreign keys of several columns have explicit names: before PostgreSQL 12 the server would
-- generate others.

create schema if not exists pgq_node;

-- All known members of a cascade. node_location is a libpq connect string that the other
-- nodes can use.
create table if not exists pgq_node.node_location (
    queue_name          text    not null,
    node_name           text    not null,
    node_location       text    not null,
    dead                boolean not null default false,

    primary key (queue_name, node_name)
);

-- The node that this database is, per queue.
create table if not exists pgq_node.node_info (
    queue_name          text not null,
    node_type           text not null,
    node_name           text not null,
    worker_name         text,
    combined_queue      text,
    node_attrs          text,

    primary key (queue_name),
    constraint node_info_queue_name_node_name_fkey
        foreign key (queue_name, node_name)
        references pgq_node.node_location (queue_name, node_name),
    check (node_type in ('root', 'branch', 'leaf')),
    constraint node_info_check check (
        case when node_type = 'root' then worker_name is not null and combined_queue is null
             when node_type = 'branch' then worker_name is not null and combined_queue is null
             when node_type = 'leaf' then worker_name is not null
             else false end)
);

-- Position of every cascaded consumer (the node's worker, and others) that writes into this
-- database.
create table if not exists pgq_node.local_state (
    queue_name          text    not null,
    consumer_name       text    not null,
    provider_node       text    not null,
    last_tick_id        bigint  not null,
    cur_error           text,
    paused              boolean not null default false,
    uptodate            boolean not null default false,

    primary key (queue_name, consumer_name),
    foreign key (queue_name) references pgq_node.node_info (queue_name),
    constraint local_state_queue_name_provider_node_fkey
        foreign key (queue_name, provider_node)
        references pgq_node.node_location (queue_name, node_name)
);

-- Position of a consumer inside a tick: a tick too large for a single transaction is applied in
-- parts. Of the events after prev_tick_id up to tick_id, in their order, those up to last_event_id
-- are applied. The row is valid while prev_tick_id is the consumer's last_tick_id. Not part of PgQ.
create table if not exists pgq_node.tick_part (
    queue_name          text        not null,
    consumer_name       text        not null,
    prev_tick_id        bigint      not null,
    tick_id             bigint      not null,
    last_event_id       bigint      not null,
    applied             timestamptz not null default now(),

    primary key (queue_name, consumer_name),
    constraint tick_part_queue_name_consumer_name_fkey
        foreign key (queue_name, consumer_name)
        references pgq_node.local_state (queue_name, consumer_name) on delete cascade
);

-- Subscribers: the nodes that read from this one.
create table if not exists pgq_node.subscriber_info (
    queue_name          text not null,
    subscriber_node     text not null,
    worker_name         text not null,
    watermark_name      text not null,

    primary key (queue_name, subscriber_node),
    foreign key (queue_name) references pgq_node.node_info (queue_name),
    constraint subscriber_info_queue_name_subscriber_node_fkey
        foreign key (queue_name, subscriber_node)
        references pgq_node.node_location (queue_name, node_name),
    foreign key (worker_name) references pgq.consumer (co_name),
    foreign key (watermark_name) references pgq.consumer (co_name)
);

-- Rename the keys that release 1.0.0 created without explicit names.
do $$
declare
    v_fkey record;
begin
    for v_fkey in
        select n.tbl, n.old_name, n.new_name
            from (values
                ('pgq_node.node_info', 'node_info_queue_name_fkey',
                    'node_info_queue_name_node_name_fkey'),
                ('pgq_node.local_state', 'local_state_queue_name_fkey1',
                    'local_state_queue_name_provider_node_fkey'),
                ('pgq_node.subscriber_info', 'subscriber_info_queue_name_fkey1',
                    'subscriber_info_queue_name_subscriber_node_fkey')
            ) n (tbl, old_name, new_name)
            join pg_catalog.pg_constraint c
              on c.conrelid = n.tbl::regclass and c.conname = n.old_name
    loop
        execute format('alter table %s rename constraint %I to %I',
            v_fkey.tbl, v_fkey.old_name, v_fkey.new_name);
    end loop;
end;
$$;
