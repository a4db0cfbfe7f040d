-- Schema londiste: replicated tables and sequences of the nodes in this database.

create schema if not exists londiste;

-- Tables known to a queue. The name is the same on all nodes; where the local table is called
-- otherwise, dest_table has its name. merge_state says how far the first copy is, null = not started.
create table if not exists londiste.table_info (
    nr                  serial  not null,
    queue_name          text    not null,
    table_name          text    not null,
    local               boolean not null default false,
    merge_state         text,
    custom_snapshot     text,
    dropped_ddl         text,
    table_attrs         text,
    dest_table          text,

    primary key (queue_name, table_name),
    foreign key (queue_name) references pgq_node.node_info (queue_name) on delete cascade,
    constraint table_info_check check (dropped_ddl is null or merge_state in ('in-copy', 'catching-up'))
);

-- Sequences known to a queue. last_value is what was published, ahead of the sequence itself.
create table if not exists londiste.seq_info (
    nr                  serial  not null,
    queue_name          text    not null,
    seq_name            text    not null,
    local               boolean not null default false,
    last_value          bigint  not null,

    primary key (queue_name, seq_name),
    foreign key (queue_name) references pgq_node.node_info (queue_name) on delete cascade
);

-- DDL scripts that were run here. The key is the file name alone: a script that came through one
-- queue is not run again when it comes through another.
create table if not exists londiste.applied_execute (
    queue_name          text        not null,
    execute_file        text        not null,
    execute_time        timestamptz not null default now(),
    execute_sql         text        not null,
    execute_attrs       text,

    primary key (execute_file)
);

-- Foreign keys taken away for a copy, to be restored when both tables are in sync.
-- fkey_def is the complete statement.
create table if not exists londiste.pending_fkeys (
    from_table          text not null,
    to_table            text not null,
    fkey_name           text not null,
    fkey_def            text not null,

    primary key (from_table, fkey_name)
);

-- How far running copies are, for whoever asks for the status: written outside of the copy's own
-- transaction, so it may lag, and is only there while a copy runs. Not part of the reference.
create table if not exists londiste.copy_progress (
    queue_name          text        not null,
    table_name          text        not null,
    phase               text        not null, -- copy, index
    bytes_copied        bigint      not null,
    rows_copied         bigint      not null,
    rows_estimated      bigint      not null, -- 0 = not known
    started             timestamptz not null default now(),
    updated             timestamptz not null default now(),

    primary key (queue_name, table_name),
    foreign key (queue_name) references pgq_node.node_info (queue_name) on delete cascade
);

-- What stops a table: its copy failed, or its events cannot be applied. Written when it happens, gone
-- when the table goes on: status, tables and wait-sync read it. Not part of Londiste.
create table if not exists londiste.table_fault (
    queue_name          text        not null,
    table_name          text        not null,
    kind                text        not null, -- copy, apply; reference: rows elsewhere refer to missing ones
    message             text        not null,
    attempts            integer     not null default 1,
    first_seen          timestamptz not null default now(),
    last_seen           timestamptz not null default now(),
    next_attempt        timestamptz,          -- null = when an operator resyncs or resumes the table
    fault_attrs         text,                 -- urlencoded dictionary: event, tick, key, ...

    primary key (queue_name, table_name, kind),
    foreign key (queue_name, table_name) references londiste.table_info (queue_name, table_name) on delete cascade,
    constraint table_fault_kind check (kind in ('copy', 'apply', 'reference'))
);

-- What could not be restored after a copy, and why. An index or key is nowhere else: this is the only record
-- of it. Of a foreign key, which is in pending_fkeys, only the last attempt is told here. Not part of Londiste.
create table if not exists londiste.unrestored (
    table_name          text        not null, -- the local name
    kind                text        not null, -- index (also of a primary or unique key), fkey
    object_name         text        not null,
    create_sql          text        not null, -- one or more statements
    problem             text        not null, -- what the server said
    attempts            integer     not null default 1,
    last_attempt        timestamptz not null default now(),

    primary key (table_name, kind, object_name),
    constraint unrestored_kind check (kind in ('index', 'fkey'))
);
