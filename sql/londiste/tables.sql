-- Schema londiste: replicated tables and sequences of the nodes in this database.

create schema if not exists londiste;

-- Tables known to a queue. table_name is the same on all nodes; dest_table is the name of the local
-- table if it differs. merge_state is the state of the initial copy, null = not started.
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
    constraint table_info_check
        check (dropped_ddl is null or merge_state in ('in-copy', 'catching-up'))
);

-- Sequences known to a queue. last_value is the published value, ahead of the sequence itself.
create table if not exists londiste.seq_info (
    nr                  serial  not null,
    queue_name          text    not null,
    seq_name            text    not null,
    local               boolean not null default false,
    last_value          bigint  not null,

    primary key (queue_name, seq_name),
    foreign key (queue_name) references pgq_node.node_info (queue_name) on delete cascade
);

-- DDL scripts that ran here. The key is the file name alone: a script that came through one queue
-- does not run again when it comes through another.
create table if not exists londiste.applied_execute (
    queue_name          text        not null,
    execute_file        text        not null,
    execute_time        timestamptz not null default now(),
    execute_sql         text        not null,
    execute_attrs       text,

    primary key (execute_file)
);

-- Foreign keys that a copy has dropped, to be restored when both tables are in sync. fkey_def is
-- the complete statement.
create table if not exists londiste.pending_fkeys (
    from_table          text not null,
    to_table            text not null,
    fkey_name           text not null,
    fkey_def            text not null,

    primary key (from_table, fkey_name)
);

-- Progress of running copies, for the status commands. Written outside the copy's own transaction,
-- so it may lag. A row exists only while a copy runs. Not part of Londiste.
create table if not exists londiste.copy_progress (
    queue_name          text        not null,
    table_name          text        not null,
    phase               text        not null, -- copy, index
    bytes_copied        bigint      not null,
    rows_copied         bigint      not null,
    rows_estimated      bigint      not null, -- 0 = unknown
    started             timestamptz not null default now(),
    updated             timestamptz not null default now(),

    primary key (queue_name, table_name),
    foreign key (queue_name) references pgq_node.node_info (queue_name) on delete cascade
);

-- Faults that stop a table: its copy failed, or its events cannot be applied. A row is written when
-- that happens and deleted when the table continues. Commands status, tables and wait-sync read it.
-- Not part of Londiste.
create table if not exists londiste.table_fault (
    queue_name          text        not null,
    table_name          text        not null,
    kind                text        not null, -- copy, apply; reference: rows of other tables
                                              -- reference missing rows of this one; skipped:
                                              -- events of it were not applied
    message             text        not null,
    attempts            integer     not null default 1,
    first_seen          timestamptz not null default now(),
    last_seen           timestamptz not null default now(),
    next_attempt        timestamptz,          -- null = after an operator resyncs or resumes it
    fault_attrs         text,                 -- urlencoded dictionary: event, tick, key, ...

    primary key (queue_name, table_name, kind),
    foreign key (queue_name, table_name)
        references londiste.table_info (queue_name, table_name) on delete cascade,
    constraint table_fault_kind check (kind in ('copy', 'apply', 'reference', 'skipped'))
);

-- Earlier releases did not know kind skipped.
do $$
begin
    perform 1
       from pg_catalog.pg_constraint c
      where c.conrelid = 'londiste.table_fault'::pg_catalog.regclass
        and c.conname = 'table_fault_kind'
        and pg_catalog.pg_get_constraintdef(c.oid) not like '%skipped%';
    if found then
        alter table londiste.table_fault
            drop constraint table_fault_kind,
            add constraint table_fault_kind
                check (kind in ('copy', 'apply', 'reference', 'skipped'));
    end if;
end $$;

-- Events that could not be applied here and were skipped, because on_error of their table is
-- dead-letter. Written in the transaction of their batch, by command dead-letters removed or
-- counted. They have values of rows, so not all roles may read them. A resync deletes those of its
-- table. Not part of Londiste.
create table if not exists londiste.dead_letter (
    id                  bigserial   not null,
    queue_name          text        not null,
    table_name          text        not null, -- the queue-wide name
    node_name           text        not null,
    tick_id             bigint      not null, -- at the end of its batch
    ev_id               bigint      not null,
    ev_time             timestamptz not null,
    ev_txid             bigint      not null,
    ev_type             text        not null,
    ev_data             text,
    ev_extra1           text,
    ev_extra2           text,
    ev_extra3           text,
    ev_extra4           text,
    error               text        not null, -- of the last attempt
    sql_state           text,                 -- null = refused before it reached the server
    attempts            integer     not null default 1,
    skipped_at          timestamptz not null default now(),
    last_attempt        timestamptz not null default now(),

    primary key (id),
    foreign key (queue_name, table_name)
        references londiste.table_info (queue_name, table_name) on delete cascade
);

do $$
begin
    if to_regclass('londiste.dead_letter_table_idx') is null then
        create index dead_letter_table_idx on londiste.dead_letter (queue_name, table_name, id);
    end if;
end $$;

-- Indexes and keys that could not be restored after a copy, and why. For an index or a unique key
-- this is the only record; a foreign key is in pending_fkeys as well, and its row here describes
-- the last attempt. Not part of Londiste.
create table if not exists londiste.unrestored (
    table_name          text        not null, -- the local name
    kind                text        not null, -- index (also of a primary or unique key), fkey
    object_name         text        not null,
    create_sql          text        not null, -- one or more statements
    problem             text        not null, -- error message of the server
    attempts            integer     not null default 1,
    last_attempt        timestamptz not null default now(),

    primary key (table_name, kind, object_name),
    constraint unrestored_kind check (kind in ('index', 'fkey'))
);

-- The last comparison of each table with the nodes above, written by command compare on the node
-- where it runs. A resync deletes it. Not part of Londiste.
create table if not exists londiste.compare_result (
    queue_name          text        not null,
    table_name          text        not null,
    source_node         text        not null, -- node of the other side
    last_tick           bigint      not null, -- both sides had at least this tick
    is_equal            boolean     not null,
    rows_only           boolean     not null, -- only the numbers of rows were compared
    source_result       text        not null, -- as printed: 7 rows, checksum=...
    local_result        text        not null,
    compared            timestamptz not null default now(),

    primary key (queue_name, table_name),
    foreign key (queue_name, table_name)
        references londiste.table_info (queue_name, table_name) on delete cascade
);

-- Partitioned tables whose partitions have triggers, and the options for those of new partitions.
-- Not part of Londiste.
create table if not exists londiste.partitioned_table (
    queue_name          text        not null,
    table_name          text        not null,
    trigger_args        text[]      not null, -- as i_trg_args of londiste.create_trigger

    primary key (queue_name, table_name),
    foreign key (queue_name, table_name)
        references londiste.table_info (queue_name, table_name) on delete cascade
);

-- The partitions that were there when the table's partitions were last looked at, see
-- londiste._follow_partitions. Not part of Londiste.
create table if not exists londiste.partition_info (
    queue_name          text        not null,
    table_name          text        not null,
    part_name           text        not null, -- full name of the partition
    part_oid            oid         not null,
    part_bound          text        not null, -- see londiste._partitions
    part_condition      text,                 -- of its rows; null = only this server can tell
    has_triggers        boolean     not null, -- false = as trigger_args ask for

    primary key (queue_name, table_name, part_name),
    foreign key (queue_name, table_name)
        references londiste.partitioned_table (queue_name, table_name) on delete cascade
);
