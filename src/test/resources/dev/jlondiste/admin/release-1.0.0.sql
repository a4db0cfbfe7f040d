/*
 * Schema pgq: queues in the database, filled by triggers, read in batches between ticks.
 */
create schema if not exists pgq;
grant usage on schema pgq to public;

-- no tables needed
create or replace function pgq.version()
returns text
language sql
as $$
/*
 * pgq.version(0) - which version of the PgQ interface this schema provides.
 *
 * Returns:
 *   '3.5'; the reference's ticker ignores a database where this is null or sorts before '3'
 */
select '3.5'::text;
$$;
create or replace function pgq.jlondiste_release()
returns text
language sql
immutable
as $$
/*
 * pgq.jlondiste_release(0) - version of this SQL; the installer compares it with its own.
 *
 * Returns:
 *   dotted version. The function does not exist where the reference's extension is installed.
 */
select '1.0.0'::text;
$$;
create or replace function pgq.quote_fqname(i_name text)
returns text
language plpgsql
immutable strict
as $$
/*
 * pgq.quote_fqname(1) - quote an unquoted, possibly schema-qualified name for use in SQL.
 *
 * Parameters:
 *   i_name   name; what precedes the first dot is the schema, 'public' when there is no dot
 * Returns:
 *   "schema"."name", quoted where needed
 */
declare
    v_dot integer := pg_catalog.strpos(i_name, '.');
begin
    if v_dot = 0 then
        return 'public.' || pg_catalog.quote_ident(i_name);
    end if;
    return pg_catalog.quote_ident(pg_catalog.substr(i_name, 1, v_dot - 1))
        || '.' || pg_catalog.quote_ident(pg_catalog.substr(i_name, v_dot + 1));
end;
$$;
create or replace function pgq._session_role()
returns text
language sql
stable
as $$
/*
 * pgq._session_role(0) - which replication role this session acts in.
 *
 * Where a session may not set session_replication_role, the daemon sets the custom setting
 * pgq.session_replication_role instead; it wins when it is not empty.
 *
 * Returns:
 *   'origin', 'replica' or 'local'
 */
select coalesce(
    nullif(pg_catalog.current_setting('pgq.session_replication_role', true), ''),
    pg_catalog.current_setting('session_replication_role'));
$$;
create or replace function pgq._function_exists(i_schema text, i_name text)
returns boolean
language sql
stable
as $$
/*
 * pgq._function_exists(2) - is there a function of that name, with whatever arguments?
 */
select exists (
    select 1
    from pg_catalog.pg_proc p
    join pg_catalog.pg_namespace n on n.oid = p.pronamespace
    where n.nspname = i_schema
      and p.proname = i_name);
$$;
create or replace function pgq._create_role(i_role text)
returns boolean
language plpgsql
as $$
/*
 * pgq._create_role(1) - create a role without login, unless it exists.
 *
 * Roles belong to the whole server. Whoever may not create one still gets a working schema:
 * grants to roles that do not exist are left out.
 *
 * Parameters:
 *   i_role   name
 * Returns:
 *   does the role exist now
 */
begin
    if exists (select 1 from pg_catalog.pg_roles r where r.rolname = i_role) then
        return true;
    end if;
    execute pg_catalog.format('create role %I nologin', i_role);
    return true;
exception
    when duplicate_object or unique_violation then
        return true;    -- another installation was faster
    when insufficient_privilege then
        raise notice 'role "%" does not exist and may not be created by "%", going on without', i_role, current_user
            using hint = 'have an administrator create it, then run the installation again';
        return false;
end;
$$;
create or replace function pgq._grant_role(i_role text, i_member text)
returns boolean
language plpgsql
as $$
/*
 * pgq._grant_role(2) - make one role a member of another, where that is possible.
 *
 * Parameters:
 *   i_role     role to join
 *   i_member   role that joins
 * Returns:
 *   is it a member now
 */
begin
    if not exists (select 1 from pg_catalog.pg_roles r where r.rolname = i_role)
            or not exists (select 1 from pg_catalog.pg_roles r where r.rolname = i_member) then
        return false;
    end if;
    if pg_catalog.pg_has_role(i_member, i_role, 'member') then
        return true;
    end if;
    execute pg_catalog.format('grant %I to %I', i_role, i_member);
    return true;
exception
    when insufficient_privilege then
        raise notice 'role "%" is no member of "%" and may not be made one by "%", going on without',
            i_member, i_role, current_user
            using hint = 'its rights are granted directly instead';
        return false;
end;
$$;
create or replace function pgq._grant(i_privileges text, i_object text, i_role text)
returns boolean
language plpgsql
as $$
/*
 * pgq._grant(3) - grant rights to a role, if it exists.
 *
 * Where pgq_admin could not be made a member of the other pgq roles, it gets what they get.
 *
 * Parameters:
 *   i_privileges   as in GRANT
 *   i_object       as in GRANT, with its kind
 *   i_role         role, or 'public'
 * Returns:
 *   was it granted to that role
 */
begin
    if i_role in ('pgq_reader', 'pgq_writer')
            and exists (select 1 from pg_catalog.pg_roles r where r.rolname = 'pgq_admin')
            and not exists (
                select 1
                from pg_catalog.pg_roles r
                where r.rolname = i_role
                  and pg_catalog.pg_has_role('pgq_admin', r.oid, 'member')) then
        execute pg_catalog.format('grant %s on %s to pgq_admin', i_privileges, i_object);
    end if;
    if i_role <> 'public' and not exists (select 1 from pg_catalog.pg_roles r where r.rolname = i_role) then
        return false;
    end if;
    execute pg_catalog.format('grant %s on %s to %s', i_privileges, i_object,
        case when i_role = 'public' then 'public' else pg_catalog.quote_ident(i_role) end);
    return true;
end;
$$;
create or replace function pgq._grant_functions(i_role text, i_fallback text, i_names text[])
returns integer
language plpgsql
as $$
/*
 * pgq._grant_functions(3) - say who may call functions of schema pgq, all overloads of a name.
 *
 * A role that appears between two installations must not lock applications out of functions
 * that they were given: with a fallback, what was explicitly granted to public stays so. (A new
 * function has no explicit grants yet.)
 *
 * Parameters:
 *   i_role       role that may; nobody else, unless another call says so
 *   i_fallback   'public': everybody may while that role does not exist; null: nobody
 *   i_names      functions
 * Returns:
 *   number of functions found
 * Calls:   pgq._grant
 */
declare
    v_function text;
    v_public boolean;
    v_count integer := 0;
begin
    for v_function, v_public in
        select p.oid::regprocedure::text,
            exists (select 1 from pg_catalog.aclexplode(p.proacl) a where a.grantee = 0)
        from pg_catalog.pg_proc p
        join pg_catalog.pg_namespace n on n.oid = p.pronamespace
        where n.nspname = 'pgq'
          and p.proname = any (i_names)
    loop
        execute 'revoke all on function ' || v_function || ' from public';
        if (not pgq._grant('execute', 'function ' || v_function, i_role) or v_public)
                and i_fallback is not null then
            perform pgq._grant('execute', 'function ' || v_function, i_fallback);
        end if;
        v_count := v_count + 1;
    end loop;
    return v_count;
end;
$$;
create or replace function pgq._grant_perms_from(src_schema text, src_table text, dst_schema text, dst_table text)
returns integer
language plpgsql
strict
as $$
/*
 * pgq._grant_perms_from(4) - give a table the grants that another one has.
 *
 * Parameters:
 *   src_schema, src_table   table to read grants from
 *   dst_schema, dst_table   table to give them to
 * Returns:
 *   1
 */
declare
    v_grant record;
begin
    for v_grant in
        select a.privilege_type, a.is_grantable,
            case when a.grantee = 0 then 'public' else pg_catalog.quote_ident(r.rolname) end as grantee
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        cross join lateral pg_catalog.aclexplode(c.relacl) a
        left join pg_catalog.pg_roles r on r.oid = a.grantee
        where n.nspname = src_schema
          and c.relname = src_table
          and a.grantee <> c.relowner
          and (a.grantee = 0 or r.oid is not null)
        order by 3, 1
    loop
        execute pg_catalog.format('grant %s on %I.%I to %s%s',
            v_grant.privilege_type, dst_schema, dst_table, v_grant.grantee,
            case when v_grant.is_grantable then ' with grant option' else '' end);
    end loop;
    return 1;
end;
$$;
create or replace function pgq.upgrade_schema()
returns integer
language plpgsql
as $$
/*
 * pgq.upgrade_schema(0) - bring roles and tables of an older installation up to date.
 *
 * Returns:
 *   0; harmless to repeat
 * Calls:   pgq._create_role, pgq._grant_role
 */
begin
    perform pgq._create_role('pgq_reader');
    perform pgq._create_role('pgq_writer');
    perform pgq._create_role('pgq_admin');
    perform pgq._grant_role('pgq_reader', 'pgq_admin');
    perform pgq._grant_role('pgq_writer', 'pgq_admin');

    if not exists (
            select 1 from pg_catalog.pg_attribute a
            where a.attrelid = 'pgq.queue'::regclass and a.attname = 'queue_per_tx_limit') then
        alter table pgq.queue add column queue_per_tx_limit integer;
    end if;
    if not exists (
            select 1 from pg_catalog.pg_attribute a
            where a.attrelid = 'pgq.queue'::regclass and a.attname = 'queue_extra_maint') then
        alter table pgq.queue add column queue_extra_maint text[];
    end if;
    return 0;
end;
$$;

/*
 * Tables of schema pgq. Names, order and types are those existing clients and dumps know.
 * Each queue adds its own: pgq.event_<id> with children, made by pgq.create_queue().
 */

create table if not exists pgq.consumer (
    co_id       serial,
    co_name     text    not null,

    constraint consumer_pkey primary key (co_id),
    constraint consumer_name_uq unique (co_name)
);

create table if not exists pgq.queue (
    queue_id                    serial,
    queue_name                  text        not null,

    -- rotation
    queue_ntables               integer     not null default 3,
    queue_cur_table             integer     not null default 0,
    queue_rotation_period       interval    not null default '2 hours',
    queue_switch_step1          bigint      not null default txid_current(),
    queue_switch_step2          bigint               default txid_current(),
    queue_switch_time           timestamptz not null default now(),

    -- ticks come from elsewhere, inserts are for replicas only: a branch
    queue_external_ticker       boolean     not null default false,
    queue_disable_insert        boolean     not null default false,

    -- ticker
    queue_ticker_paused         boolean     not null default false,
    queue_ticker_max_count      integer     not null default 500,
    queue_ticker_max_lag        interval    not null default '3 seconds',
    queue_ticker_idle_period    interval    not null default '1 minute',
    queue_per_tx_limit          integer,

    -- unquoted dotted names; pgq.quote_fqname() before use
    queue_data_pfx              text        not null,
    queue_event_seq             text        not null,
    queue_tick_seq              text        not null,

    queue_extra_maint           text[],

    constraint queue_pkey primary key (queue_id),
    constraint queue_name_uq unique (queue_name)
);

create table if not exists pgq.tick (
    tick_queue      integer         not null,
    tick_id         bigint          not null,
    tick_time       timestamptz     not null default now(),
    tick_snapshot   txid_snapshot   not null default txid_current_snapshot(),
    tick_event_seq  bigint          not null,

    constraint tick_pkey primary key (tick_queue, tick_id),
    constraint tick_queue_fkey foreign key (tick_queue) references pgq.queue (queue_id)
);

create sequence if not exists pgq.batch_id_seq;

-- sub_id is not unique on purpose: cooperative sub-consumers share it.
create table if not exists pgq.subscription (
    sub_id          serial      not null,
    sub_queue       integer     not null,
    sub_consumer    integer     not null,
    sub_last_tick   bigint,
    sub_active      timestamptz not null default now(),
    sub_batch       bigint,
    sub_next_tick   bigint,

    constraint subscription_pkey primary key (sub_queue, sub_consumer),
    constraint subscription_batch_idx unique (sub_batch),
    constraint sub_queue_fkey foreign key (sub_queue) references pgq.queue (queue_id),
    constraint sub_consumer_fkey foreign key (sub_consumer) references pgq.consumer (co_id)
);

create table if not exists pgq.event_template (
    ev_id       bigint      not null,
    ev_time     timestamptz not null,

    ev_txid     bigint      not null default txid_current(),
    ev_owner    integer,
    ev_retry    integer,

    ev_type     text,
    ev_data     text,
    ev_extra1   text,
    ev_extra2   text,
    ev_extra3   text,
    ev_extra4   text
);

create table if not exists pgq.retry_queue (
    ev_retry_after  timestamptz not null,
    ev_queue        integer     not null,

    ev_id           bigint      not null,
    ev_time         timestamptz not null,
    ev_txid         bigint,
    ev_owner        integer     not null,
    ev_retry        integer,
    ev_type         text,
    ev_data         text,
    ev_extra1       text,
    ev_extra2       text,
    ev_extra3       text,
    ev_extra4       text,

    constraint rq_pkey primary key (ev_owner, ev_id),
    constraint rq_queue_id_fkey foreign key (ev_queue) references pgq.queue (queue_id)
);

create index if not exists rq_retry_idx on pgq.retry_queue (ev_retry_after);
-- Roles pgq_reader, pgq_writer, pgq_admin, as far as whoever installs may create them.
do $$
begin
    perform pgq.upgrade_schema();
end;
$$;

-- writing events
create or replace function pgq.seq_getval(i_seq_name text)
returns bigint
language plpgsql
strict
as $$
/*
 * pgq.seq_getval(1) - last value of a sequence, without advancing it.
 *
 * Parameters:
 *   i_seq_name   unquoted name
 * Returns:
 *   last value; 1 for a sequence that was never used
 */
declare
    v_value bigint;
begin
    execute 'select last_value from ' || pgq.quote_fqname(i_seq_name) into v_value;
    return v_value;
end;
$$;
create or replace function pgq.seq_setval(i_seq_name text, i_new_value bigint)
returns bigint
language plpgsql
strict
as $$
/*
 * pgq.seq_setval(2) - raise a sequence to a value; never lowers it.
 *
 * Parameters:
 *   i_seq_name    unquoted name
 *   i_new_value   value to reach
 * Returns:
 *   last value of the sequence afterwards
 * Calls:   pgq.seq_getval
 */
declare
    v_value bigint := pgq.seq_getval(i_seq_name);
begin
    if i_new_value > v_value then
        return pg_catalog.setval(pgq.quote_fqname(i_seq_name)::regclass, i_new_value);
    end if;
    return v_value;
end;
$$;
create or replace function pgq.insert_event_raw(
    queue_name text, ev_id bigint, ev_time timestamptz, ev_owner integer, ev_retry integer,
    ev_type text, ev_data text, ev_extra1 text, ev_extra2 text, ev_extra3 text, ev_extra4 text)
returns bigint
language plpgsql
as $$
#variable_conflict use_variable
/*
 * pgq.insert_event_raw(11) - put an event into the queue's current table.
 *
 * The queue's per-transaction limit is counted in a transaction-local setting per queue: it
 * needs no subtransaction and no table, and rolls back with the events it counts.
 *
 * Parameters:
 *   queue_name   queue
 *   ev_id        event id; null: the next one of the queue
 *   ev_time      creation time; null: now
 *   ev_owner     subscription that alone sees the event; null: all
 *   ev_retry     how often it was retried; null: never
 *   ev_type, ev_data, ev_extra1 ... ev_extra4   content
 * Returns:
 *   event id
 * Writes:  current event table of the queue (one row)
 */
declare
    v_queue record;
    v_seq_id bigint;
    v_counter text;
    v_counted text;
    v_count integer := 0;
begin
    if queue_name is null then
        raise exception 'Queue name must not be NULL';
    end if;
    select q.queue_id, q.queue_data_pfx, q.queue_cur_table, q.queue_event_seq,
           q.queue_disable_insert, q.queue_per_tx_limit
        into v_queue
        from pgq.queue q
        where q.queue_name = queue_name;
    if not found then
        raise exception 'No such queue'
            using errcode = 'undefined_object', detail = pg_catalog.format('Queue: %s', queue_name);
    end if;

    -- Before any refusal and also when the caller brings an id: others rely on these gaps.
    v_seq_id := pg_catalog.nextval(pgq.quote_fqname(v_queue.queue_event_seq)::regclass);

    if v_queue.queue_disable_insert and pgq._session_role() <> 'replica' then
        raise exception 'Insert into queue disallowed'
            using detail = pg_catalog.format('Queue: %s', queue_name),
                hint = 'this database is a branch: write on the root node';
    end if;

    if v_queue.queue_per_tx_limit is not null then
        v_counter := 'pgq.tx_events_' || v_queue.queue_id::text;
        v_counted := pg_catalog.current_setting(v_counter, true);
        if pg_catalog.split_part(v_counted, ':', 1) = pg_catalog.txid_current()::text then
            v_count := pg_catalog.split_part(v_counted, ':', 2)::integer;
        end if;
        if v_count >= v_queue.queue_per_tx_limit then
            raise exception 'Queue ''%'' allows max % events from one TX', queue_name, v_queue.queue_per_tx_limit
                using errcode = 'program_limit_exceeded';
        end if;
        perform pg_catalog.set_config(v_counter, pg_catalog.txid_current()::text || ':' || (v_count + 1)::text, true);
    end if;

    execute 'insert into ' || pgq.quote_fqname(v_queue.queue_data_pfx || '_' || v_queue.queue_cur_table::text)
        || ' (ev_id, ev_time, ev_owner, ev_retry, ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4)'
        || ' values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)'
        using coalesce(ev_id, v_seq_id), coalesce(ev_time, pg_catalog.now()), ev_owner, ev_retry,
            ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4;
    return coalesce(ev_id, v_seq_id);
end;
$$;
create or replace function pgq.insert_event(
    queue_name text, ev_type text, ev_data text,
    ev_extra1 text, ev_extra2 text, ev_extra3 text, ev_extra4 text)
returns bigint
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq.insert_event(7) - put an event on a queue. Triggers write through this one.
 *
 * Parameters:
 *   queue_name   queue
 *   ev_type, ev_data, ev_extra1 ... ev_extra4   content
 * Returns:
 *   event id
 * Calls:   pgq.insert_event_raw
 */
begin
    return pgq.insert_event_raw(queue_name, null, now(), null, null,
        ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4);
end;
$$;

create or replace function pgq.insert_event(queue_name text, ev_type text, ev_data text)
returns bigint
language plpgsql
as $$
/*
 * pgq.insert_event(3) - put an event without extra fields on a queue.
 *
 * Parameters:
 *   queue_name         queue
 *   ev_type, ev_data   content
 * Returns:
 *   event id
 * Calls:   pgq.insert_event(7)
 */
begin
    return pgq.insert_event(queue_name, ev_type, ev_data, null, null, null, null);
end;
$$;
create or replace function pgq.current_event_table(x_queue_name text)
returns text
language plpgsql
as $$
/*
 * pgq.current_event_table(1) - where to COPY events in bulk, in the same transaction.
 *
 * The writer has to supply at least ev_time; ev_id and ev_txid have defaults.
 *
 * Parameters:
 *   x_queue_name   queue
 * Returns:
 *   name of the table that takes events now, not quoted
 */
declare
    v_queue record;
begin
    select q.queue_data_pfx || '_' || q.queue_cur_table::text as tbl, q.queue_disable_insert
        into v_queue
        from pgq.queue q
        where q.queue_name = x_queue_name;
    if not found then
        raise exception 'Event queue not found';
    end if;
    if v_queue.queue_disable_insert and pgq._session_role() <> 'replica' then
        raise exception 'Writing to queue disabled'
            using hint = 'this database is a branch: write on the root node';
    end if;
    return v_queue.tbl;
end;
$$;

-- from row changes to events
create or replace function pgq._urlencode(val text)
returns text
language plpgsql
immutable strict
as $$
/*
 * pgq._urlencode(1) - encode text as in application/x-www-form-urlencoded.
 *
 * Letters, digits, "_", "." and "-" stay, a space becomes "+", every other byte of the text in
 * server encoding becomes "%" and two lower-case hex digits. Most values need nothing or blanks
 * only; else the text is cut into runs, so the work is per run and not per byte.
 *
 * Parameters:
 *   val   text; null gives null
 * Returns:
 *   encoded text
 */
begin
    if val collate "C" !~ '[^A-Za-z0-9_.-]' then
        return val;
    elsif val collate "C" !~ '[^A-Za-z0-9_. -]' then
        return pg_catalog.replace(val, ' ', '+');
    end if;
    return (
        select pg_catalog.string_agg(
            run.m[1] || pg_catalog.replace(
                pg_catalog.regexp_replace(
                    pg_catalog.encode(
                        pg_catalog.convert_to(run.m[2], pg_catalog.getdatabaseencoding()), 'hex'),
                    '(..)', E'%\\1', 'g'),
                '%20', '+'),
            '' order by run.ord)
        from pg_catalog.regexp_matches(val collate "C", '([A-Za-z0-9_.-]*)([^A-Za-z0-9_.-]+|$)', 'g')
            with ordinality as run(m, ord));
end;
$$;
create or replace function pgq._equality_operator(i_type oid)
returns text
language plpgsql
stable
as $$
/*
 * pgq._equality_operator(1) - the operator that says whether two values of a type are the same.
 *
 * Looked up by operator class, as the server does it, because an operator that is merely named
 * "=" may mean something else: for box it compares areas. Arrays and composite types are left
 * out: whether they can be compared depends on what is in them.
 *
 * Parameters:
 *   i_type   type of a column
 * Returns:
 *   operator(schema.name), for use between two values; null when the type has none
 */
declare
    v_base oid := i_type;
    v_type record;
    v_operator text;
begin
    loop
        select t.oid, t.typtype, t.typbasetype, t.typelem, t.typlen
            into v_type
            from pg_catalog.pg_type t
            where t.oid = v_base;
        exit when v_type.typtype is distinct from 'd';
        v_base := v_type.typbasetype;
    end loop;

    if v_type.typtype in ('e', 'r', 'm') then
        return 'operator(pg_catalog.=)';
    elsif v_type.typtype is distinct from 'b' or (v_type.typelem <> 0 and v_type.typlen = -1) then
        return null;
    end if;

    select pg_catalog.format('operator(%I.%s)', n.nspname, o.oprname)
        into v_operator
        from pg_catalog.pg_opclass c
        join pg_catalog.pg_am am on am.oid = c.opcmethod
        join pg_catalog.pg_amop a on a.amopfamily = c.opcfamily
            and a.amoplefttype = c.opcintype
            and a.amoprighttype = c.opcintype
            and a.amopstrategy = case am.amname when 'btree' then 3 else 1 end
        join pg_catalog.pg_operator o on o.oid = a.amopopr
        join pg_catalog.pg_namespace n on n.oid = o.oprnamespace
        where c.opcdefault
          and am.amname in ('btree', 'hash')
          and (c.opcintype = v_type.oid
               or exists (
                   select 1
                   from pg_catalog.pg_cast k
                   where k.castsource = v_type.oid
                     and k.casttarget = c.opcintype
                     and k.castmethod = 'b'
                     and k.castcontext = 'i'))
        order by c.opcintype = v_type.oid desc, am.amname
        limit 1;
    return v_operator;
end;
$$;
create or replace function pgq._trigger_expression(i_expression text, i_columns text[])
returns text
language plpgsql
stable
as $$
/*
 * pgq._trigger_expression(2) - make column names in a trigger argument's expression refer to the row.
 *
 * A word that equals a column name becomes ($1).name. Left alone are literals, comments, dollar
 * quotes, parts of dotted names, and what cannot be a column: a word before "(" or after "::".
 *
 * Patterns are written E'' because these bodies are parsed in the application's session, where
 * standard_conforming_strings may be off.
 *
 * Parameters:
 *   i_expression   SQL expression
 *   i_columns      columns of the table
 * Returns:
 *   expression over $1, the row
 */
declare
    c_word constant text := E'^(?:[A-Za-z_]|[^\\x01-\\x7f])(?:[A-Za-z0-9_$]|[^\\x01-\\x7f])*';
    v_rest text := pg_catalog.regexp_replace(i_expression, E'(\\s|;)+$', '') collate "C";
    v_token text;
    v_name text;
    v_before text := '';    -- the token before, white space and comments not counted
    v_result text := '';
    v_depth integer;
    v_pos integer;
    v_blank boolean;
begin
    while v_rest <> '' loop
        v_name := null;
        v_blank := false;
        if v_rest ~ E'^\\s' then
            v_token := pg_catalog.substring(v_rest, E'^\\s+');
            v_blank := true;
        elsif v_rest ~ '^--' then
            v_token := pg_catalog.substring(v_rest, E'^--[^\\n]*');
            v_blank := true;
        elsif v_rest ~ E'^/\\*' then
            -- comments nest
            v_depth := 0;
            v_pos := 1;
            loop
                if pg_catalog.substr(v_rest, v_pos, 2) = '/*' then
                    v_depth := v_depth + 1;
                    v_pos := v_pos + 2;
                elsif pg_catalog.substr(v_rest, v_pos, 2) = '*/' then
                    v_depth := v_depth - 1;
                    v_pos := v_pos + 2;
                else
                    v_pos := v_pos + 1;
                end if;
                exit when v_depth = 0 or v_pos > pg_catalog.length(v_rest);
            end loop;
            v_token := pg_catalog.substr(v_rest, 1, v_pos - 1);
            v_blank := true;
        elsif v_rest ~ '^[eE]''' or (v_rest ~ '^''' and pg_catalog.current_setting('standard_conforming_strings') = 'off') then
            v_token := pg_catalog.substring(v_rest, E'^[eE]?''(?:[^''\\\\]|\\\\.|'''')*''');
        elsif v_rest ~ '^(?:[bBxXnN]|[uU]&)?''' then
            v_token := pg_catalog.substring(v_rest, '^(?:[bBxXnN]|[uU]&)?''(?:[^'']|'''')*''');
        elsif v_rest ~ '^[uU]&"' then
            v_token := pg_catalog.substring(v_rest, '^[uU]&"(?:[^"]|"")*"');
        elsif v_rest ~ '^"' then
            v_token := pg_catalog.substring(v_rest, '^"(?:[^"]|"")*"');
            v_name := pg_catalog.replace(
                pg_catalog.substr(v_token, 2, pg_catalog.length(v_token) - 2), '""', '"');
        elsif v_rest ~ E'^\\$(?:(?:[A-Za-z_]|[^\\x01-\\x7f])(?:[A-Za-z0-9_]|[^\\x01-\\x7f])*)?\\$' then
            v_token := pg_catalog.substring(v_rest, E'^\\$[^$]*\\$');
            v_pos := pg_catalog.strpos(pg_catalog.substr(v_rest, pg_catalog.length(v_token) + 1), v_token);
            if v_pos > 0 then
                v_token := pg_catalog.substr(v_rest, 1, 2 * pg_catalog.length(v_token) + v_pos - 1);
            end if;
        elsif v_rest ~ c_word then
            v_token := pg_catalog.substring(v_rest, c_word);
            v_name := v_token;
        elsif v_rest ~ '^[0-9]' then
            v_token := pg_catalog.substring(v_rest, E'^[0-9]+(?:\\.[0-9]*)?(?:[eE][+-]?[0-9]+)?');
        elsif v_rest ~ '^::' then
            v_token := '::';
        else
            v_token := pg_catalog.left(v_rest, 1);
        end if;
        -- something unterminated: the parser will say so
        v_token := coalesce(v_token, v_rest);
        v_rest := pg_catalog.substr(v_rest, pg_catalog.length(v_token) + 1);

        if v_name = any (i_columns) and v_before not in ('.', '::') and v_rest !~ E'^\\s*[.(]' then
            v_result := v_result || '($1).' || pg_catalog.quote_ident(v_name);
        else
            v_result := v_result || v_token;
        end if;
        if not v_blank then
            v_before := v_token;
        end if;
    end loop;
    return v_result;
end;
$$;
create or replace function pgq._trigger_value(i_rows text[])
returns text
language plpgsql
immutable
as $$
/*
 * pgq._trigger_value(1) - the value of a trigger argument's expression.
 *
 * Parameters:
 *   i_rows   what the expression gave
 * Returns:
 *   its value; not exactly one row is an error
 */
begin
    if pg_catalog.cardinality(i_rows) <> 1 then
        raise exception 'Expect 1 row from override query, got %', pg_catalog.cardinality(i_rows);
    end if;
    return i_rows[1];
end;
$$;
create or replace function pgq._trigger_when(i_rows text[])
returns boolean
language plpgsql
immutable
as $$
/*
 * pgq._trigger_when(1) - the outcome of a trigger's when= condition.
 *
 * Parameters:
 *   i_rows   what the expression gave: oid of its type, ':', value ('t', 'f' or nothing for null)
 * Returns:
 *   is the event wanted; anything but one boolean is an error
 * Calls:   pgq._trigger_value
 */
declare
    v_row text := pgq._trigger_value(i_rows);
begin
    case v_row
        when '16:t' then return true;
        when '16:f' then return false;
        when '16:' then raise exception 'when= should not be NULL';
        else
            raise exception 'when= query result must be boolean, got=%', pg_catalog.split_part(v_row, ':', 1)
                using errcode = 'datatype_mismatch';
    end case;
end;
$$;
create or replace function pgq._trigger_idle(i_table oid, i_trigger name)
returns boolean
language plpgsql
stable
as $$
/*
 * pgq._trigger_idle(2) - must a trigger that was fired do nothing because of the session's role?
 *
 * In role local it does nothing at all. In role replica the server itself does not fire it,
 * unless it is enabled for that; but the server does not know of our own setting for the role
 * (see pgq._session_role), so its rule is followed here.
 *
 * Parameters:
 *   i_table, i_trigger   the trigger
 * Returns:
 *   true: do nothing
 * Calls:   pgq._session_role
 */
begin
    if pgq._session_role() = 'replica' and pg_catalog.current_setting('session_replication_role') = 'origin' then
        return not exists (
            select 1
            from pg_catalog.pg_trigger t
            where t.tgrelid = i_table
              and t.tgname = i_trigger
              and t.tgenabled = 'A');
    end if;
    return pgq._session_role() = 'local';
end;
$$;
create or replace function pgq._trigger_plan(
    in i_format text, in i_table oid, in i_schema text, in i_name text,
    in i_when text, in i_level text, in i_op text, in i_args text[],
    out queue_name text, out skip boolean, out event_sql text, out override_sql text)
returns record
language plpgsql
stable
as $$
#variable_conflict use_variable
/*
 * pgq._trigger_plan(8) - check one firing of a capture trigger, write the queries that make its event.
 *
 * A trigger function cannot hand its row to another function on all server versions, but can
 * pass it to a dynamic query. So all that does not need the row is done here, and what does is
 * written as SQL with $1 = the row (new, or old for DELETE) and $2 = the old one:
 *
 *   event_sql       gives (problem, wanted, ev_type, ev_data, ev_extra1 ... ev_extra4); no
 *                   parameters for TRUNCATE. A problem is to be raised.
 *   override_sql    gives (wanted, ev_type ... ev_extra4), from $1 and the six fields in $2 ... $7;
 *                   null when the trigger has no expressions
 *
 * Values are text as the type's output function gives it. A cast to text is that only where
 * there is no special cast function (not so for boolean, char(n), inet and others, nor for
 * domains over them), elsewhere format('%s') is used.
 *
 * The order of the checks is part of the interface, so is the order of the texts.
 *
 * Parameters:
 *   i_format   'url', 'json' or 'sql'
 *   i_table, i_schema, i_name, i_when, i_level, i_op, i_args   TG_* variables
 * Returns:
 *   queue_name   where the event goes
 *   skip         the row change shall not happen
 *   and the two queries
 * Calls:   pgq._urlencode, pgq._equality_operator, pgq._trigger_expression
 */
declare
    -- bytea, int8, int2, int4, text, oid, json, float4, float8, varchar, date, time, timestamp,
    -- timestamptz, interval, timetz, numeric, uuid, jsonb: a cast to text is the output function
    c_plain_text constant oid[] := array[17, 20, 21, 23, 25, 26, 114, 700, 701, 1043, 1082, 1083, 1114,
        1184, 1186, 1266, 1700, 2950, 3802];
    -- the same without json: = is what the type means by equal
    c_plain_equal constant oid[] := array[16, 17, 20, 21, 23, 25, 26, 700, 701, 1043, 1042, 1082, 1083, 1114,
        1184, 1186, 1266, 1700, 2950, 3802];
    -- boolean, int8, int2, int4, oid, numeric, uuid: nothing in their text needs encoding
    c_plain_url constant oid[] := array[16, 20, 21, 23, 26, 1700, 2950];
    c_fields constant text[] := array['ev_type', 'ev_data', 'ev_extra1', 'ev_extra2', 'ev_extra3', 'ev_extra4'];

    v_arg text;
    v_pos integer;
    v_field text;
    v_ignore text;
    v_pkey text;
    v_backup boolean := false;
    v_deny boolean := false;
    v_overrides text[] := array[null, null, null, null, null, null]::text[];
    v_overridden boolean := false;
    v_when text;

    v_ignored text[] := '{}';
    v_keys text[];              -- for matching
    v_key_list text[];          -- as shown
    v_col record;
    v_columns text[] := '{}';
    v_is_key boolean;
    v_new text;
    v_old text;
    v_new_text text;
    v_old_text text;
    v_equal text;
    v_changed text;
    v_name text;

    v_magic text[] := array[null, null, null, null, null, null]::text[];
    v_pairs text[] := '{}';         -- of the row, in the format of the data
    v_old_pairs text[] := '{}';     -- of the old row, for backup
    v_names text[] := '{}';         -- sql: column names
    v_where text[] := '{}';         -- sql: key condition
    v_first_key text;               -- sql: what an update of nothing sets
    v_key_null text[] := '{}';
    v_key_changed text[] := '{}';
    v_seen_changed text[] := '{}';
    v_ignored_changed text[] := '{}';
    v_values text[];
    v_wanted text := 'true';
    v_problem text := 'null';
begin
    -- how it was fired
    if i_op = 'TRUNCATE' then
        if i_level <> 'STATEMENT' then
            raise exception 'pgq tRuncate trigger must be fired FOR EACH STATEMENT';
        end if;
    elsif i_level <> 'ROW' then
        raise exception 'pgq Ins/Upd/Del trigger must be fired FOR EACH ROW';
    end if;
    if coalesce(pg_catalog.cardinality(i_args), 0) = 0 then
        raise exception 'pgq trigger must have destination queue as argument';
    end if;

    -- arguments; the first is the queue
    skip := false;
    foreach v_arg in array i_args loop
        v_field := pg_catalog.substring(v_arg, '^(ev_(?:type|data|extra[1-4]))=');
        if queue_name is null then
            queue_name := v_arg;
        elsif v_arg in ('SKIP', 'skip') then
            skip := true;
        elsif v_arg = 'backup' then
            v_backup := true;
        elsif v_arg = 'deny' then
            v_deny := true;
        elsif pg_catalog.left(v_arg, 7) = 'ignore=' then
            v_ignore := pg_catalog.substr(v_arg, 8);
        elsif pg_catalog.left(v_arg, 5) = 'pkey=' then
            v_pkey := pg_catalog.substr(v_arg, 6);
        elsif pg_catalog.left(v_arg, 5) = 'when=' then
            v_when := pg_catalog.substr(v_arg, 6);
            v_overridden := true;
        elsif v_field is not null then
            v_pos := pg_catalog.array_position(c_fields, v_field);
            -- given twice, the first counts
            v_overrides[v_pos] := coalesce(v_overrides[v_pos],
                pg_catalog.substr(v_arg, pg_catalog.length(v_field) + 2));
            v_overridden := true;
        else
            raise exception 'bad param to pgq trigger'
                using errcode = 'invalid_parameter_value', detail = pg_catalog.format('Argument: %s', v_arg);
        end if;
    end loop;
    if i_op = 'TRUNCATE' then
        if v_ignore is not null then
            raise exception 'Column ignore does not make sense for truncate trigger';
        elsif v_pkey is not null then
            raise exception 'Custom pkey_list does not make sense for truncate trigger';
        elsif v_backup then
            raise exception 'Backup does not make sense for truncate trigger';
        elsif v_overridden then
            raise exception 'Custom expressions do not make sense for truncater trigger';
        end if;
    end if;

    -- The constraint knows the key columns alone; the index also those it merely includes.
    if v_pkey is null then
        select pg_catalog.array_agg(a.attname::text order by k.ord)
            into v_key_list
            from pg_catalog.pg_constraint c
            cross join lateral pg_catalog.unnest(c.conkey) with ordinality as k(attnum, ord)
            join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.attnum
            where c.conrelid = i_table
              and c.contype = 'p';
        v_keys := coalesce(v_key_list, '{}');
        v_key_list := v_keys;
        v_pkey := pg_catalog.array_to_string(v_keys, ',');
    else
        v_keys := pg_catalog.regexp_split_to_array(v_pkey, E'[,\\s]+');
        v_key_list := case when v_pkey = '' then array[''] else pg_catalog.string_to_array(v_pkey, ',') end;
    end if;
    if v_pkey = '' and i_op in ('UPDATE', 'DELETE') then
        raise exception 'Update/Delete on table without pkey'
            using hint = 'add a primary key, or name the key columns in the trigger: pkey=col1,col2';
    end if;
    if skip and i_when = 'AFTER' then
        raise exception 'SKIP does not work in AFTER trigger.';
    end if;
    if v_deny then
        raise exception 'Table ''%'' to queue ''%'': change not allowed (%)',
            i_schema || '.' || i_name, queue_name, i_op;
    end if;

    if v_ignore is not null then
        v_ignored := pg_catalog.regexp_split_to_array(v_ignore, E'[,\\s]+');
    end if;

    -- columns
    if i_op <> 'TRUNCATE' then
        for v_col in
            select a.attname::text as name, a.atttypid as type
            from pg_catalog.pg_attribute a
            where a.attrelid = i_table
              and a.attnum > 0
              and not a.attisdropped
            order by a.attnum
        loop
            v_columns := v_columns || v_col.name;
            v_new := '($1).' || pg_catalog.quote_ident(v_col.name);
            v_old := '($2).' || pg_catalog.quote_ident(v_col.name);
            if v_col.type = any (c_plain_text) then
                v_new_text := v_new || '::pg_catalog.text';
                v_old_text := v_old || '::pg_catalog.text';
            else
                v_new_text := 'case when pg_catalog.num_nulls(' || v_new || ') = 0'
                    || ' then pg_catalog.format(''%s'', ' || v_new || ') end';
                v_old_text := pg_catalog.replace(v_new_text, v_new, v_old);
            end if;

            if i_op = 'UPDATE' then
                v_equal := case
                    when v_col.type = any (c_plain_equal) then 'operator(pg_catalog.=)'
                    else pgq._equality_operator(v_col.type)
                    end;
                -- null and null are equal, null and a value are not
                if v_equal is not null then
                    v_changed := pg_catalog.format('not coalesce(%s %s %s, pg_catalog.num_nulls(%1$s, %3$s) = 2)',
                        v_new, v_equal, v_old);
                else
                    v_changed := pg_catalog.format(
                        'not coalesce((%s) collate pg_catalog."C" operator(pg_catalog.=) (%s),'
                            ' pg_catalog.num_nulls(%s, %s) = 2)',
                        v_new_text, v_old_text, v_new, v_old);
                end if;
            end if;

            if pg_catalog.left(v_col.name, 8) = '_pgq_ev_' then
                v_field := pg_catalog.substr(v_col.name, 6);
                if v_field <> all (c_fields) then
                    raise exception 'Unknown magic column: %', v_col.name;
                end if;
                v_pos := pg_catalog.array_position(c_fields, v_field);
                v_magic[v_pos] := v_new_text;
                if i_op = 'UPDATE' then
                    v_ignored_changed := v_ignored_changed || v_changed;
                end if;
                continue;
            end if;

            v_is_key := v_col.name = any (v_keys);
            if v_is_key and i_format = 'sql' and i_op <> 'INSERT' then
                v_where := v_where || pg_catalog.format('%L || pg_catalog.quote_literal(%s)',
                    pg_catalog.quote_ident(v_col.name) || '=', v_old_text);
                v_first_key := coalesce(v_first_key, v_where[1]);
                v_key_null := v_key_null || pg_catalog.format('pg_catalog.num_nulls(%s) = 1', v_old);
            end if;
            if v_is_key and i_op = 'UPDATE' then
                v_key_changed := v_key_changed || v_changed;
            end if;
            if v_col.name = any (v_ignored) then
                if i_op = 'UPDATE' then
                    v_ignored_changed := v_ignored_changed || v_changed;
                end if;
                continue;
            end if;
            if i_op = 'UPDATE' then
                v_seen_changed := v_seen_changed || v_changed;
            end if;

            if i_format = 'url' or (i_format = 'sql' and v_backup) then
                v_name := pgq._urlencode(v_col.name);
                if i_format = 'url' then
                    v_pairs := v_pairs || case
                        when v_col.type = any (c_plain_url) then
                            pg_catalog.format('%L || coalesce(''='' || %s, '''')', v_name, v_new_text)
                        else
                            pg_catalog.format('%L || coalesce(''='' || pgq._urlencode(%s), '''')', v_name, v_new_text)
                        end;
                end if;
                if v_backup and i_op = 'UPDATE' then
                    v_old_pairs := v_old_pairs
                        || pg_catalog.format('%L || coalesce(''='' || pgq._urlencode(%s), '''')', v_name, v_old_text);
                end if;
            elsif i_format = 'json' then
                v_name := pg_catalog.to_json(v_col.name)::text || ':';
                if v_col.type in (16, 20, 21, 23) then              -- boolean, integers: as they are
                    v_pairs := v_pairs
                        || pg_catalog.format('%L || coalesce(%s::pg_catalog.text, ''null'')', v_name, v_new);
                elsif v_col.type in (1082, 1114, 1184) then         -- date, timestamps: ISO 8601
                    v_new_text := v_new;
                end if;
                if v_col.type not in (16, 20, 21, 23) then
                    v_pairs := v_pairs
                        || pg_catalog.format('%L || coalesce(pg_catalog.to_json(%s)::pg_catalog.text, ''null'')',
                            v_name, v_new_text);
                end if;
                if v_backup and i_op = 'UPDATE' then
                    v_old_pairs := v_old_pairs
                        || pg_catalog.replace(v_pairs[pg_catalog.cardinality(v_pairs)], v_new, v_old);
                end if;
            end if;
            if i_format = 'sql' then
                v_name := pg_catalog.quote_ident(v_col.name);
                if i_op = 'INSERT' then
                    v_names := v_names || v_name;
                    v_pairs := v_pairs
                        || pg_catalog.format('coalesce(pg_catalog.quote_literal(%s), ''null'')', v_new_text);
                elsif i_op = 'UPDATE' then
                    v_pairs := v_pairs
                        || pg_catalog.format('case when %s then %L || coalesce(pg_catalog.quote_literal(%s), ''NULL'') end',
                            v_changed, v_name || '=', v_new_text);
                end if;
            end if;
        end loop;
    end if;

    -- fields
    v_values := array[
        case i_format
            when 'url' then
                pg_catalog.quote_literal(case i_op
                    when 'TRUNCATE' then 'R'
                    else pg_catalog.left(i_op, 1) || ':' || v_pkey
                    end)
            when 'json' then
                pg_catalog.quote_literal('{"op":"' || i_op || '","table":['
                    || pg_catalog.to_json(i_schema)::text || ',' || pg_catalog.to_json(i_name)::text
                    || '],"pkey":['
                    || coalesce((
                        select pg_catalog.string_agg(pg_catalog.to_json(k.name)::text, ',' order by k.ord)
                        from pg_catalog.unnest(v_key_list) with ordinality as k(name, ord)), '')
                    || ']}')
            else
                pg_catalog.quote_literal(case i_op when 'TRUNCATE' then 'R' else pg_catalog.left(i_op, 1) end)
            end,
        case
            when i_op = 'TRUNCATE' then
                case i_format when 'json' then '''{}''' else '''''' end
            when i_format = 'url' then
                pg_catalog.format('pg_catalog.array_to_string(array[%s]::pg_catalog.text[], ''&'')',
                    pg_catalog.array_to_string(v_pairs, ', '))
            when i_format = 'json' then
                pg_catalog.format('''{'' || pg_catalog.array_to_string(array[%s]::pg_catalog.text[], '','') || ''}''',
                    pg_catalog.array_to_string(v_pairs, ', '))
            when i_op = 'INSERT' then
                pg_catalog.format('%L || pg_catalog.array_to_string(array[%s]::pg_catalog.text[], '','') || '')''',
                    '(' || pg_catalog.array_to_string(v_names, ',') || ') values (',
                    pg_catalog.array_to_string(v_pairs, ', '))
            when i_op = 'UPDATE' then
                pg_catalog.format('coalesce(nullif(pg_catalog.array_to_string(array[%s]::pg_catalog.text[], '',''), ''''), %s)'
                        ' || '' where '' || pg_catalog.array_to_string(array[%s]::pg_catalog.text[], '' and '')',
                    pg_catalog.array_to_string(v_pairs, ', '), coalesce(v_first_key, ''''''),
                    pg_catalog.array_to_string(v_where, ', '))
            else
                pg_catalog.format('pg_catalog.array_to_string(array[%s]::pg_catalog.text[], '' and '')',
                    pg_catalog.array_to_string(v_where, ', '))
            end,
        pg_catalog.quote_literal(i_schema || '.' || i_name),
        case
            when not v_backup or i_op <> 'UPDATE' then 'null'
            when i_format = 'json' then
                pg_catalog.format('''{'' || pg_catalog.array_to_string(array[%s]::pg_catalog.text[], '','') || ''}''',
                    pg_catalog.array_to_string(v_old_pairs, ', '))
            else
                pg_catalog.format('pg_catalog.array_to_string(array[%s]::pg_catalog.text[], ''&'')',
                    pg_catalog.array_to_string(v_old_pairs, ', '))
            end,
        'null',
        'null'];

    -- An update that changes nothing at all is an event, one of ignored columns only is none.
    if v_ignored_changed <> '{}' then
        v_wanted := pg_catalog.array_to_string(v_seen_changed || ('not (' ||
            pg_catalog.array_to_string(v_ignored_changed, ' or ') || ')'), ' or ');
    end if;
    if v_key_changed <> '{}' or v_key_null <> '{}' then
        v_problem := pg_catalog.format(
            'case when %s then ''primary key update not allowed'''
            ' when not (%s) then null'
            ' when %s then ''logtriga: Unexpected NULL key value'' end',
            coalesce(nullif(pg_catalog.array_to_string(v_key_changed, ' or '), ''), 'false'),
            v_wanted,
            coalesce(nullif(pg_catalog.array_to_string(v_key_null, ' or '), ''), 'false'));
    end if;

    event_sql := pg_catalog.format('select (%s)::pg_catalog.text as problem, (%s) as wanted', v_problem, v_wanted);
    for i in 1 .. 6 loop
        event_sql := event_sql || pg_catalog.format(', (%s)::pg_catalog.text as %s',
            coalesce(v_magic[i], v_values[i]), c_fields[i]);
    end loop;

    if v_overridden then
        if v_when is null then
            override_sql := 'select true as wanted';
        else
            override_sql := 'select pgq._trigger_when(array(select pg_catalog.pg_typeof(q.v)::pg_catalog.oid::pg_catalog.text'
                || ' || '':'' || case when pg_catalog.num_nulls(q.v) = 0 then pg_catalog.format(''%s'', q.v) else '''' end'
                || ' from (select ' || pgq._trigger_expression(v_when, v_columns) || E'\n) as q(v))) as wanted';
        end if;
        for i in 1 .. 6 loop
            override_sql := override_sql || case
                when v_overrides[i] is null then
                    pg_catalog.format(', $%s::pg_catalog.text as %s', i + 1, c_fields[i])
                else
                    ', pgq._trigger_value(array(select case when pg_catalog.num_nulls(q.v) = 0'
                    || ' then pg_catalog.format(''%s'', q.v) end from (select '
                    || pgq._trigger_expression(v_overrides[i], v_columns) || E'\n) as q(v))) as ' || c_fields[i]
                end;
        end loop;
    end if;
end;
$$;
create or replace function pgq.logutriga()
returns trigger
language plpgsql
as $$
/*
 * pgq.logutriga() - put row changes on a queue, urlencoded.
 *
 * Not SECURITY DEFINER, and without a search_path of its own: expressions in the arguments
 * belong to the table's owner and run with the rights and names of whoever changes the row.
 * Whoever does so needs EXECUTE on pgq.insert_event.
 *
 * Arguments, the first being the queue, the others in any order:
 *   SKIP              BEFORE trigger: the row change does not happen
 *   ignore=col,...    leave columns out; an update of only these makes no event
 *   pkey=col,...      key columns instead of the primary key
 *   backup            ev_extra2 of an update is the old row
 *   deny              refuse all changes
 *   ev_type=EXPR, ev_data=EXPR, ev_extra1=EXPR ... ev_extra4=EXPR
 *                     set a field by an SQL expression over the row's columns
 *   when=EXPR         no event when false
 * Event:
 *   ev_type     I:, U: or D: and the key columns; R for truncate
 *   ev_data     the row as col=value&col&..., a column without "=" is null
 *   ev_extra1   schema.table
 *   ev_extra2   with backup, for updates: the old row, urlencoded
 * Calls:   pgq._trigger_plan, pgq.insert_event(7)
 */
declare
    v_plan record;
    v_row record;
    v_old record;
    v_ev record;
begin
    if pgq._session_role() <> 'origin' and pgq._trigger_idle(tg_relid, tg_name) then
        if tg_when = 'AFTER' or tg_level = 'STATEMENT' then
            return null;
        elsif tg_op = 'DELETE' then
            return old;
        end if;
        return new;
    end if;

    v_plan := pgq._trigger_plan('url', tg_relid, tg_table_schema::text, tg_table_name::text,
        tg_when, tg_level, tg_op, tg_argv);

    if tg_op = 'TRUNCATE' then
        execute v_plan.event_sql into v_ev;
    else
        if tg_op = 'DELETE' then
            v_row := old;
        else
            v_row := new;
        end if;
        if tg_op = 'UPDATE' then
            v_old := old;
        else
            v_old := v_row;
        end if;
        execute v_plan.event_sql into v_ev using v_row, v_old;
        if v_ev.problem is not null then
            raise exception '%', v_ev.problem
                using detail = pg_catalog.format('Table: %s.%s', tg_table_schema, tg_table_name);
        end if;
        if v_ev.wanted and v_plan.override_sql is not null then
            execute v_plan.override_sql into v_ev
                using v_row, v_ev.ev_type, v_ev.ev_data, v_ev.ev_extra1, v_ev.ev_extra2, v_ev.ev_extra3, v_ev.ev_extra4;
        end if;
    end if;

    if v_ev.wanted then
        perform pgq.insert_event(v_plan.queue_name, v_ev.ev_type, v_ev.ev_data,
            v_ev.ev_extra1, v_ev.ev_extra2, v_ev.ev_extra3, v_ev.ev_extra4);
    end if;

    if tg_when = 'AFTER' or v_plan.skip or tg_op = 'TRUNCATE' then
        return null;
    elsif tg_op = 'DELETE' then
        return old;
    end if;
    return new;
end;
$$;
create or replace function pgq.jsontriga()
returns trigger
language plpgsql
as $$
/*
 * pgq.jsontriga() - put row changes on a queue, as JSON.
 *
 * Not SECURITY DEFINER, and without a search_path of its own: expressions in the arguments
 * belong to the table's owner and run with the rights and names of whoever changes the row.
 * Whoever does so needs EXECUTE on pgq.insert_event.
 *
 * Arguments, the first being the queue, the others in any order:
 *   SKIP              BEFORE trigger: the row change does not happen
 *   ignore=col,...    leave columns out; an update of only these makes no event
 *   pkey=col,...      key columns instead of the primary key
 *   backup            ev_extra2 of an update is the old row
 *   deny              refuse all changes
 *   ev_type=EXPR, ev_data=EXPR, ev_extra1=EXPR ... ev_extra4=EXPR
 *                     set a field by an SQL expression over the row's columns
 *   when=EXPR         no event when false
 * Event:
 *   ev_type     {"op":...,"table":[schema,table],"pkey":[...]}
 *   ev_data     the row as {"col":value,...}; {} for truncate
 *   ev_extra1   schema.table
 *   ev_extra2   with backup, for updates: the old row, as JSON
 * Calls:   pgq._trigger_plan, pgq.insert_event(7)
 */
declare
    v_plan record;
    v_row record;
    v_old record;
    v_ev record;
begin
    if pgq._session_role() <> 'origin' and pgq._trigger_idle(tg_relid, tg_name) then
        if tg_when = 'AFTER' or tg_level = 'STATEMENT' then
            return null;
        elsif tg_op = 'DELETE' then
            return old;
        end if;
        return new;
    end if;

    v_plan := pgq._trigger_plan('json', tg_relid, tg_table_schema::text, tg_table_name::text,
        tg_when, tg_level, tg_op, tg_argv);

    if tg_op = 'TRUNCATE' then
        execute v_plan.event_sql into v_ev;
    else
        if tg_op = 'DELETE' then
            v_row := old;
        else
            v_row := new;
        end if;
        if tg_op = 'UPDATE' then
            v_old := old;
        else
            v_old := v_row;
        end if;
        execute v_plan.event_sql into v_ev using v_row, v_old;
        if v_ev.problem is not null then
            raise exception '%', v_ev.problem
                using detail = pg_catalog.format('Table: %s.%s', tg_table_schema, tg_table_name);
        end if;
        if v_ev.wanted and v_plan.override_sql is not null then
            execute v_plan.override_sql into v_ev
                using v_row, v_ev.ev_type, v_ev.ev_data, v_ev.ev_extra1, v_ev.ev_extra2, v_ev.ev_extra3, v_ev.ev_extra4;
        end if;
    end if;

    if v_ev.wanted then
        perform pgq.insert_event(v_plan.queue_name, v_ev.ev_type, v_ev.ev_data,
            v_ev.ev_extra1, v_ev.ev_extra2, v_ev.ev_extra3, v_ev.ev_extra4);
    end if;

    if tg_when = 'AFTER' or v_plan.skip or tg_op = 'TRUNCATE' then
        return null;
    elsif tg_op = 'DELETE' then
        return old;
    end if;
    return new;
end;
$$;
create or replace function pgq.sqltriga()
returns trigger
language plpgsql
as $$
/*
 * pgq.sqltriga() - put row changes on a queue, as fragments of SQL statements.
 *
 * Not SECURITY DEFINER, and without a search_path of its own: expressions in the arguments
 * belong to the table's owner and run with the rights and names of whoever changes the row.
 * Whoever does so needs EXECUTE on pgq.insert_event.
 *
 * Arguments, the first being the queue, the others in any order:
 *   SKIP              BEFORE trigger: the row change does not happen
 *   ignore=col,...    leave columns out; an update of only these makes no event
 *   pkey=col,...      key columns instead of the primary key
 *   backup            ev_extra2 of an update is the old row
 *   deny              refuse all changes
 *   ev_type=EXPR, ev_data=EXPR, ev_extra1=EXPR ... ev_extra4=EXPR
 *                     set a field by an SQL expression over the row's columns
 *   when=EXPR         no event when false
 * Event:
 *   ev_type     I, U, D; R for truncate
 *   ev_data     what follows "insert into T", "update only T set", "delete from only T where"
 *   ev_extra1   schema.table
 *   ev_extra2   with backup, for updates: the old row, urlencoded
 * Calls:   pgq._trigger_plan, pgq.insert_event(7)
 */
declare
    v_plan record;
    v_row record;
    v_old record;
    v_ev record;
begin
    if pgq._session_role() <> 'origin' and pgq._trigger_idle(tg_relid, tg_name) then
        if tg_when = 'AFTER' or tg_level = 'STATEMENT' then
            return null;
        elsif tg_op = 'DELETE' then
            return old;
        end if;
        return new;
    end if;

    v_plan := pgq._trigger_plan('sql', tg_relid, tg_table_schema::text, tg_table_name::text,
        tg_when, tg_level, tg_op, tg_argv);

    if tg_op = 'TRUNCATE' then
        execute v_plan.event_sql into v_ev;
    else
        if tg_op = 'DELETE' then
            v_row := old;
        else
            v_row := new;
        end if;
        if tg_op = 'UPDATE' then
            v_old := old;
        else
            v_old := v_row;
        end if;
        execute v_plan.event_sql into v_ev using v_row, v_old;
        if v_ev.problem is not null then
            raise exception '%', v_ev.problem
                using detail = pg_catalog.format('Table: %s.%s', tg_table_schema, tg_table_name);
        end if;
        if v_ev.wanted and v_plan.override_sql is not null then
            execute v_plan.override_sql into v_ev
                using v_row, v_ev.ev_type, v_ev.ev_data, v_ev.ev_extra1, v_ev.ev_extra2, v_ev.ev_extra3, v_ev.ev_extra4;
        end if;
    end if;

    if v_ev.wanted then
        perform pgq.insert_event(v_plan.queue_name, v_ev.ev_type, v_ev.ev_data,
            v_ev.ev_extra1, v_ev.ev_extra2, v_ev.ev_extra3, v_ev.ev_extra4);
    end if;

    if tg_when = 'AFTER' or v_plan.skip or tg_op = 'TRUNCATE' then
        return null;
    elsif tg_op = 'DELETE' then
        return old;
    end if;
    return new;
end;
$$;

-- ticks
create or replace function pgq._notify_tick(i_queue_name text)
returns void
language plpgsql
as $$
/*
 * pgq._notify_tick(1) - wake up workers that listen on channel pgq_tick.
 *
 * Sent when the tick commits, so whoever wakes up sees it. A hint only: workers poll as well.
 *
 * Parameters:
 *   i_queue_name   queue that ticked; its name is the payload, cut where it would not fit
 */
begin
    perform pg_catalog.pg_notify('pgq_tick',
        case when pg_catalog.octet_length(i_queue_name) > 7000
            then pg_catalog.left(i_queue_name, 1750)
            else i_queue_name
        end);
end;
$$;
create or replace function pgq.ticker(i_queue_name text)
returns bigint
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq.ticker(1) - tick a queue if it is time to.
 *
 * A later tick must never hold an older snapshot than an earlier one: events would be lost.
 * So tickers of one queue take turns, by an advisory lock that is held until commit. What
 * makes the lock sufficient: in a volatile PL/pgSQL function under READ COMMITTED each
 * statement takes a snapshot of its own, so the insert below, whose column default stores
 * that snapshot, takes it after the lock was got; and locks are released only after the
 * holder's transaction has ended for everyone, so the tick before is visible then and its
 * snapshot older. Under REPEATABLE READ the snapshot dates from before the lock: refused,
 * except for the first tick of a queue, which cannot be out of order. The lock does not
 * wait: while another ticker is at it, there is nothing to do here. It is advisory, not on
 * the queue's row, so that looking without ticking writes nothing and needs no transaction id.
 *
 * Parameters:
 *   i_queue_name   queue
 * Returns:
 *   id of the new tick; null when it was not time, or another ticker is at it
 * Calls:   pgq.seq_getval, pgq._notify_tick
 * Writes:  pgq.tick (one row)
 */
declare
    v_queue record;
    v_last record;
    v_prev_time timestamptz;
    v_seq bigint;
    v_new bigint;
    v_lag interval;
    v_cur_txid bigint;
    v_tick bigint;
begin
    select q.queue_id, q.queue_tick_seq, q.queue_event_seq, q.queue_external_ticker,
           q.queue_ticker_paused, q.queue_ticker_max_count, q.queue_ticker_max_lag,
           q.queue_ticker_idle_period
        into v_queue
        from pgq.queue q
        where q.queue_name = i_queue_name;
    if not found then
        raise exception 'no such queue' using detail = format('Queue: %s', i_queue_name);
    end if;
    if v_queue.queue_external_ticker then
        raise exception 'This queue has external tick source.';
    end if;
    if v_queue.queue_ticker_paused then
        raise exception 'Ticker has been paused for this queue';
    end if;

    if not pg_try_advisory_xact_lock('pgq.queue'::regclass::oid::integer, v_queue.queue_id) then
        return null;
    end if;

    v_seq := pgq.seq_getval(v_queue.queue_event_seq);
    select t.tick_id, t.tick_time, t.tick_event_seq,
           txid_snapshot_xmin(t.tick_snapshot) as xmin, txid_snapshot_xmax(t.tick_snapshot) as xmax
        into v_last
        from pgq.tick t
        where t.tick_queue = v_queue.queue_id
        order by t.tick_queue desc, t.tick_id desc
        limit 1;

    if found then
        -- The next transaction id, looked at without taking one: most calls end here.
        v_cur_txid := txid_snapshot_xmax(txid_current_snapshot());
        if v_last.xmin > v_cur_txid then
            raise exception 'Invalid PgQ state: old xmin=%, old xmax=%, cur txid=%',
                v_last.xmin, v_last.xmax, v_cur_txid
                using errcode = 'data_corrupted',
                    hint = 'this database was restored into a server with lower transaction ids';
        end if;
        v_new := v_seq - v_last.tick_event_seq;
        v_lag := now() - v_last.tick_time;
        if v_new < 0 then
            raise warning 'Negative new_events?  old=% cur=%', v_last.tick_event_seq, v_seq;
        end if;
        if v_last.xmax > v_cur_txid then
            raise warning 'Dubious PgQ state: old xmax=%, cur txid=%', v_last.xmax, v_cur_txid;
        end if;

        if v_new > 0 then
            if v_new < v_queue.queue_ticker_max_count and v_lag < v_queue.queue_ticker_max_lag then
                return null;
            end if;
        else
            select t.tick_time into v_prev_time
                from pgq.tick t
                where t.tick_queue = v_queue.queue_id
                  and t.tick_id < v_last.tick_id
                order by t.tick_queue desc, t.tick_id desc
                limit 1;
            -- idle: twice as long as last time, but no longer than the idle period
            if found and (v_lag < v_queue.queue_ticker_max_lag / 2
                    or (v_lag < (v_last.tick_time - v_prev_time) * 2
                        and v_lag < v_queue.queue_ticker_idle_period)) then
                return null;
            end if;
        end if;

        if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
            raise exception 'queue "%" cannot tick in a % transaction',
                i_queue_name, current_setting('transaction_isolation')
                using errcode = 'invalid_transaction_state',
                    hint = 'the ticker needs READ COMMITTED: its snapshot must be taken after its lock';
        end if;
    end if;

    insert into pgq.tick (tick_queue, tick_id, tick_event_seq)
        values (v_queue.queue_id, nextval(pgq.quote_fqname(v_queue.queue_tick_seq)::regclass), v_seq)
        returning tick_id into v_tick;
    perform pgq._notify_tick(i_queue_name);
    return v_tick;
end;
$$;

create or replace function pgq.ticker(
    i_queue_name text, i_tick_id bigint, i_orig_timestamp timestamptz, i_event_seq bigint)
returns bigint
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq.ticker(4) - tick a queue whose ticks come from elsewhere, such as a branch's.
 *
 * Waits for another ticker of the queue instead of giving way to it: the caller relies on
 * this tick being there afterwards. For the order of snapshots see pgq.ticker(1).
 *
 * Parameters:
 *   i_queue_name       queue with an external ticker
 *   i_tick_id          id the tick has where it comes from
 *   i_orig_timestamp   its time there
 *   i_event_seq        its event sequence there
 * Returns:
 *   id of the tick
 * Calls:   pgq.seq_setval, pgq._notify_tick
 * Writes:  pgq.tick (one row)
 */
declare
    v_queue record;
begin
    select q.queue_id, q.queue_tick_seq, q.queue_event_seq
        into v_queue
        from pgq.queue q
        where q.queue_name = i_queue_name
          and q.queue_external_ticker
          and not q.queue_ticker_paused;
    if not found then
        raise exception 'queue not found or ticker disabled: %', i_queue_name;
    end if;

    perform pg_advisory_xact_lock('pgq.queue'::regclass::oid::integer, v_queue.queue_id);

    insert into pgq.tick (tick_queue, tick_id, tick_time, tick_event_seq)
        values (v_queue.queue_id, i_tick_id, i_orig_timestamp, i_event_seq);
    perform pgq.seq_setval(v_queue.queue_tick_seq, i_tick_id);
    perform pgq.seq_setval(v_queue.queue_event_seq, i_event_seq);
    perform pgq._notify_tick(i_queue_name);
    return i_tick_id;
end;
$$;

create or replace function pgq.ticker()
returns bigint
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq.ticker(0) - tick all queues that are due.
 *
 * Returns:
 *   number of queues that ticked
 * Calls:   pgq.ticker(1)
 */
declare
    v_queue text;
    v_count bigint := 0;
begin
    for v_queue in
        select q.queue_name
        from pgq.queue q
        where not q.queue_external_ticker
          and not q.queue_ticker_paused
        order by q.queue_name
    loop
        if pgq.ticker(v_queue) is not null then
            v_count := v_count + 1;
        end if;
    end loop;
    return v_count;
end;
$$;
create or replace function pgq.force_tick(i_queue_name text)
returns bigint
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq.force_tick(1) - make a queue look so busy that the ticker's next round ticks.
 *
 * Does not tick itself. Callers repeat it, pausing in between, until the result changes.
 *
 * Parameters:
 *   i_queue_name   queue; nothing is done to one with an external or paused ticker
 * Returns:
 *   id of the newest tick; null for an unknown queue
 * Calls:   pgq.seq_setval
 */
declare
    v_queue record;
begin
    select q.queue_id, q.queue_event_seq, q.queue_ticker_max_count,
           q.queue_external_ticker or q.queue_ticker_paused as hands_off
        into v_queue
        from pgq.queue q
        where q.queue_name = i_queue_name;
    if not found then
        return null;
    end if;
    if not v_queue.hands_off then
        perform pgq.seq_setval(v_queue.queue_event_seq,
            nextval(pgq.quote_fqname(v_queue.queue_event_seq)::regclass)
                + v_queue.queue_ticker_max_count * 2::bigint + 1000);
    end if;
    return (select t.tick_id
        from pgq.tick t
        where t.tick_queue = v_queue.queue_id
        order by t.tick_queue desc, t.tick_id desc
        limit 1);
end;
$$;

-- queues
create or replace function pgq.grant_perms(x_queue_name text)
returns integer
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq.grant_perms(1) - set the grants of one queue's tables and sequences.
 *
 * The event tables get what pgq.event_template has, so changing the grants there and calling
 * this changes who may read and write events.
 *
 * Parameters:
 *   x_queue_name   queue
 * Returns:
 *   1
 * Calls:   pgq._grant_perms_from
 */
declare
    v_queue record;
    v_schema text;
    v_table text;
begin
    select q.queue_ntables, q.queue_data_pfx, q.queue_event_seq, q.queue_tick_seq
        into v_queue
        from pgq.queue q
        where q.queue_name = x_queue_name;
    if not found then
        raise exception 'Queue not found';
    end if;

    execute format('grant select on %s, %s to public',
        pgq.quote_fqname(v_queue.queue_event_seq), pgq.quote_fqname(v_queue.queue_tick_seq));
    if exists (select 1 from pg_roles where rolname = 'pgq_admin') then
        execute format('grant usage on %s to pgq_admin', pgq.quote_fqname(v_queue.queue_event_seq));
    end if;

    if strpos(v_queue.queue_data_pfx, '.') > 0 then
        v_schema := split_part(v_queue.queue_data_pfx, '.', 1);
        v_table := substr(v_queue.queue_data_pfx, strpos(v_queue.queue_data_pfx, '.') + 1);
    else
        v_schema := 'public';
        v_table := v_queue.queue_data_pfx;
    end if;
    perform pgq._grant_perms_from('pgq', 'event_template', v_schema, v_table);
    for i in 0 .. v_queue.queue_ntables - 1 loop
        perform pgq._grant_perms_from('pgq', 'event_template', v_schema, v_table || '_' || i::text);
    end loop;
    return 1;
end;
$$;
create or replace function pgq.tune_storage(i_queue_name text)
returns integer
language plpgsql
strict
as $$
/*
 * pgq.tune_storage(1) - storage options of a queue's data tables.
 *
 * Rows are appended and then truncated, never updated: nothing for autovacuum to do.
 *
 * Parameters:
 *   i_queue_name   queue
 * Returns:
 *   1  done
 *   0  no such queue
 */
declare
    v_queue record;
begin
    select q.queue_ntables, q.queue_data_pfx
        into v_queue
        from pgq.queue q
        where q.queue_name = i_queue_name;
    if not found then
        return 0;
    end if;

    for i in 0 .. v_queue.queue_ntables - 1 loop
        execute pg_catalog.format(
            'alter table %s set (fillfactor = 100, autovacuum_enabled = off, toast.autovacuum_enabled = off)',
            pgq.quote_fqname(v_queue.queue_data_pfx || '_' || i::text));
    end loop;
    return 1;
end;
$$;
create or replace function pgq.create_queue(i_queue_name text)
returns integer
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq.create_queue(1) - make a queue: its row, tables, sequences and first tick.
 *
 * Parameters:
 *   i_queue_name   name of the new queue
 * Returns:
 *   1  created
 *   0  was there already
 * Calls:   pgq.grant_perms, pgq.ticker(1), pgq.tune_storage
 * Writes:  pgq.queue (one row)
 */
declare
    v_id integer;
    v_pfx text;
    v_child text;
    v_queue record;
begin
    if i_queue_name is null then
        raise exception 'Invalid NULL value' using hint = 'a queue needs a name';
    end if;
    perform 1 from pgq.queue q where q.queue_name = i_queue_name;
    if found then
        return 0;
    end if;

    v_id := nextval('pgq.queue_queue_id_seq');
    v_pfx := 'pgq.event_' || v_id::text;
    insert into pgq.queue (queue_id, queue_name, queue_data_pfx, queue_event_seq, queue_tick_seq)
        values (v_id, i_queue_name, v_pfx, v_pfx || '_id_seq', v_pfx || '_tick_seq')
        returning * into v_queue;

    execute 'create sequence ' || pgq.quote_fqname(v_queue.queue_tick_seq);
    execute 'create sequence ' || pgq.quote_fqname(v_queue.queue_event_seq);
    execute 'create table ' || pgq.quote_fqname(v_pfx) || ' () inherits (pgq.event_template)';
    for i in 0 .. v_queue.queue_ntables - 1 loop
        v_child := pgq.quote_fqname(v_pfx || '_' || i::text);
        execute format('create table %s () inherits (%s)', v_child, pgq.quote_fqname(v_pfx));
        execute format('alter table %s alter column ev_id set default nextval(%L)',
            v_child, pgq.quote_fqname(v_queue.queue_event_seq));
        execute format('create index %I on %s (ev_txid)',
            'event_' || v_id::text || '_' || i::text || '_txid_idx', v_child);
    end loop;

    perform pgq.grant_perms(i_queue_name);
    perform pgq.ticker(i_queue_name);
    perform pgq.tune_storage(i_queue_name);
    return 1;
end;
$$;
create or replace function pgq.drop_queue(x_queue_name text, x_force boolean)
returns integer
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq.drop_queue(2) - remove a queue with everything in it.
 *
 * Parameters:
 *   x_queue_name   queue
 *   x_force        true: unregister its consumers first
 * Returns:
 *   1
 * Calls:   pgq.unregister_consumer
 * Writes:  pgq.queue, pgq.tick, pgq.retry_queue (delete)
 */
declare
    v_queue record;
    v_consumer text;
begin
    select * into v_queue
        from pgq.queue q
        where q.queue_name = x_queue_name
        for update;
    if not found then
        raise exception 'No such event queue';
    end if;

    if x_force then
        for v_consumer in
            select c.co_name
            from pgq.subscription s
            join pgq.consumer c on c.co_id = s.sub_consumer
            where s.sub_queue = v_queue.queue_id
            order by c.co_name
        loop
            perform pgq.unregister_consumer(x_queue_name, v_consumer);
        end loop;
    else
        perform 1 from pgq.subscription s where s.sub_queue = v_queue.queue_id;
        if found then
            raise exception 'cannot drop queue, consumers still attached'
                using hint = 'unregister them, or call pgq.drop_queue(queue, true)';
        end if;
    end if;

    for i in 0 .. v_queue.queue_ntables - 1 loop
        execute 'drop table ' || pgq.quote_fqname(v_queue.queue_data_pfx || '_' || i::text);
    end loop;
    execute 'drop table ' || pgq.quote_fqname(v_queue.queue_data_pfx);
    execute 'drop sequence ' || pgq.quote_fqname(v_queue.queue_tick_seq);
    execute 'drop sequence ' || pgq.quote_fqname(v_queue.queue_event_seq);

    delete from pgq.retry_queue r where r.ev_queue = v_queue.queue_id;
    delete from pgq.tick t where t.tick_queue = v_queue.queue_id;
    delete from pgq.queue q where q.queue_id = v_queue.queue_id;
    return 1;
end;
$$;

create or replace function pgq.drop_queue(x_queue_name text)
returns integer
language plpgsql
strict
as $$
/*
 * pgq.drop_queue(1) - remove a queue that has no consumers.
 *
 * Parameters:
 *   x_queue_name   queue
 * Returns:
 *   1
 * Calls:   pgq.drop_queue(2)
 */
begin
    return pgq.drop_queue(x_queue_name, false);
end;
$$;
create or replace function pgq.set_queue_config(x_queue_name text, x_param_name text, x_param_value text)
returns integer
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq.set_queue_config(3) - change one setting of a queue.
 *
 * Parameters:
 *   x_queue_name    queue
 *   x_param_name    column of pgq.queue without 'queue_': ticker_max_count, ticker_max_lag,
 *                   ticker_idle_period, ticker_paused, rotation_period, external_ticker
 *   x_param_value   new value, in the column type's text form
 * Returns:
 *   1
 * Writes:  pgq.queue (one row)
 */
begin
    if x_queue_name is null or x_param_name is null or x_param_value is null then
        raise exception 'Invalid NULL value';
    end if;
    perform 1 from pgq.queue q where q.queue_name = x_queue_name;
    if not found then
        raise exception 'No such event queue';
    end if;
    if x_param_name not in ('ticker_max_count', 'ticker_max_lag', 'ticker_idle_period',
            'ticker_paused', 'rotation_period', 'external_ticker') then
        -- the stray "s" is part of the message that clients know
        raise exception 'cannot change parameter "%s"', x_param_name
            using hint = 'one of ticker_max_count, ticker_max_lag, ticker_idle_period, ticker_paused, '
                'rotation_period, external_ticker';
    end if;
    execute format('update pgq.queue set %I = %L where queue_name = %L',
        'queue_' || x_param_name, x_param_value, x_queue_name);
    return 1;
end;
$$;
create or replace function pgq.get_queue_info(
    in i_queue_name text,
    out queue_name text, out queue_ntables integer, out queue_cur_table integer,
    out queue_rotation_period interval, out queue_switch_time timestamptz,
    out queue_external_ticker boolean, out queue_ticker_paused boolean,
    out queue_ticker_max_count integer, out queue_ticker_max_lag interval,
    out queue_ticker_idle_period interval, out ticker_lag interval,
    out ev_per_sec double precision, out ev_new bigint, out last_tick_id bigint)
returns setof record
language plpgsql
as $$
/*
 * pgq.get_queue_info(1) - settings and state of queues.
 *
 * Parameters:
 *   i_queue_name   queue; null: all
 * Returns:
 *   one row per queue, ordered by name; the rate is taken over the last 20 ticks or so, null
 *   when there is only one
 * Calls:   pgq.seq_getval
 */
begin
    return query
        select q.queue_name, q.queue_ntables, q.queue_cur_table, q.queue_rotation_period,
               q.queue_switch_time, q.queue_external_ticker, q.queue_ticker_paused,
               q.queue_ticker_max_count, q.queue_ticker_max_lag, q.queue_ticker_idle_period,
               pg_catalog.now() - top.tick_time,
               (top.tick_event_seq - base.tick_event_seq)
                   / nullif(extract(epoch from top.tick_time - base.tick_time), 0)::double precision,
               pgq.seq_getval(q.queue_event_seq) - top.tick_event_seq,
               top.tick_id
        from pgq.queue q
        left join lateral (
            select t.tick_id, t.tick_time, t.tick_event_seq
            from pgq.tick t
            where t.tick_queue = q.queue_id
            order by t.tick_queue desc, t.tick_id desc
            limit 1) top on true
        left join lateral (
            select t.tick_time, t.tick_event_seq
            from pgq.tick t
            where t.tick_queue = q.queue_id
              and t.tick_id >= top.tick_id - 20
              and t.tick_id < top.tick_id
            order by t.tick_queue asc, t.tick_id asc
            limit 1) base on true
        where i_queue_name is null or q.queue_name = i_queue_name
        order by q.queue_name;
end;
$$;

create or replace function pgq.get_queue_info(
    out queue_name text, out queue_ntables integer, out queue_cur_table integer,
    out queue_rotation_period interval, out queue_switch_time timestamptz,
    out queue_external_ticker boolean, out queue_ticker_paused boolean,
    out queue_ticker_max_count integer, out queue_ticker_max_lag interval,
    out queue_ticker_idle_period interval, out ticker_lag interval,
    out ev_per_sec double precision, out ev_new bigint, out last_tick_id bigint)
returns setof record
language plpgsql
as $$
/*
 * pgq.get_queue_info(0) - settings and state of all queues.
 *
 * Returns:
 *   one row per queue, ordered by name
 * Calls:   pgq.get_queue_info(1)
 */
begin
    return query select * from pgq.get_queue_info(null);
end;
$$;

-- consumers
create or replace function pgq.register_consumer_at(x_queue_name text, x_consumer_name text, x_tick_pos bigint)
returns integer
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq.register_consumer_at(3) - subscribe a consumer, or move it to another tick.
 *
 * Moving drops the consumer's open batch. Watermark pseudo-consumers are moved this way too.
 *
 * Parameters:
 *   x_queue_name      queue
 *   x_consumer_name   consumer
 *   x_tick_pos        tick to start from; null: the newest, or stay when subscribed already
 * Returns:
 *   1  subscribed
 *   0  was subscribed already; moved if a tick was given
 * Writes:  pgq.consumer, pgq.subscription (one row each)
 */
declare
    v_queue_id integer;
    v_co_id integer;
    v_tick bigint := x_tick_pos;
begin
    select q.queue_id into v_queue_id from pgq.queue q where q.queue_name = x_queue_name;
    if not found then
        raise exception 'Event queue not created yet';
    end if;

    select c.co_id into v_co_id from pgq.consumer c where c.co_name = x_consumer_name for update;
    if not found then
        insert into pgq.consumer as c (co_name) values (x_consumer_name)
            on conflict (co_name) do update set co_name = excluded.co_name
            returning c.co_id into v_co_id;
    end if;

    if x_tick_pos is not null then
        perform 1 from pgq.tick t where t.tick_queue = v_queue_id and t.tick_id = x_tick_pos;
        if not found then
            raise exception 'cannot reposition, tick not found: %', x_tick_pos
                using hint = 'ticks are kept for about one rotation period';
        end if;
    end if;

    perform 1 from pgq.subscription s where s.sub_queue = v_queue_id and s.sub_consumer = v_co_id;
    if found then
        if x_tick_pos is not null then
            update pgq.subscription s
                set sub_last_tick = x_tick_pos, sub_batch = null, sub_next_tick = null, sub_active = now()
                where s.sub_queue = v_queue_id and s.sub_consumer = v_co_id;
        end if;
        return 0;
    end if;

    if v_tick is null then
        select t.tick_id into v_tick
            from pgq.tick t
            where t.tick_queue = v_queue_id
            order by t.tick_queue desc, t.tick_id desc
            limit 1;
        if not found then
            raise exception 'No ticks for this queue.  Please run ticker on database.';
        end if;
    end if;
    insert into pgq.subscription (sub_queue, sub_consumer, sub_last_tick)
        values (v_queue_id, v_co_id, v_tick);
    return 1;
end;
$$;
create or replace function pgq.register_consumer(x_queue_name text, x_consumer_id text)
returns integer
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq.register_consumer(2) - subscribe a consumer, from the newest tick on.
 *
 * Parameters:
 *   x_queue_name    queue
 *   x_consumer_id   consumer
 * Returns:
 *   1  subscribed
 *   0  was subscribed already
 * Calls:   pgq.register_consumer_at
 */
begin
    return pgq.register_consumer_at(x_queue_name, x_consumer_id, null);
end;
$$;
create or replace function pgq.unregister_consumer(x_queue_name text, x_consumer_name text)
returns integer
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq.unregister_consumer(2) - end a subscription.
 *
 * A cooperative sub-consumer shares its sub_id with the main consumer and is removed alone;
 * removing the main consumer removes its sub-consumers and retried events as well.
 *
 * Parameters:
 *   x_queue_name      queue
 *   x_consumer_name   consumer
 * Returns:
 *   0  was not subscribed
 *   n  number of subscriptions that shared its id, normally 1
 * Writes:  pgq.subscription, pgq.consumer, pgq.retry_queue (delete)
 */
declare
    v_sub record;
    v_shared integer;
begin
    select s.sub_id, s.sub_queue, s.sub_consumer, s.sub_last_tick, s.sub_next_tick
        into v_sub
        from pgq.subscription s
        join pgq.queue q on q.queue_id = s.sub_queue
        join pgq.consumer c on c.co_id = s.sub_consumer
        where q.queue_name = x_queue_name
          and c.co_name = x_consumer_name
        for update of s, c;
    if not found then
        return 0;
    end if;

    select count(*) into v_shared from pgq.subscription s where s.sub_id = v_sub.sub_id;
    if v_shared > 1 and (v_sub.sub_last_tick is null) = (v_sub.sub_next_tick is null) then
        delete from pgq.subscription s
            where s.sub_queue = v_sub.sub_queue and s.sub_consumer = v_sub.sub_consumer;
        return 1;
    end if;

    delete from pgq.retry_queue r where r.ev_owner = v_sub.sub_id;
    delete from pgq.subscription s where s.sub_id = v_sub.sub_id;
    perform 1 from pgq.subscription s where s.sub_consumer = v_sub.sub_consumer;
    if not found then
        delete from pgq.consumer c where c.co_id = v_sub.sub_consumer;
    end if;
    return v_shared;
end;
$$;
create or replace function pgq.get_consumer_info(
    in i_queue_name text, in i_consumer_name text,
    out queue_name text, out consumer_name text, out lag interval, out last_seen interval,
    out last_tick bigint, out current_batch bigint, out next_tick bigint, out pending_events bigint)
returns setof record
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq.get_consumer_info(2) - where consumers are.
 *
 * Parameters:
 *   i_queue_name      queue; null: all
 *   i_consumer_name   consumer; null: all
 * Returns:
 *   one row per subscription, ordered by queue and consumer; the number of pending events is
 *   an estimate from the event sequence
 */
begin
    return query
        select q.queue_name, c.co_name, now() - t.tick_time, now() - s.sub_active,
               s.sub_last_tick, s.sub_batch, s.sub_next_tick, top.tick_event_seq - t.tick_event_seq
        from pgq.subscription s
        join pgq.queue q on q.queue_id = s.sub_queue
        join pgq.consumer c on c.co_id = s.sub_consumer
        left join pgq.tick t on t.tick_queue = s.sub_queue and t.tick_id = s.sub_last_tick
        left join lateral (
            select n.tick_event_seq
            from pgq.tick n
            where n.tick_queue = s.sub_queue
            order by n.tick_queue desc, n.tick_id desc
            limit 1) top on true
        where (i_queue_name is null or q.queue_name = i_queue_name)
          and (i_consumer_name is null or c.co_name = i_consumer_name)
        order by q.queue_name, c.co_name;
end;
$$;

create or replace function pgq.get_consumer_info(
    in i_queue_name text,
    out queue_name text, out consumer_name text, out lag interval, out last_seen interval,
    out last_tick bigint, out current_batch bigint, out next_tick bigint, out pending_events bigint)
returns setof record
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq.get_consumer_info(1) - where the consumers of a queue are.
 *
 * Parameters:
 *   i_queue_name   queue; null: all
 * Returns:
 *   one row per subscription, ordered by queue and consumer
 * Calls:   pgq.get_consumer_info(2)
 */
begin
    return query select * from pgq.get_consumer_info(i_queue_name, null);
end;
$$;

create or replace function pgq.get_consumer_info(
    out queue_name text, out consumer_name text, out lag interval, out last_seen interval,
    out last_tick bigint, out current_batch bigint, out next_tick bigint, out pending_events bigint)
returns setof record
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq.get_consumer_info(0) - where all consumers are.
 *
 * Returns:
 *   one row per subscription, ordered by queue and consumer
 * Calls:   pgq.get_consumer_info(2)
 */
begin
    return query select * from pgq.get_consumer_info(null, null);
end;
$$;

-- batches
create or replace function pgq.find_tick_helper(
    in i_queue_id integer, in i_prev_tick_id bigint, in i_prev_tick_time timestamptz,
    in i_prev_tick_seq bigint, in i_min_count bigint, in i_min_interval interval,
    out next_tick_id bigint, out next_tick_time timestamptz, out next_tick_seq bigint)
returns record
language plpgsql
stable
as $$
/*
 * pgq.find_tick_helper(6) - where a batch of about the wanted size ends.
 *
 * Small ticks are merged up to the newest one. When that would make more than twice the
 * wanted size, the batch ends at the first tick that is enough.
 *
 * Parameters:
 *   i_queue_id         queue
 *   i_prev_tick_id, i_prev_tick_time, i_prev_tick_seq   tick where the batch begins
 *   i_min_count        wanted number of events; null: does not matter
 *   i_min_interval     wanted time span; null: does not matter
 * Returns:
 *   the tick; nulls when there is not enough yet
 */
declare
    v_tick record;
    v_count bigint;
    v_span interval;
begin
    select t.tick_id, t.tick_time, t.tick_event_seq
        into v_tick
        from pgq.tick t
        where t.tick_queue = i_queue_id
          and t.tick_id > i_prev_tick_id
        order by t.tick_queue desc, t.tick_id desc
        limit 1;
    if not found then
        return;
    end if;
    v_count := v_tick.tick_event_seq - i_prev_tick_seq;
    v_span := v_tick.tick_time - i_prev_tick_time;

    if v_count > 2 * i_min_count or v_span > 2 * i_min_interval then
        select t.tick_id, t.tick_time, t.tick_event_seq
            into v_tick
            from pgq.tick t
            where t.tick_queue = i_queue_id
              and t.tick_id > i_prev_tick_id
              and (t.tick_event_seq - i_prev_tick_seq >= i_min_count
                   or t.tick_time - i_prev_tick_time >= i_min_interval)
            order by t.tick_queue asc, t.tick_id asc
            limit 1;
    elsif v_count >= i_min_count or v_span >= i_min_interval then
        null;
    else
        return;
    end if;

    next_tick_id := v_tick.tick_id;
    next_tick_time := v_tick.tick_time;
    next_tick_seq := v_tick.tick_event_seq;
end;
$$;
create or replace function pgq.next_batch_custom(
    in i_queue_name text, in i_consumer_name text,
    in i_min_lag interval, in i_min_count integer, in i_min_interval interval,
    out batch_id bigint, out cur_tick_id bigint, out prev_tick_id bigint,
    out cur_tick_time timestamptz, out prev_tick_time timestamptz,
    out cur_tick_event_seq bigint, out prev_tick_event_seq bigint)
returns record
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq.next_batch_custom(5) - open the consumer's next batch, or return the open one again.
 *
 * Looking for work must cost nothing when there is none, so nothing is locked while looking:
 * the final update applies only if the subscription still is where it was read. When two
 * sessions of one consumer meet there, the later one returns the batch of the first.
 *
 * Parameters:
 *   i_queue_name      queue
 *   i_consumer_name   consumer
 *   i_min_lag         take only ticks at least that old
 *   i_min_count       wait until there are about that many events
 *   i_min_interval    ... or until they span that much time
 * Returns:
 *   the batch and its two ticks; one row of nulls when there is nothing to do
 * Calls:   pgq.find_tick_helper
 * Writes:  pgq.subscription (one row)
 */
declare
    v_sub record;
begin
    loop
        select s.sub_queue, s.sub_consumer, s.sub_last_tick, s.sub_batch, s.sub_next_tick,
               p.tick_id as prev_id, p.tick_time as prev_time, p.tick_event_seq as prev_seq,
               n.tick_time as next_time, n.tick_event_seq as next_seq
            into v_sub
            from pgq.consumer c
            join pgq.subscription s on s.sub_consumer = c.co_id
            join pgq.queue q on q.queue_id = s.sub_queue
            left join pgq.tick p on p.tick_queue = s.sub_queue and p.tick_id = s.sub_last_tick
            left join pgq.tick n on n.tick_queue = s.sub_queue and n.tick_id = s.sub_next_tick
            where q.queue_name = i_queue_name
              and c.co_name = i_consumer_name;
        if not found then
            raise exception 'Not subscriber to queue: %/%',
                coalesce(i_queue_name, 'NULL'), coalesce(i_consumer_name, 'NULL');
        end if;
        if v_sub.prev_id is null then
            raise exception 'PgQ corruption: Consumer % on queue % does not see tick <NULL>',
                i_consumer_name, i_queue_name
                using errcode = 'data_corrupted',
                    detail = format('Last tick of the subscription: %s', v_sub.sub_last_tick);
        end if;

        if v_sub.sub_batch is not null then
            batch_id := v_sub.sub_batch;
            cur_tick_id := v_sub.sub_next_tick;
            cur_tick_time := v_sub.next_time;
            cur_tick_event_seq := v_sub.next_seq;
        elsif i_min_count is null and i_min_interval is null then
            select t.tick_id, t.tick_time, t.tick_event_seq
                into cur_tick_id, cur_tick_time, cur_tick_event_seq
                from pgq.tick t
                where t.tick_queue = v_sub.sub_queue
                  and t.tick_id > v_sub.prev_id
                order by t.tick_queue asc, t.tick_id asc
                limit 1;
        else
            select f.next_tick_id, f.next_tick_time, f.next_tick_seq
                into cur_tick_id, cur_tick_time, cur_tick_event_seq
                from pgq.find_tick_helper(v_sub.sub_queue, v_sub.prev_id, v_sub.prev_time,
                    v_sub.prev_seq, i_min_count, i_min_interval) f;
        end if;

        if batch_id is null and (cur_tick_id is null or now() - cur_tick_time < i_min_lag) then
            cur_tick_id := null;
            cur_tick_time := null;
            cur_tick_event_seq := null;
            return;
        end if;
        if batch_id is null then
            update pgq.subscription s
                set sub_batch = nextval('pgq.batch_id_seq'), sub_next_tick = cur_tick_id, sub_active = now()
                where s.sub_queue = v_sub.sub_queue
                  and s.sub_consumer = v_sub.sub_consumer
                  and s.sub_last_tick = v_sub.prev_id
                  and s.sub_batch is null
                returning s.sub_batch into batch_id;
        end if;
        exit when batch_id is not null;
    end loop;

    prev_tick_id := v_sub.prev_id;
    prev_tick_time := v_sub.prev_time;
    prev_tick_event_seq := v_sub.prev_seq;
end;
$$;
create or replace function pgq.next_batch_info(
    in i_queue_name text, in i_consumer_name text,
    out batch_id bigint, out cur_tick_id bigint, out prev_tick_id bigint,
    out cur_tick_time timestamptz, out prev_tick_time timestamptz,
    out cur_tick_event_seq bigint, out prev_tick_event_seq bigint)
returns record
language plpgsql
as $$
/*
 * pgq.next_batch_info(2) - open the consumer's next batch, up to the next tick.
 *
 * Parameters:
 *   i_queue_name      queue
 *   i_consumer_name   consumer
 * Returns:
 *   the batch and its two ticks; one row of nulls when there is nothing to do
 * Calls:   pgq.next_batch_custom
 */
begin
    select f.batch_id, f.cur_tick_id, f.prev_tick_id, f.cur_tick_time, f.prev_tick_time,
           f.cur_tick_event_seq, f.prev_tick_event_seq
        into batch_id, cur_tick_id, prev_tick_id, cur_tick_time, prev_tick_time,
             cur_tick_event_seq, prev_tick_event_seq
        from pgq.next_batch_custom(i_queue_name, i_consumer_name, null, null, null) f;
end;
$$;
create or replace function pgq.next_batch(i_queue_name text, i_consumer_name text)
returns bigint
language plpgsql
as $$
/*
 * pgq.next_batch(2) - open the consumer's next batch.
 *
 * Parameters:
 *   i_queue_name      queue
 *   i_consumer_name   consumer
 * Returns:
 *   batch id; null when there is nothing to do
 * Calls:   pgq.next_batch_custom
 */
begin
    return (select f.batch_id
        from pgq.next_batch_custom(i_queue_name, i_consumer_name, null, null, null) f);
end;
$$;
create or replace function pgq.batch_event_tables(x_batch_id bigint)
returns setof text
language plpgsql
as $$
/*
 * pgq.batch_event_tables(1) - which data tables may hold events of a batch.
 *
 * Rotation leaves everything that a consumer may still need in the current and the previous
 * table. Transactions before switch step 1 wrote to the previous one, those after step 2 to
 * the current one, those in between to either.
 *
 * Parameters:
 *   x_batch_id   open batch
 * Returns:
 *   names of one or two tables, not quoted; the older one first
 */
declare
    v_b record;
begin
    select pg_catalog.txid_snapshot_xmin(l.tick_snapshot) as lo,
           pg_catalog.txid_snapshot_xmax(n.tick_snapshot) as hi,
           q.queue_switch_step1 as step1, q.queue_switch_step2 as step2,
           q.queue_data_pfx || '_' || q.queue_cur_table::text as cur_table,
           q.queue_data_pfx || '_'
               || ((q.queue_cur_table + q.queue_ntables - 1) % q.queue_ntables)::text as prev_table
        into v_b
        from pgq.subscription s
        join pgq.queue q on q.queue_id = s.sub_queue
        join pgq.tick l on l.tick_queue = s.sub_queue and l.tick_id = s.sub_last_tick
        join pgq.tick n on n.tick_queue = s.sub_queue and n.tick_id = s.sub_next_tick
        where s.sub_batch = x_batch_id;
    if not found then
        raise exception 'Cannot find data for batch %', x_batch_id;
    end if;

    if v_b.step2 is null or v_b.lo <= v_b.step2 then
        return next v_b.prev_table;
    end if;
    if v_b.hi >= v_b.step1 then
        return next v_b.cur_table;
    end if;
end;
$$;
create or replace function pgq.batch_event_sql(x_batch_id bigint)
returns text
language plpgsql
as $$
/*
 * pgq.batch_event_sql(1) - the query that reads the events of a batch.
 *
 * A batch holds what is visible in the snapshot B of its end tick and was not in the snapshot
 * A of its start tick. Read as one range from xmin(A) on, a single old transaction would make
 * each batch scan the same long stretch again. So the range begins at xmax(A); transactions
 * that were running at A and had finished at B either lie close below, then the range is
 * extended down to them, or they are listed by id. Listed ones need no snapshot test, and
 * being below the range they are not read twice.
 *
 * Parameters:
 *   x_batch_id   open batch
 * Returns:
 *   a query with the columns ev_id, ev_time, ev_txid, ev_retry, ev_type, ev_data, ev_extra1
 *   ... ev_extra4, ending in " order by 1"
 * Calls:   pgq.batch_event_tables
 */
declare
    c_close constant bigint := 100;
    v_b record;
    v_low bigint;
    v_txid bigint;
    v_listed bigint[];
    v_table text;
    v_select text;
    v_owner text;
    v_range text;
    v_parts text[];
begin
    select s.sub_id, l.tick_snapshot as snap_a, n.tick_snapshot as snap_b
        into v_b
        from pgq.subscription s
        join pgq.tick l on l.tick_queue = s.sub_queue and l.tick_id = s.sub_last_tick
        join pgq.tick n on n.tick_queue = s.sub_queue and n.tick_id = s.sub_next_tick
        where s.sub_batch = x_batch_id;
    if not found then
        raise exception 'batch not found' using detail = pg_catalog.format('Batch: %s', x_batch_id);
    end if;

    v_low := pg_catalog.txid_snapshot_xmax(v_b.snap_a);
    for v_txid in
        select x from pg_catalog.txid_snapshot_xip(v_b.snap_a) x
        except
        select x from pg_catalog.txid_snapshot_xip(v_b.snap_b) x
        order by 1 desc
    loop
        if v_txid >= v_low - c_close then
            v_low := v_txid;
        else
            v_listed := v_listed || v_txid;
        end if;
    end loop;

    v_owner := pg_catalog.format(' and (ev_owner is null or ev_owner = %s)', v_b.sub_id);
    v_range := pg_catalog.format(
        ' where ev_txid >= %s and ev_txid <= %s'
        ' and pg_catalog.txid_visible_in_snapshot(ev_txid, %L::pg_catalog.txid_snapshot)'
        ' and not pg_catalog.txid_visible_in_snapshot(ev_txid, %L::pg_catalog.txid_snapshot)',
        v_low, pg_catalog.txid_snapshot_xmax(v_b.snap_b), v_b.snap_b, v_b.snap_a);
    for v_table in select t from pgq.batch_event_tables(x_batch_id) t loop
        v_select := 'select ev_id, ev_time, ev_txid, ev_retry, ev_type, ev_data,'
            ' ev_extra1, ev_extra2, ev_extra3, ev_extra4 from ' || pgq.quote_fqname(v_table);
        v_parts := v_parts || (v_select || v_range || v_owner);
        if v_listed is not null then
            v_parts := v_parts || (v_select || ' where ev_txid in ('
                || pg_catalog.array_to_string(v_listed, ',') || ')' || v_owner);
        end if;
    end loop;
    if v_parts is null then
        raise exception 'could not construct sql for batch %', x_batch_id;
    end if;
    return pg_catalog.array_to_string(v_parts, ' union all ') || ' order by 1';
end;
$$;
create or replace function pgq.get_batch_events(
    in x_batch_id bigint,
    out ev_id bigint, out ev_time timestamptz, out ev_txid bigint, out ev_retry integer,
    out ev_type text, out ev_data text, out ev_extra1 text, out ev_extra2 text,
    out ev_extra3 text, out ev_extra4 text)
returns setof record
language plpgsql
as $$
/*
 * pgq.get_batch_events(1) - all events of a batch, ordered by id.
 *
 * Parameters:
 *   x_batch_id   open batch
 * Returns:
 *   its events; no rows for an empty batch
 * Calls:   pgq.batch_event_sql
 */
begin
    return query execute pgq.batch_event_sql(x_batch_id);
end;
$$;
create or replace function pgq.get_batch_cursor(
    in i_batch_id bigint, in i_cursor_name text, in i_quick_limit integer, in i_extra_where text,
    out ev_id bigint, out ev_time timestamptz, out ev_txid bigint, out ev_retry integer,
    out ev_type text, out ev_data text, out ev_extra1 text, out ev_extra2 text,
    out ev_extra3 text, out ev_extra4 text)
returns setof record
language plpgsql
as $$
/*
 * pgq.get_batch_cursor(4) - open a cursor over a batch and return its first events.
 *
 * Parameters:
 *   i_batch_id      open batch
 *   i_cursor_name   name of the cursor to declare; the caller fetches on and closes it
 *   i_quick_limit   how many events to return at once
 *   i_extra_where   SQL condition over the ev_* columns, run with the caller's rights; null: all
 * Returns:
 *   the first events, ordered by id; no rows and no cursor when one of the first three is null
 * Calls:   pgq.batch_event_sql
 */
declare
    v_sql text;
begin
    if i_batch_id is null or i_cursor_name is null or i_quick_limit is null then
        return;
    end if;

    v_sql := pgq.batch_event_sql(i_batch_id);
    if i_extra_where is not null then
        v_sql := 'select * from (' || pg_catalog.regexp_replace(v_sql, ' order by 1$', '')
            || ') as ev where (' || i_extra_where || E'\n) order by 1';
    end if;
    execute 'declare ' || pg_catalog.quote_ident(i_cursor_name) || ' no scroll cursor for ' || v_sql;
    if i_quick_limit > 0 then
        return query execute 'fetch ' || i_quick_limit::text || ' from ' || pg_catalog.quote_ident(i_cursor_name);
    end if;
end;
$$;

create or replace function pgq.get_batch_cursor(
    in i_batch_id bigint, in i_cursor_name text, in i_quick_limit integer,
    out ev_id bigint, out ev_time timestamptz, out ev_txid bigint, out ev_retry integer,
    out ev_type text, out ev_data text, out ev_extra1 text, out ev_extra2 text,
    out ev_extra3 text, out ev_extra4 text)
returns setof record
language plpgsql
strict
as $$
/*
 * pgq.get_batch_cursor(3) - open a cursor over a whole batch and return its first events.
 *
 * Parameters:
 *   i_batch_id      open batch
 *   i_cursor_name   name of the cursor to declare; the caller fetches on and closes it
 *   i_quick_limit   how many events to return at once
 * Returns:
 *   the first events, ordered by id
 * Calls:   pgq.get_batch_cursor(4)
 */
begin
    return query select * from pgq.get_batch_cursor(i_batch_id, i_cursor_name, i_quick_limit, null);
end;
$$;
create or replace function pgq.get_batch_info(
    in x_batch_id bigint,
    out queue_name text, out consumer_name text,
    out batch_start timestamptz, out batch_end timestamptz,
    out prev_tick_id bigint, out tick_id bigint, out lag interval,
    out seq_start bigint, out seq_end bigint)
returns record
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq.get_batch_info(1) - whose batch it is, and its two ticks.
 *
 * Parameters:
 *   x_batch_id   open batch
 * Returns:
 *   one row; all nulls when there is no such batch
 */
begin
    select q.queue_name, c.co_name, l.tick_time, n.tick_time,
           s.sub_last_tick, s.sub_next_tick, now() - n.tick_time,
           l.tick_event_seq, n.tick_event_seq
        into queue_name, consumer_name, batch_start, batch_end,
             prev_tick_id, tick_id, lag, seq_start, seq_end
        from pgq.subscription s
        join pgq.queue q on q.queue_id = s.sub_queue
        join pgq.consumer c on c.co_id = s.sub_consumer
        left join pgq.tick l on l.tick_queue = s.sub_queue and l.tick_id = s.sub_last_tick
        left join pgq.tick n on n.tick_queue = s.sub_queue and n.tick_id = s.sub_next_tick
        where s.sub_batch = x_batch_id;
end;
$$;
create or replace function pgq.finish_batch(x_batch_id bigint)
returns integer
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq.finish_batch(1) - close a batch; its consumer moves on to the batch's last tick.
 *
 * Parameters:
 *   x_batch_id   batch id, as given by pgq.next_batch()
 * Returns:
 *   1  closed
 *   0  not open; a warning, no error, so that a worker may repeat the call after a crash
 * Writes:  pgq.subscription (one row)
 */
begin
    update pgq.subscription s
        set sub_last_tick = s.sub_next_tick, sub_batch = null, sub_next_tick = null, sub_active = now()
        where s.sub_batch = x_batch_id;
    if not found then
        raise warning 'finish_batch: batch % not found', x_batch_id;
        return 0;
    end if;
    return 1;
end;
$$;
create or replace function pgq.event_retry(x_batch_id bigint, x_event_id bigint, x_retry_time timestamptz)
returns integer
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq.event_retry(3) - have an event of the open batch delivered again at a given time.
 *
 * Parameters:
 *   x_batch_id     open batch
 *   x_event_id     event of that batch
 *   x_retry_time   when to put it back on the queue
 * Returns:
 *   1  noted
 *   0  was noted already
 * Calls:   pgq.batch_event_sql
 * Writes:  pgq.retry_queue (one row)
 */
declare
    v_sub record;
    v_ev record;
begin
    select s.sub_id, s.sub_queue into v_sub from pgq.subscription s where s.sub_batch = x_batch_id;
    if not found then
        raise exception 'batch not found' using detail = format('Batch: %s', x_batch_id);
    end if;
    execute 'select * from (' || regexp_replace(pgq.batch_event_sql(x_batch_id), ' order by 1$', '')
        || ') ev where ev_id = $1 limit 1'
        into v_ev
        using x_event_id;
    if v_ev.ev_id is null then
        raise exception 'event not found'
            using detail = format('Batch: %s, event: %s', x_batch_id, x_event_id);
    end if;

    insert into pgq.retry_queue (ev_retry_after, ev_queue, ev_id, ev_time, ev_txid, ev_owner, ev_retry,
            ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4)
        values (x_retry_time, v_sub.sub_queue, v_ev.ev_id, v_ev.ev_time, null, v_sub.sub_id,
            coalesce(v_ev.ev_retry, 0) + 1, v_ev.ev_type, v_ev.ev_data,
            v_ev.ev_extra1, v_ev.ev_extra2, v_ev.ev_extra3, v_ev.ev_extra4)
        on conflict (ev_owner, ev_id) do nothing;
    return case when found then 1 else 0 end;
end;
$$;

create or replace function pgq.event_retry(x_batch_id bigint, x_event_id bigint, x_retry_seconds integer)
returns integer
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq.event_retry(3) - have an event of the open batch delivered again after some seconds.
 *
 * Parameters:
 *   x_batch_id        open batch
 *   x_event_id        event of that batch
 *   x_retry_seconds   when to put it back on the queue, from now
 * Returns:
 *   1  noted
 *   0  was noted already
 * Calls:   pgq.event_retry with a time
 */
begin
    return pgq.event_retry(x_batch_id, x_event_id, now() + x_retry_seconds * interval '1 second');
end;
$$;
create or replace function pgq.event_retry_raw(
    x_queue text, x_consumer text, x_retry_after timestamptz, x_ev_id bigint, x_ev_time timestamptz,
    x_ev_retry integer, x_ev_type text, x_ev_data text,
    x_ev_extra1 text, x_ev_extra2 text, x_ev_extra3 text, x_ev_extra4 text)
returns bigint
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq.event_retry_raw(12) - deliver any event to one consumer at a given time.
 *
 * Parameters:
 *   x_queue, x_consumer   subscription
 *   x_retry_after         when to put it on the queue
 *   x_ev_id               event id; null: the next one of the queue
 *   x_ev_time, x_ev_retry, x_ev_type, x_ev_data, x_ev_extra1 ... x_ev_extra4   content
 * Returns:
 *   event id
 * Writes:  pgq.retry_queue (one row)
 */
declare
    v_sub record;
    v_id bigint := x_ev_id;
begin
    select s.sub_id, s.sub_queue, q.queue_event_seq
        into v_sub
        from pgq.subscription s
        join pgq.queue q on q.queue_id = s.sub_queue
        join pgq.consumer c on c.co_id = s.sub_consumer
        where q.queue_name = x_queue
          and c.co_name = x_consumer;
    if not found then
        raise exception 'consumer not registered'
            using detail = format('Queue: %s, consumer: %s', x_queue, x_consumer);
    end if;
    if v_id is null then
        v_id := nextval(pgq.quote_fqname(v_sub.queue_event_seq)::regclass);
    end if;
    insert into pgq.retry_queue (ev_retry_after, ev_queue, ev_id, ev_time, ev_owner, ev_retry,
            ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4)
        values (x_retry_after, v_sub.sub_queue, v_id, x_ev_time, v_sub.sub_id, x_ev_retry,
            x_ev_type, x_ev_data, x_ev_extra1, x_ev_extra2, x_ev_extra3, x_ev_extra4);
    return v_id;
end;
$$;
create or replace function pgq.batch_retry(i_batch_id bigint, i_retry_seconds integer)
returns integer
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq.batch_retry(2) - have all events of the open batch delivered again after some seconds.
 *
 * Parameters:
 *   i_batch_id        open batch
 *   i_retry_seconds   when to put them back on the queue, from now
 * Returns:
 *   number of events noted; those noted before are not counted
 * Calls:   pgq.batch_event_sql
 * Writes:  pgq.retry_queue
 */
declare
    v_sub record;
    v_count integer;
begin
    select s.sub_id, s.sub_queue into v_sub from pgq.subscription s where s.sub_batch = i_batch_id;
    if not found then
        raise exception 'batch_retry: batch % not found', i_batch_id;
    end if;
    execute 'insert into pgq.retry_queue (ev_retry_after, ev_queue, ev_id, ev_time, ev_txid, ev_owner, ev_retry,'
        ' ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4)'
        ' select $1, $2, ev_id, ev_time, null, $3, coalesce(ev_retry, 0) + 1,'
        ' ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4'
        ' from (' || pgq.batch_event_sql(i_batch_id) || ') ev'
        ' on conflict (ev_owner, ev_id) do nothing'
        using now() + i_retry_seconds * interval '1 second', v_sub.sub_queue, v_sub.sub_id;
    get diagnostics v_count = row_count;
    return v_count;
end;
$$;

-- maintenance
create or replace function pgq.maint_rotate_tables_step1(i_queue_name text)
returns integer
language plpgsql
as $$
/*
 * pgq.maint_rotate_tables_step1(1) - switch a queue to its next table, emptied first.
 *
 * Only when the period is over, the last rotation is complete, and nobody reads the table
 * before the current one any more. Step 2 must run in a later transaction: transactions
 * between the two steps may have written to either table.
 *
 * Parameters:
 *   i_queue_name   queue
 * Returns:
 *   0, always: the maintenance loop repeats a function that returns anything else
 * Writes:  pgq.queue (one row), pgq.tick (delete), data table (truncate)
 */
declare
    v_queue record;
    v_lowest bigint;
    v_xmin bigint;
    v_next integer;
    v_table text;
begin
    select q.* into v_queue
        from pgq.queue q
        where q.queue_name = i_queue_name
          and q.queue_rotation_period is not null
          and q.queue_switch_step2 is not null
          and q.queue_switch_time + q.queue_rotation_period < pg_catalog.now()
        for update;
    if not found then
        return 0;
    end if;
    if pg_catalog.txid_current() < v_queue.queue_switch_step1 then
        raise exception 'queue % maint failure: step1=%, current=%',
            i_queue_name, v_queue.queue_switch_step1, pg_catalog.txid_current()
            using errcode = 'data_corrupted',
                hint = 'this database was restored into a server with lower transaction ids';
    end if;

    select min(s.sub_last_tick) into v_lowest
        from pgq.subscription s
        where s.sub_queue = v_queue.queue_id;
    if v_lowest is not null then
        select pg_catalog.txid_snapshot_xmin(t.tick_snapshot) into v_xmin
            from pgq.tick t
            where t.tick_queue = v_queue.queue_id
              and t.tick_id = v_lowest;
        if not found then
            raise exception 'queue % maint failure: tick % not found', i_queue_name, v_lowest
                using errcode = 'data_corrupted';
        end if;
        if v_xmin <= v_queue.queue_switch_step2 then
            return 0;
        end if;
    end if;

    v_next := (v_queue.queue_cur_table + 1) % v_queue.queue_ntables;
    v_table := pgq.quote_fqname(v_queue.queue_data_pfx || '_' || v_next::text);
    -- Someone reading all tables, pg_dump for one, must not make writers queue up behind us.
    begin
        execute 'lock table ' || v_table || ' in access exclusive mode nowait';
    exception
        when lock_not_available then
            return 0;
    end;
    execute 'truncate table ' || v_table;

    update pgq.queue q
        set queue_cur_table = v_next,
            queue_switch_time = pg_catalog.now(),
            queue_switch_step1 = pg_catalog.txid_current(),
            queue_switch_step2 = null
        where q.queue_id = v_queue.queue_id;

    -- Up to the switch before this one: a consumer may still be moved back that far.
    delete from pgq.tick t
        where t.tick_queue = v_queue.queue_id
          and pg_catalog.txid_snapshot_xmin(t.tick_snapshot) < v_queue.queue_switch_step2;
    return 0;
end;
$$;
create or replace function pgq.maint_rotate_tables_step2()
returns integer
language plpgsql
as $$
/*
 * pgq.maint_rotate_tables_step2(0) - note that all rotations so far are visible to everyone.
 *
 * Must not run in the transaction of step 1: see there.
 *
 * Returns:
 *   0
 * Writes:  pgq.queue
 */
begin
    update pgq.queue q
        set queue_switch_step2 = pg_catalog.txid_current()
        where q.queue_switch_step2 is null;
    return 0;
end;
$$;
create or replace function pgq.maint_retry_events()
returns integer
language plpgsql
as $$
/*
 * pgq.maint_retry_events(0) - put events back on their queue whose retry time has come.
 *
 * On a branch inserts are for replicas only. Redelivery to a consumer of the branch is no
 * new event, so it is done in that role.
 *
 * Returns:
 *   number of events moved, at most 10; call again until it is 0
 * Calls:   pgq.insert_event_raw
 * Writes:  pgq.retry_queue (delete), current event tables
 */
declare
    v_ev record;
    v_role text := coalesce(pg_catalog.current_setting('pgq.session_replication_role', true), '');
    v_count integer := 0;
begin
    -- one mover at a time; adding events to the retry queue goes on
    lock table pgq.retry_queue in share update exclusive mode;

    for v_ev in
        select q.queue_name, q.queue_disable_insert, r.*
        from pgq.retry_queue r
        join pgq.queue q on q.queue_id = r.ev_queue
        where r.ev_retry_after <= pg_catalog.now()
        order by r.ev_retry_after
        limit 10
    loop
        if v_ev.queue_disable_insert then
            perform pg_catalog.set_config('pgq.session_replication_role', 'replica', true);
        end if;
        perform pgq.insert_event_raw(v_ev.queue_name, v_ev.ev_id, v_ev.ev_time, v_ev.ev_owner, v_ev.ev_retry,
            v_ev.ev_type, v_ev.ev_data, v_ev.ev_extra1, v_ev.ev_extra2, v_ev.ev_extra3, v_ev.ev_extra4);
        if v_ev.queue_disable_insert then
            perform pg_catalog.set_config('pgq.session_replication_role', v_role, true);
        end if;
        delete from pgq.retry_queue r
            where r.ev_owner = v_ev.ev_owner
              and r.ev_id = v_ev.ev_id;
        v_count := v_count + 1;
    end loop;
    return v_count;
end;
$$;
create or replace function pgq.maint_tables_to_vacuum()
returns setof text
language plpgsql
as $$
/*
 * pgq.maint_tables_to_vacuum(0) - small busy tables that need vacuum often.
 *
 * Returns:
 *   those that exist; nothing where autovacuum takes care of them
 */
begin
    if pg_catalog.current_setting('autovacuum') = 'on' then
        return;
    end if;
    return query
        select t.name
        from pg_catalog.unnest(array[
            'pgq.subscription', 'pgq.consumer', 'pgq.queue', 'pgq.tick', 'pgq.retry_queue',
            'pgq_ext.completed_tick', 'pgq_ext.completed_batch', 'pgq_ext.completed_event',
            'pgq_ext.partial_batch', 'pgq_node.local_state', 'londiste.seq_info',
            'txid.epoch', 'londiste.completed']) with ordinality as t(name, ord)
        where exists (
            select 1
            from pg_catalog.pg_class c
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where n.nspname = pg_catalog.split_part(t.name, '.', 1)
              and c.relname = pg_catalog.split_part(t.name, '.', 2)
              and c.relkind = 'r')
        order by t.ord;
end;
$$;
create or replace function pgq.maint_operations(out func_name text, out func_arg text)
returns setof record
language plpgsql
as $$
/*
 * pgq.maint_operations(0) - what a maintenance run has to do, in order.
 *
 * Each row is to be run as a transaction of its own: rotation depends on it. Schemas pgq_node
 * and londiste are optional, so statements about them are built only where they exist.
 *
 * Returns:
 *   function to call, or 'vacuum'; its argument, null for none
 * Calls:   pgq.maint_tables_to_vacuum
 */
declare
    v_rotating boolean := false;
begin
    func_name := 'pgq.maint_rotate_tables_step1';
    for func_arg in
        select q.queue_name
        from pgq.queue q
        where q.queue_rotation_period is not null
          and q.queue_switch_step2 is not null
          and q.queue_switch_time + q.queue_rotation_period < pg_catalog.now()
        order by q.queue_name
    loop
        v_rotating := true;
        return next;
    end loop;

    if v_rotating or exists (select 1 from pgq.queue q where q.queue_switch_step2 is null) then
        func_name := 'pgq.maint_rotate_tables_step2';
        func_arg := null;
        return next;
    end if;

    return query
        select x.func, q.queue_name
        from pgq.queue q
        cross join lateral pg_catalog.unnest(q.queue_extra_maint) with ordinality as x(func, ord)
        order by q.queue_name, x.ord;

    return query
        select 'vacuum'::text, t from pgq.maint_tables_to_vacuum() t;

    if pgq._function_exists('pgq_node', 'maint_watermark') then
        return query execute
            'select ''pgq_node.maint_watermark''::text, n.queue_name'
            ' from pgq_node.node_info n'
            ' where n.node_type = ''root'' order by n.queue_name';
    end if;
    if pgq._function_exists('londiste', 'root_check_seqs') then
        return query execute
            'select distinct ''londiste.root_check_seqs''::text, s.queue_name'
            ' from londiste.seq_info s join pgq_node.node_info n on n.queue_name = s.queue_name'
            ' where s.local and n.node_type = ''root'' order by s.queue_name';
    end if;
    if pgq._function_exists('londiste', 'periodic_maintenance') then
        func_name := 'londiste.periodic_maintenance';
        func_arg := null;
        return next;
    end if;
end;
$$;

/*
 * Who may do what. Groups as in the reference; where the roles do not exist, functions that
 * write events stay open to everybody (else applications could not change replicated tables)
 * and the rest is left to the owner of the schema.
 */
do $$
declare
    v_table text;
begin
    perform pgq._grant_functions('public', null, array[
        'seq_getval', 'get_queue_info', 'get_consumer_info', 'quote_fqname', 'version',
        'jlondiste_release', '_session_role', '_urlencode', '_function_exists', '_notify_tick',
        '_trigger_idle', '_trigger_plan', '_trigger_expression', '_trigger_value',
        '_trigger_when', '_equality_operator']);

    perform pgq._grant_functions('pgq_reader', null, array[
        'batch_event_sql', 'batch_event_tables', 'find_tick_helper',
        'register_consumer', 'register_consumer_at', 'unregister_consumer',
        'next_batch', 'next_batch_info', 'next_batch_custom',
        'get_batch_events', 'get_batch_info', 'get_batch_cursor',
        'event_retry', 'batch_retry', 'force_tick', 'finish_batch']);

    perform pgq._grant_functions('pgq_writer', 'public', array[
        'insert_event', 'current_event_table', 'jsontriga', 'sqltriga', 'logutriga']);

    perform pgq._grant_functions('pgq_admin', null, array[
        'ticker', 'maint_operations', 'maint_retry_events', 'maint_rotate_tables_step1',
        'maint_rotate_tables_step2', 'maint_tables_to_vacuum', 'upgrade_schema',
        'grant_perms', '_grant_perms_from', 'tune_storage', 'seq_setval',
        'create_queue', 'drop_queue', 'set_queue_config', 'insert_event_raw', 'event_retry_raw',
        '_create_role', '_grant_role', '_grant', '_grant_functions']);

    foreach v_table in array array['pgq.consumer', 'pgq.queue', 'pgq.tick', 'pgq.subscription'] loop
        perform pgq._grant('select', v_table, 'public');
        perform pgq._grant('select', v_table, 'pgq_reader');
        perform pgq._grant('select, insert, update, delete', v_table, 'pgq_admin');
    end loop;
    perform pgq._grant('select', 'pgq.event_template', 'pgq_reader');
    perform pgq._grant('select, insert, truncate', 'pgq.event_template', 'pgq_admin');
    perform pgq._grant('select, insert, update, delete', 'pgq.retry_queue', 'pgq_admin');

    -- queues that were there before, in case roles have come since
    perform pgq.grant_perms(q.queue_name) from pgq.queue q;
end;
$$;
-- Schema pgq_node: cascaded queues. Needs schema pgq. Run it again to upgrade.

-- Schema pgq_node: who is who in the cascades that this database is a member of.

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
    foreign key (queue_name, node_name) references pgq_node.node_location (queue_name, node_name),
    check (node_type in ('root', 'branch', 'leaf')),
    constraint node_info_check check (
        case when node_type = 'root' then worker_name is not null and combined_queue is null
             when node_type = 'branch' then worker_name is not null and combined_queue is null
             when node_type = 'leaf' then worker_name is not null
             else false end)
);

-- Position of every cascaded consumer (the node's worker, and others) that writes into this database.
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
    foreign key (queue_name, provider_node) references pgq_node.node_location (queue_name, node_name)
);

-- Nodes that read from this one.
create table if not exists pgq_node.subscriber_info (
    queue_name          text not null,
    subscriber_node     text not null,
    worker_name         text not null,
    watermark_name      text not null,

    primary key (queue_name, subscriber_node),
    foreign key (queue_name) references pgq_node.node_info (queue_name),
    foreign key (queue_name, subscriber_node) references pgq_node.node_location (queue_name, node_name),
    foreign key (worker_name) references pgq.consumer (co_name),
    foreign key (watermark_name) references pgq.consumer (co_name)
);

-- helpers
create or replace function pgq_node.version()
returns text
language sql
as $$
/*
 * pgq_node.version(0) - version of the interface that this schema implements.
 *
 * Returns: dotted text, never null
 */
    select '3.5'::text;
$$;
create or replace function pgq_node.upgrade_schema()
returns integer
language plpgsql
as $$
/*
 * pgq_node.upgrade_schema(0) - bring tables of an old installation up to date.
 *
 * Returns:
 *   number of changes made, 0 when there was nothing to do
 * Writes:  table definitions of schema pgq_node
 */
declare
    v_changes   integer := 0;
begin
    if not exists (
        select 1
          from pg_catalog.pg_attribute a
         where a.attrelid = 'pgq_node.node_info'::regclass
           and a.attname = 'node_attrs'
           and not a.attisdropped
    ) then
        alter table pgq_node.node_info add column node_attrs text;
        v_changes := v_changes + 1;
    end if;

    return v_changes;
end;
$$;
create or replace function pgq_node.is_root_node(i_queue_name text)
returns boolean
language plpgsql
as $$
/*
 * pgq_node.is_root_node(1) - is this database the root of the queue?
 *
 * Parameters:
 *   i_queue_name   name of the cascaded queue
 * Returns:
 *   true when the local node is a root; an error when there is no local node
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
                  hint = 'This database is no node of that queue. List its nodes: select * from pgq_node.node_info';
    end if;

    return v_is_root;
end;
$$;
create or replace function pgq_node.is_leaf_node(i_queue_name text)
returns boolean
language plpgsql
as $$
/*
 * pgq_node.is_leaf_node(1) - is this database the leaf of the queue?
 *
 * Parameters:
 *   i_queue_name   name of the cascaded queue
 * Returns:
 *   true when the local node is a leaf; an error when there is no local node
 */
declare
    v_is_leaf boolean;
begin
    select n.node_type = 'leaf'
      into v_is_leaf
      from pgq_node.node_info n
     where n.queue_name = i_queue_name;
    if not found then
        raise exception 'queue does not exist: %', i_queue_name
            using errcode = 'undefined_object',
                  hint = 'This database is no node of that queue. List its nodes: select * from pgq_node.node_info';
    end if;

    return v_is_leaf;
end;
$$;
create or replace function pgq_node._set_replica_role()
returns void
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_node._set_replica_role(0) - session role replica until the end of the transaction.
 *
 * Internal. Where the owner may not set session_replication_role, our queue functions look at the
 * custom setting pgq.session_replication_role instead.
 */
begin
    perform set_config('session_replication_role', 'replica', true);
    if coalesce(current_setting('pgq.session_replication_role', true), '') <> '' then
        perform set_config('pgq.session_replication_role', '', true);
    end if;
exception
    when insufficient_privilege then
        perform set_config('pgq.session_replication_role', 'replica', true);
end;
$$;

-- what a subscriber calls on its provider
create or replace function pgq_node.register_subscriber(
    in i_queue_name text,
    in i_remote_node_name text,
    in i_remote_worker_name text,
    in i_custom_tick_id bigint,
    out ret_code integer,
    out ret_note text,
    out global_watermark bigint)
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_node.register_subscriber(4) - let another node read from this one.
 *
 * Its location must be registered before.
 *
 * Parameters:
 *   i_queue_name           name of the cascaded queue
 *   i_remote_node_name     the new subscriber
 *   i_remote_worker_name   its worker
 *   i_custom_tick_id       position of the worker; null means the global watermark
 * Returns:
 *   200  subscribed; global_watermark is where the subscriber has to start its own queue
 *   401  this node is a leaf
 *   404  no node of this queue here
 * Calls:   pgq.register_consumer_at
 * Writes:  pgq_node.subscriber_info (one row), pgq.subscription
 */
declare
    v_node_type         text;
    v_watermark_name    text := '.' || i_remote_node_name || '.watermark';
begin
    select n.node_type
      into v_node_type
      from pgq_node.node_info n
     where n.queue_name = i_queue_name
       for update;
    if not found then
        ret_code := 404;
        ret_note := 'Unknown queue: ' || i_queue_name;
        return;
    end if;
    if v_node_type = 'leaf' then
        ret_code := 401;
        ret_note := 'Cannot subscribe to leaf node';
        return;
    end if;

    select s.sub_last_tick
      into global_watermark
      from pgq.queue q
      join pgq.subscription s on s.sub_queue = q.queue_id
      join pgq.consumer c on c.co_id = s.sub_consumer
     where q.queue_name = i_queue_name
       and c.co_name = '.global_watermark';

    perform pgq.register_consumer_at(i_queue_name, v_watermark_name, global_watermark);
    perform pgq.register_consumer_at(i_queue_name, i_remote_worker_name,
                                     coalesce(i_custom_tick_id, global_watermark));

    insert into pgq_node.subscriber_info (queue_name, subscriber_node, worker_name, watermark_name)
    values (i_queue_name, i_remote_node_name, i_remote_worker_name, v_watermark_name);

    ret_code := 200;
    ret_note := 'Subscriber registered: ' || i_remote_node_name;
end;
$$;
create or replace function pgq_node.unregister_subscriber(
    in i_queue_name text,
    in i_remote_node_name text,
    out ret_code integer,
    out ret_note text)
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_node.unregister_subscriber(2) - another node reads no longer from this one.
 *
 * Parameters:
 *   i_queue_name         name of the cascaded queue
 *   i_remote_node_name   the subscriber
 * Returns:
 *   200  unsubscribed
 *   304  was no subscriber
 * Calls:   pgq.unregister_consumer
 * Writes:  pgq_node.subscriber_info (one row), pgq.subscription
 */
declare
    v_worker_name       text;
    v_watermark_name    text;
begin
    -- the row goes first, it refers to both consumers
    delete from pgq_node.subscriber_info s
     where s.queue_name = i_queue_name
       and s.subscriber_node = i_remote_node_name
    returning s.worker_name, s.watermark_name
      into v_worker_name, v_watermark_name;
    if not found then
        ret_code := 304;
        ret_note := 'Subscriber not found';
        return;
    end if;

    perform pgq.unregister_consumer(i_queue_name, v_watermark_name);
    perform pgq.unregister_consumer(i_queue_name, v_worker_name);

    ret_code := 200;
    ret_note := 'Subscriber unregistered: ' || i_remote_node_name;
end;
$$;
create or replace function pgq_node.get_subscriber_info(
    in i_queue_name text,
    out node_name text,
    out worker_name text,
    out node_watermark bigint)
returns setof record
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_node.get_subscriber_info(1) - the nodes that read from this one.
 *
 * Parameters:
 *   i_queue_name   name of the cascaded queue
 * Returns:
 *   one row per subscriber, by name; node_watermark is what its subtree still needs
 */
begin
    return query
    select i.subscriber_node, i.worker_name, s.sub_last_tick
      from pgq_node.subscriber_info i
      left join pgq.queue q on q.queue_name = i.queue_name
      left join pgq.consumer c on c.co_name = i.watermark_name
      left join pgq.subscription s on s.sub_queue = q.queue_id and s.sub_consumer = c.co_id
     where i.queue_name = i_queue_name
     order by i.subscriber_node;
end;
$$;
create or replace function pgq_node.set_subscriber_watermark(
    in i_queue_name text,
    in i_node_name text,
    in i_watermark bigint,
    out ret_code integer,
    out ret_note text)
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_node.set_subscriber_watermark(3) - a subscriber tells what its subtree still needs.
 *
 * Parameters:
 *   i_queue_name   name of the cascaded queue
 *   i_node_name    the subscriber
 *   i_watermark    tick id
 * Returns:
 *   100  is there already
 *   200  moved
 *   404  not subscribed here
 *   405  would move backwards: those events may be gone
 * Calls:   pgq.register_consumer_at; its error when the tick does not exist here
 * Writes:  pgq.subscription (one row)
 */
declare
    v_name      text := '.' || i_node_name || '.watermark';
    v_current   bigint;
begin
    select s.sub_last_tick
      into v_current
      from pgq.queue q
      join pgq.subscription s on s.sub_queue = q.queue_id
      join pgq.consumer c on c.co_id = s.sub_consumer
     where q.queue_name = i_queue_name
       and c.co_name = v_name;
    if not found then
        ret_code := 404;
        ret_note := 'node ' || i_node_name || ' not subscribed to queue ' || i_queue_name;
        return;
    end if;

    if i_watermark < v_current then
        ret_code := 405;
        ret_note := 'watermark must not be moved backwards';
        return;
    end if;
    if i_watermark = v_current then
        ret_code := 100;
        ret_note := 'watermark already set';
        return;
    end if;

    perform pgq.register_consumer_at(i_queue_name, v_name, i_watermark);

    ret_code := 200;
    ret_note := v_name || ' set to ' || i_watermark;
end;
$$;

-- what a consumer calls on its target
create or replace function pgq_node.register_consumer(
    in i_queue_name text,
    in i_consumer_name text,
    in i_provider_node text,
    in i_custom_tick_id bigint,
    out ret_code integer,
    out ret_note text)
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_node.register_consumer(4) - keep the position of a cascaded consumer that writes into this database.
 *
 * Parameters:
 *   i_queue_name       name of the cascaded queue
 *   i_consumer_name    the consumer
 *   i_provider_node    node it reads from
 *   i_custom_tick_id   its position there
 * Returns:
 *   200  registered
 *   201  was registered; provider and position are replaced
 *   404  no node of this queue here
 * Writes:  pgq_node.local_state (one row)
 */
begin
    perform 1
       from pgq_node.node_info n
      where n.queue_name = i_queue_name
        for update;
    if not found then
        ret_code := 404;
        ret_note := 'Unknown queue: ' || i_queue_name;
        return;
    end if;

    update pgq_node.local_state as s
       set provider_node = i_provider_node,
           last_tick_id = i_custom_tick_id
     where s.queue_name = i_queue_name
       and s.consumer_name = i_consumer_name;
    if found then
        ret_code := 201;
        ret_note := 'Consumer already registered: ' || i_queue_name || '/' || i_consumer_name;
        return;
    end if;

    insert into pgq_node.local_state (queue_name, consumer_name, provider_node, last_tick_id)
    values (i_queue_name, i_consumer_name, i_provider_node, i_custom_tick_id);

    ret_code := 200;
    ret_note := 'Consumer ' || i_consumer_name || ' registered on queue ' || i_queue_name;
end;
$$;
create or replace function pgq_node.unregister_consumer(
    in i_queue_name text,
    in i_consumer_name text,
    out ret_code integer,
    out ret_note text)
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_node.unregister_consumer(2) - forget a cascaded consumer.
 *
 * Parameters:
 *   i_queue_name      name of the cascaded queue
 *   i_consumer_name   the consumer
 * Returns:
 *   200  gone, or was not there
 *   404  no node of this queue here
 * Writes:  pgq_node.local_state (one row)
 */
begin
    perform 1
       from pgq_node.node_info n
      where n.queue_name = i_queue_name
        for update;
    if not found then
        ret_code := 404;
        ret_note := 'Unknown queue: ' || i_queue_name;
        return;
    end if;

    delete from pgq_node.local_state s
     where s.queue_name = i_queue_name
       and s.consumer_name = i_consumer_name;

    ret_code := 200;
    ret_note := 'Consumer ' || i_consumer_name || ' unregistered from ' || i_queue_name;
end;
$$;
create or replace function pgq_node.get_consumer_info(
    in i_queue_name text,
    out consumer_name text,
    out provider_node text,
    out last_tick_id bigint,
    out paused boolean,
    out uptodate boolean,
    out cur_error text)
returns setof record
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_node.get_consumer_info(1) - the cascaded consumers that write into this database.
 *
 * Parameters:
 *   i_queue_name   name of the cascaded queue
 * Returns:
 *   one row per consumer, by name
 */
begin
    return query
    select s.consumer_name, s.provider_node, s.last_tick_id, s.paused, s.uptodate, s.cur_error
      from pgq_node.local_state s
     where s.queue_name = i_queue_name
     order by s.consumer_name;
end;
$$;
create or replace function pgq_node.get_consumer_state(
    in i_queue_name text,
    in i_consumer_name text,
    out ret_code integer,
    out ret_note text,
    out node_type text,
    out node_name text,
    out completed_tick bigint,
    out provider_node text,
    out provider_location text,
    out paused boolean,
    out uptodate boolean,
    out cur_error text)
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_node.get_consumer_state(2) - what a cascaded consumer has to know at the start of each round.
 *
 * Parameters:
 *   i_queue_name      name of the cascaded queue
 *   i_consumer_name   the consumer
 * Returns:
 *   100  found
 *   404  no node of this queue here, consumer not registered, or location of its provider unknown
 */
begin
    select n.node_type, n.node_name
      into node_type, node_name
      from pgq_node.node_info n
     where n.queue_name = i_queue_name;
    if not found then
        ret_code := 404;
        ret_note := 'Unknown queue: ' || i_queue_name;
        return;
    end if;

    select s.last_tick_id, s.provider_node, s.paused, s.uptodate, s.cur_error
      into completed_tick, provider_node, paused, uptodate, cur_error
      from pgq_node.local_state s
     where s.queue_name = i_queue_name
       and s.consumer_name = i_consumer_name;
    if not found then
        ret_code := 404;
        ret_note := 'Unknown consumer: ' || i_queue_name || '/' || i_consumer_name;
        return;
    end if;

    select l.node_location
      into provider_location
      from pgq_node.node_location l
     where l.queue_name = i_queue_name
       and l.node_name = provider_node;
    if not found then
        ret_code := 404;
        ret_note := 'Unknown provider node: ' || i_queue_name || '/' || provider_node;
        return;
    end if;

    ret_code := 100;
    ret_note := 'Ok';
end;
$$;
create or replace function pgq_node.change_consumer_provider(
    in i_queue_name text,
    in i_consumer_name text,
    in i_new_provider text,
    out ret_code integer,
    out ret_note text)
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_node.change_consumer_provider(3) - let a cascaded consumer read from another node.
 *
 * Parameters:
 *   i_queue_name      name of the cascaded queue
 *   i_consumer_name   the consumer; it should be paused
 *   i_new_provider    node to read from, where the consumer is registered already
 * Returns:
 *   200  changed; uptodate becomes true when the consumer has seen it
 *   404  location of the new provider unknown, or consumer not registered
 * Writes:  pgq_node.local_state (one row)
 */
begin
    perform 1
       from pgq_node.node_location l
      where l.queue_name = i_queue_name
        and l.node_name = i_new_provider;
    if not found then
        ret_code := 404;
        ret_note := 'New node not found: ' || i_new_provider;
        return;
    end if;

    update pgq_node.local_state as s
       set provider_node = i_new_provider,
           uptodate = false
     where s.queue_name = i_queue_name
       and s.consumer_name = i_consumer_name;
    if not found then
        ret_code := 404;
        ret_note := 'Unknown consumer: ' || i_queue_name || '/' || i_consumer_name;
        return;
    end if;

    ret_code := 200;
    ret_note := 'Consumer provider node set to : ' || i_new_provider;
end;
$$;
create or replace function pgq_node.set_consumer_uptodate(
    in i_queue_name text,
    in i_consumer_name text,
    in i_uptodate boolean,
    out ret_code integer,
    out ret_note text)
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_node.set_consumer_uptodate(3) - a consumer confirms that it has seen pause, resume or a new provider.
 *
 * Parameters:
 *   i_queue_name      name of the cascaded queue
 *   i_consumer_name   the consumer
 *   i_uptodate        new value
 * Returns:
 *   200  stored
 *   404  not registered
 * Writes:  pgq_node.local_state (one row)
 */
begin
    update pgq_node.local_state as s
       set uptodate = i_uptodate
     where s.queue_name = i_queue_name
       and s.consumer_name = i_consumer_name;
    if found then
        ret_code := 200;
        ret_note := 'Consumer uptodate = ' || i_uptodate::integer;
    else
        ret_code := 404;
        ret_note := 'Consumer not known: ' || i_queue_name || '/' || i_consumer_name;
    end if;
end;
$$;
create or replace function pgq_node.set_consumer_paused(
    in i_queue_name text,
    in i_consumer_name text,
    in i_paused boolean,
    out ret_code integer,
    out ret_note text)
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_node.set_consumer_paused(3) - ask a consumer to stand still, or to go on.
 *
 * Parameters:
 *   i_queue_name      name of the cascaded queue
 *   i_consumer_name   the consumer
 *   i_paused          true to pause
 * Returns:
 *   200  changed; uptodate becomes true when the consumer has seen it
 *   201  was so already
 *   404  not registered
 * Writes:  pgq_node.local_state (one row)
 */
declare
    v_paused    boolean;
    v_state     text := case when i_paused then 'paused' else 'resumed' end;
begin
    select s.paused
      into v_paused
      from pgq_node.local_state s
     where s.queue_name = i_queue_name
       and s.consumer_name = i_consumer_name
       for update;
    if not found then
        ret_code := 404;
        ret_note := 'Unknown consumer: ' || i_consumer_name;
        return;
    end if;

    if v_paused = i_paused then
        ret_code := 201;
        ret_note := 'Consumer ' || i_consumer_name || ' already ' || v_state;
        return;
    end if;

    update pgq_node.local_state as s
       set paused = i_paused,
           uptodate = false
     where s.queue_name = i_queue_name
       and s.consumer_name = i_consumer_name;

    ret_code := 200;
    ret_note := 'Consumer ' || i_consumer_name || ' tagged as ' || v_state;
end;
$$;
create or replace function pgq_node.set_consumer_completed(
    in i_queue_name text,
    in i_consumer_name text,
    in i_tick_id bigint,
    out ret_code integer,
    out ret_note text)
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_node.set_consumer_completed(3) - store the position of a consumer, in the transaction of its data.
 *
 * Parameters:
 *   i_queue_name      name of the cascaded queue
 *   i_consumer_name   the consumer
 *   i_tick_id         end of the batch that is applied
 * Returns:
 *   100  stored; a stored error is cleared
 *   404  not registered
 * Writes:  pgq_node.local_state (one row)
 */
begin
    update pgq_node.local_state as s
       set last_tick_id = i_tick_id,
           cur_error = null
     where s.queue_name = i_queue_name
       and s.consumer_name = i_consumer_name;
    if found then
        ret_code := 100;
        ret_note := 'Consumer ' || i_consumer_name || ' completed tick = ' || i_tick_id;
    else
        ret_code := 404;
        ret_note := 'Consumer not known: ' || i_queue_name || '/' || i_consumer_name;
    end if;
end;
$$;
create or replace function pgq_node.set_consumer_error(
    in i_queue_name text,
    in i_consumer_name text,
    in i_error_msg text,
    out ret_code integer,
    out ret_note text)
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_node.set_consumer_error(3) - store what keeps a consumer from going on.
 *
 * Parameters:
 *   i_queue_name      name of the cascaded queue
 *   i_consumer_name   the consumer
 *   i_error_msg       the error; null clears it
 * Returns:
 *   100  stored
 *   101  not registered, ignored: the error may be just that
 * Writes:  pgq_node.local_state (one row)
 */
begin
    update pgq_node.local_state as s
       set cur_error = i_error_msg
     where s.queue_name = i_queue_name
       and s.consumer_name = i_consumer_name;
    if found then
        ret_code := 100;
        ret_note := 'Consumer ' || i_consumer_name || ' error = ' || i_error_msg;
    else
        ret_code := 101;
        ret_note := 'Consumer not known, ignoring: ' || i_queue_name || '/' || i_consumer_name;
    end if;
end;
$$;

-- members and life of a node
create or replace function pgq_node.register_location(
    in i_queue_name text,
    in i_node_name text,
    in i_node_location text,
    in i_dead boolean,
    out ret_code integer,
    out ret_note text)
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_node.register_location(4) - add a member to the list of known nodes, or change its entry.
 *
 * Parameters:
 *   i_queue_name      name of the cascaded queue
 *   i_node_name       the member
 *   i_node_location   connect string; null keeps the one that is stored
 *   i_dead            true tags the node as dead
 * Returns:
 *   200  registered (also when the node is unknown and no location was given)
 * Calls:   pgq.insert_event(7) on a root: the other members hear of it through the queue
 * Writes:  pgq_node.node_location (one row)
 */
declare
    v_node_type     text;
begin
    select n.node_type
      into v_node_type
      from pgq_node.node_info n
     where n.queue_name = i_queue_name
       for update;

    update pgq_node.node_location as l
       set node_location = coalesce(i_node_location, l.node_location),
           dead = i_dead
     where l.queue_name = i_queue_name
       and l.node_name = i_node_name;
    if not found and i_node_location is not null then
        insert into pgq_node.node_location (queue_name, node_name, node_location, dead)
        values (i_queue_name, i_node_name, i_node_location, i_dead);
    end if;

    if v_node_type = 'root' then
        perform pgq.insert_event(i_queue_name, 'pgq.location-info',
                                 i_node_name, i_queue_name, i_node_location, i_dead::text, null);
    end if;

    ret_code := 200;
    ret_note := 'Location registered';
end;
$$;
create or replace function pgq_node.unregister_location(
    in i_queue_name text,
    in i_node_name text,
    out ret_code integer,
    out ret_note text)
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_node.unregister_location(2) - forget a member of the cascade.
 *
 * Parameters:
 *   i_queue_name   name of the cascaded queue
 *   i_node_name    the member; its subscription here is dropped as well
 * Returns:
 *   200  removed
 *   301  not known; a root sends the event anyway, other members may know it
 *   403  own node, or provider of the local worker
 * Calls:   pgq_node.unregister_subscriber(2); pgq.insert_event(7) on a root
 * Writes:  pgq_node.node_location (one row)
 */
declare
    v_node_name     text;
    v_node_type     text;
    v_provider      text;
begin
    select n.node_name, n.node_type, s.provider_node
      into v_node_name, v_node_type, v_provider
      from pgq_node.node_info n
      left join pgq_node.local_state s
        on s.queue_name = n.queue_name and s.consumer_name = n.worker_name
     where n.queue_name = i_queue_name;
    if v_node_name = i_node_name then
        ret_code := 403;
        ret_note := 'Cannot drop node''s own location';
        return;
    end if;
    if v_provider = i_node_name then
        ret_code := 403;
        ret_note := 'Cannot drop location of node''s parent';
        return;
    end if;

    -- the row in subscriber_info refers to the location
    perform pgq_node.unregister_subscriber(i_queue_name, i_node_name);

    delete from pgq_node.node_location l
     where l.queue_name = i_queue_name
       and l.node_name = i_node_name;
    if found then
        ret_code := 200;
        ret_note := 'Ok';
    else
        ret_code := 301;
        ret_note := 'Location not found: ' || i_queue_name || '/' || i_node_name;
    end if;

    if v_node_type = 'root' then
        perform pgq.insert_event(i_queue_name, 'pgq.unregister-location',
                                 i_node_name, i_queue_name, null, null, null);
    end if;
end;
$$;
create or replace function pgq_node.get_queue_locations(
    in i_queue_name text,
    out node_name text,
    out node_location text,
    out dead boolean)
returns setof record
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_node.get_queue_locations(1) - the known members of a cascade.
 *
 * Parameters:
 *   i_queue_name   name of the cascaded queue
 * Returns:
 *   one row per member, in no particular order
 */
begin
    return query
    select l.node_name, l.node_location, l.dead
      from pgq_node.node_location l
     where l.queue_name = i_queue_name;
end;
$$;
create or replace function pgq_node.create_node(
    in i_queue_name text,
    in i_node_type text,
    in i_node_name text,
    in i_worker_name text,
    in i_provider_name text,
    in i_global_watermark bigint,
    in i_combined_queue text,
    out ret_code integer,
    out ret_note text)
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_node.create_node(7) - make this database a node of a cascaded queue.
 *
 * The locations of the node and of its provider must be registered before.
 *
 * Parameters:
 *   i_queue_name         name of the cascaded queue
 *   i_node_type          root, branch or leaf
 *   i_node_name          name of this node
 *   i_worker_name        consumer name of the node's worker
 *   i_provider_name      node to read from; null on a root
 *   i_global_watermark   tick to start from, as given by register_subscriber; null on a root
 *   i_combined_queue     merge leaf only: the local queue that collects several part queues
 * Returns:
 *   200  created
 *   401  already a node of this queue, or bad arguments
 * Calls:   pgq.create_queue, pgq.ticker(4), pgq.register_consumer_at, pgq_node.register_consumer
 * Writes:  pgq_node.node_info (one row), pgq.queue (flags of a branch)
 */
declare
    v_watermark     bigint;
    v_provider      text := i_provider_name;
begin
    perform 1 from pgq_node.node_info n where n.queue_name = i_queue_name;
    if found then
        ret_code := 401;
        ret_note := 'Node already initialized';
        return;
    end if;

    if i_node_type = 'root' then
        if coalesce(i_provider_name, i_global_watermark::text, i_combined_queue) is not null then
            ret_code := 401;
            ret_note := 'unexpected args for root';
            return;
        end if;
        perform pgq.create_queue(i_queue_name);
        -- without a position, the consumer starts at the newest tick
        perform pgq.register_consumer(i_queue_name, '.global_watermark');
        select s.sub_last_tick
          into v_watermark
          from pgq.queue q
          join pgq.subscription s on s.sub_queue = q.queue_id
          join pgq.consumer c on c.co_id = s.sub_consumer
         where q.queue_name = i_queue_name
           and c.co_name = '.global_watermark';
        v_provider := i_node_name;
    elsif i_node_type = 'branch' then
        if i_provider_name is null then
            ret_code := 401;
            ret_note := 'provider not set for branch';
            return;
        end if;
        if i_global_watermark is null then
            ret_code := 401;
            ret_note := 'global watermark not set for branch';
            return;
        end if;
        v_watermark := i_global_watermark;
        perform pgq.create_queue(i_queue_name);
        update pgq.queue as q
           set queue_external_ticker = true,
               queue_disable_insert = true
         where q.queue_name = i_queue_name;
        -- Tick 1 is there since create_queue. Subscribers of this branch start at the watermark, so
        -- that tick has to exist, too.
        if v_watermark > 1 then
            perform pgq.ticker(i_queue_name, v_watermark, now(), 1);
        end if;
        perform pgq.register_consumer_at(i_queue_name, '.global_watermark', v_watermark);
    elsif i_node_type = 'leaf' then
        v_watermark := i_global_watermark;
        if i_combined_queue is not null then
            perform 1 from pgq.queue q where q.queue_name = i_combined_queue;
            if not found then
                ret_code := 401;
                ret_note := 'non-existing queue on leaf side: ' || i_combined_queue;
                return;
            end if;
        end if;
    else
        ret_code := 401;
        ret_note := 'bad node type: ' || coalesce(i_node_type, 'NULL');
        return;
    end if;

    insert into pgq_node.node_info (queue_name, node_type, node_name, worker_name, combined_queue)
    values (i_queue_name, i_node_type, i_node_name, i_worker_name, i_combined_queue);

    select f.ret_code, f.ret_note
      into ret_code, ret_note
      from pgq_node.register_consumer(i_queue_name, i_worker_name, v_provider, v_watermark) f;
    if ret_code <> 200 then
        return;
    end if;

    ret_code := 200;
    ret_note := 'Node "' || i_node_name || '" initialized for queue "' || i_queue_name
                || '" with type "' || i_node_type || '"';
end;
$$;
create or replace function pgq_node.drop_node(
    in i_queue_name text,
    in i_node_name text,
    out ret_code integer,
    out ret_note text)
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_node.drop_node(2) - remove a node. To be run on the node itself, then on every other member.
 *
 * On the node itself (or where no node of the queue exists) everything about the queue goes: the
 * queue and its events, subscribers, consumers, locations; Londiste's rows follow by cascade. On
 * another member only the subscription and the location of the dropped node go.
 *
 * Parameters:
 *   i_queue_name   name of the cascaded queue
 *   i_node_name    node to drop
 * Returns:
 *   200  dropped, or not known here
 *   405  it is the provider of the local worker
 * Calls:   pgq.drop_queue(2), pgq_node.unregister_subscriber, pgq_node.unregister_location
 * Writes:  all tables of schema pgq_node
 */
declare
    v_node_name     text;
    v_provider      text;
begin
    select n.node_name, s.provider_node
      into v_node_name, v_provider
      from pgq_node.node_info n
      left join pgq_node.local_state s
        on s.queue_name = n.queue_name and s.consumer_name = n.worker_name
     where n.queue_name = i_queue_name;

    if not found or v_node_name = i_node_name then
        -- subscribers first: their rows refer to the consumers that drop_queue removes
        delete from pgq_node.subscriber_info s where s.queue_name = i_queue_name;
        delete from pgq_node.local_state s where s.queue_name = i_queue_name;
        delete from pgq_node.node_info n where n.queue_name = i_queue_name and n.node_name = i_node_name;
        perform pgq.drop_queue(q.queue_name, true) from pgq.queue q where q.queue_name = i_queue_name;
        delete from pgq_node.node_location l where l.queue_name = i_queue_name and l.node_name <> i_node_name;
    elsif v_provider = i_node_name then
        ret_code := 405;
        ret_note := 'Cannot drop provider node: ' || i_node_name;
        return;
    else
        perform pgq_node.unregister_subscriber(i_queue_name, i_node_name);
    end if;

    -- the result is of no interest: the location may be gone already, by the root's event
    perform pgq_node.unregister_location(i_queue_name, i_node_name);

    ret_code := 200;
    ret_note := 'Node dropped: ' || i_node_name;
end;
$$;
create or replace function pgq_node.set_node_attrs(
    in i_queue_name text,
    in i_node_attrs text,
    out ret_code integer,
    out ret_note text)
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_node.set_node_attrs(2) - store the attributes of the local node.
 *
 * Parameters:
 *   i_queue_name   name of the cascaded queue
 *   i_node_attrs   urlencoded dictionary, as in sync_watermark=node1,node2
 * Returns:
 *   200  stored
 *   404  no node of this queue here
 * Writes:  pgq_node.node_info (one row)
 */
begin
    update pgq_node.node_info as n
       set node_attrs = i_node_attrs
     where n.queue_name = i_queue_name;
    if found then
        ret_code := 200;
        ret_note := 'Node attributes updated';
    else
        ret_code := 404;
        ret_note := 'Node not found';
    end if;
end;
$$;
create or replace function pgq_node.get_node_info(
    in i_queue_name text,
    out ret_code integer,
    out ret_note text,
    out node_type text,
    out node_name text,
    out global_watermark bigint,
    out local_watermark bigint,
    out provider_node text,
    out provider_location text,
    out combined_queue text,
    out combined_type text,
    out worker_name text,
    out worker_paused boolean,
    out worker_uptodate boolean,
    out worker_last_tick bigint,
    out node_attrs text,
    out target_for text[])
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_node.get_node_info(1) - everything about the local node of a queue.
 *
 * Parameters:
 *   i_queue_name   name of the cascaded queue
 * Returns:
 *   100  found
 *   404  no node of this queue here; all other fields are null
 *
 *   local_watermark is the lowest position that something in the subtree below this node still
 *   needs. The `.node.watermark` consumers stand for what the subscribers' subtrees need, so they
 *   count; `.global_watermark` does not, it follows this value.
 */
declare
    v_queue_id      integer;
    v_top_tick      bigint;
begin
    select 100, 'Ok', n.node_type, n.node_name,
           c.queue_name, c.node_type,
           n.worker_name, s.provider_node, l.node_location,
           s.paused, s.uptodate, s.last_tick_id, n.node_attrs
      into ret_code, ret_note, node_type, node_name,
           combined_queue, combined_type,
           worker_name, provider_node, provider_location,
           worker_paused, worker_uptodate, worker_last_tick, node_attrs
      from pgq_node.node_info n
      left join pgq_node.node_info c on c.queue_name = n.combined_queue
      left join pgq_node.local_state s on s.queue_name = n.queue_name and s.consumer_name = n.worker_name
      left join pgq_node.node_location l on l.queue_name = s.queue_name and l.node_name = s.provider_node
     where n.queue_name = i_queue_name;
    if not found then
        ret_code := 404;
        ret_note := 'Unknown queue: ' || i_queue_name;
        return;
    end if;

    if node_type = 'leaf' then
        local_watermark := worker_last_tick;
        return;
    end if;

    select q.queue_id into v_queue_id
      from pgq.queue q
     where q.queue_name = i_queue_name;

    select t.tick_id into v_top_tick
      from pgq.tick t
     where t.tick_queue = v_queue_id
     order by t.tick_queue desc, t.tick_id desc
     limit 1;

    select min(case when c.co_name = '.global_watermark' then s.sub_last_tick end),
           min(case when c.co_name <> '.global_watermark' then s.sub_last_tick end)
      into global_watermark, local_watermark
      from pgq.subscription s
      join pgq.consumer c on c.co_id = s.sub_consumer
     where s.sub_queue = v_queue_id;
    if local_watermark is null then
        local_watermark := v_top_tick;
    end if;

    select array_agg(n.queue_name order by n.queue_name)
      into target_for
      from pgq_node.node_info n
     where n.combined_queue = i_queue_name;

    -- the root's worker reads nothing: what is in the queue is in the database
    if node_type = 'root' then
        worker_last_tick := v_top_tick;
    end if;
end;
$$;
create or replace function pgq_node.get_worker_state(
    in i_queue_name text,
    out ret_code integer,
    out ret_note text,
    out node_type text,
    out node_name text,
    out completed_tick bigint,
    out provider_node text,
    out provider_location text,
    out paused boolean,
    out uptodate boolean,
    out cur_error text,
    out worker_name text,
    out global_watermark bigint,
    out local_watermark bigint,
    out local_queue_top bigint,
    out combined_queue text,
    out combined_type text)
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_node.get_worker_state(1) - state of the node's worker, and of its queue.
 *
 * Parameters:
 *   i_queue_name   name of the cascaded queue
 * Returns:
 *   100  found
 *   404  no node of this queue here, or as in get_consumer_state; no node of the combined queue
 * Calls:   pgq_node.get_consumer_state, pgq_node.get_node_info
 */
declare
    v_combined_queue    text;
begin
    select n.worker_name, n.combined_queue
      into worker_name, v_combined_queue
      from pgq_node.node_info n
     where n.queue_name = i_queue_name;
    if not found then
        ret_code := 404;
        ret_note := 'Unknown queue: ' || i_queue_name;
        return;
    end if;

    combined_queue := v_combined_queue;
    select f.ret_code, f.ret_note, f.node_type, f.node_name, f.completed_tick,
           f.provider_node, f.provider_location, f.paused, f.uptodate, f.cur_error
      into ret_code, ret_note, node_type, node_name, completed_tick,
           provider_node, provider_location, paused, uptodate, cur_error
      from pgq_node.get_consumer_state(i_queue_name, worker_name) f;
    if ret_code >= 400 then
        return;
    end if;

    if v_combined_queue is not null then
        select c.node_type
          into combined_type
          from pgq_node.node_info c
         where c.queue_name = v_combined_queue;
        if not found then
            ret_code := 404;
            -- the misspelling is part of the interface
            ret_note := 'Combinde queue node not found: ' || combined_queue;
            return;
        end if;
    end if;

    select f.global_watermark, f.local_watermark
      into global_watermark, local_watermark
      from pgq_node.get_node_info(i_queue_name) f;

    if node_type in ('root', 'branch') then
        select t.tick_id
          into local_queue_top
          from pgq.queue q
          join pgq.tick t on t.tick_queue = q.queue_id
         where q.queue_name = i_queue_name
         order by t.tick_queue desc, t.tick_id desc
         limit 1;
    end if;
end;
$$;
create or replace function pgq_node.promote_branch(
    in i_queue_name text,
    out ret_code integer,
    out ret_note text)
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_node.promote_branch(1) - turn a branch into the root of its queue.
 *
 * The worker must be paused and must have applied everything the old root has to give.
 *
 * Parameters:
 *   i_queue_name   name of the cascaded queue
 * Returns:
 *   200  it is a root now
 *   301  not a branch, nothing done
 *   404  no node of this queue here
 * Calls:   pgq.seq_setval
 * Writes:  pgq.queue (flags), pgq_node.node_info, pgq_node.local_state (one row each)
 */
declare
    v_node_type     text;
    v_node_name     text;
    v_worker_name   text;
    v_queue_id      integer;
    v_tick_seq      text;
    v_top_tick      bigint;
begin
    select n.node_type, n.node_name, n.worker_name
      into v_node_type, v_node_name, v_worker_name
      from pgq_node.node_info n
     where n.queue_name = i_queue_name
       for update;
    if not found then
        ret_code := 404;
        ret_note := 'Node not initialized for queue: ' || i_queue_name;
        return;
    end if;
    if v_node_type <> 'branch' then
        ret_code := 301;
        ret_note := 'Node not branch';
        return;
    end if;

    update pgq.queue as q
       set queue_disable_insert = false,
           queue_external_ticker = false
     where q.queue_name = i_queue_name
    returning q.queue_id, q.queue_tick_seq
      into v_queue_id, v_tick_seq;

    select t.tick_id into v_top_tick
      from pgq.tick t
     where t.tick_queue = v_queue_id
     order by t.tick_queue desc, t.tick_id desc
     limit 1;
    -- the local ticker must continue above the ticks that came from the old root
    perform pgq.seq_setval(v_tick_seq, v_top_tick);

    update pgq_node.node_info as n
       set node_type = 'root'
     where n.queue_name = i_queue_name;

    update pgq_node.local_state as s
       set provider_node = v_node_name,
           last_tick_id = v_top_tick,
           uptodate = false
     where s.queue_name = i_queue_name
       and s.consumer_name = v_worker_name;

    ret_code := 200;
    ret_note := 'Branch node promoted to root';
end;
$$;
create or replace function pgq_node.demote_root(
    in i_queue_name text,
    in i_step integer,
    in i_new_provider text,
    out ret_code integer,
    out ret_note text,
    out last_tick bigint)
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_node.demote_root(3) - turn the root into a branch, in three calls.
 *
 * Each step needs a transaction of its own: writers must see the flag of step 1 before step 2
 * waits for those that did not, and the new root must have replayed step 2's tick before step 3.
 *
 * Parameters:
 *   i_queue_name     name of the cascaded queue
 *   i_step           1 forbid writing, 2 wait for writers and make the last tick, 3 become a branch
 *   i_new_provider   step 3: node to read from
 * Returns:
 *   200  step done; last_tick is the final tick of this root (steps 2 and 3)
 *   301  not a root, nothing done
 *   404  no node, or no queue
 * Calls:   pgq.ticker(4)
 * Writes:  pgq.queue (flags), pgq.tick, pgq_node.node_info, pgq_node.local_state
 */
declare
    v_node_type         text;
    v_worker_name       text;
    v_queue_id          integer;
    v_data_pfx          text;
    v_event_seq         text;
    v_tick_seq          text;
    v_disable_insert    boolean;
    v_external_ticker   boolean;
begin
    select n.node_type, n.worker_name
      into v_node_type, v_worker_name
      from pgq_node.node_info n
     where n.queue_name = i_queue_name
       for update;
    if not found then
        ret_code := 404;
        ret_note := 'Node not initialized for queue: ' || i_queue_name;
        return;
    end if;
    if v_node_type <> 'root' then
        ret_code := 301;
        ret_note := 'Node not root';
        return;
    end if;

    select q.queue_id, q.queue_data_pfx, q.queue_event_seq, q.queue_tick_seq,
           q.queue_disable_insert, q.queue_external_ticker
      into v_queue_id, v_data_pfx, v_event_seq, v_tick_seq,
           v_disable_insert, v_external_ticker
      from pgq.queue q
     where q.queue_name = i_queue_name;
    if not found then
        ret_code := 404;
        ret_note := 'Huh, no queue?: ' || i_queue_name;
        return;
    end if;

    if i_step > 1 and not (v_disable_insert and v_external_ticker) then
        raise exception 'steps in wrong order'
            using errcode = 'object_not_in_prerequisite_state',
                  hint = 'Commit step 1 first: it forbids writing to the queue.';
    end if;

    if i_step = 1 then
        update pgq.queue as q
           set queue_disable_insert = true,
               queue_external_ticker = true
         where q.queue_name = i_queue_name;
        ret_note := 'Step 1: Writing disabled for: ' || i_queue_name;
    elsif i_step = 2 then
        -- The tick must not be made with a snapshot older than the lock, it would miss the events of
        -- the writers that we wait for.
        if current_setting('transaction_isolation') not in ('read committed', 'read uncommitted') then
            raise exception 'step 2 needs isolation level read committed'
                using errcode = 'invalid_transaction_state',
                      hint = 'Call it in a new transaction without "isolation level".';
        end if;
        perform pgq_node._set_replica_role();
        -- Waits for running writers: they hold a lock on the child they write to, and a lock on the
        -- parent is taken on the children as well. Readers go on.
        execute 'lock table ' || pgq.quote_fqname(v_data_pfx) || ' in exclusive mode';
        last_tick := nextval(pgq.quote_fqname(v_tick_seq)::regclass);
        -- not now(): the transaction may have waited long, and ticks do not run backwards
        perform pgq.ticker(i_queue_name, last_tick, clock_timestamp(),
                           nextval(pgq.quote_fqname(v_event_seq)::regclass));
        ret_note := 'Step 2: Inserted last tick: ' || i_queue_name;
    elsif i_step = 3 then
        select t.tick_id into last_tick
          from pgq.tick t
         where t.tick_queue = v_queue_id
         order by t.tick_queue desc, t.tick_id desc
         limit 1;
        update pgq_node.node_info as n
           set node_type = 'branch'
         where n.queue_name = i_queue_name;
        update pgq_node.local_state as s
           set provider_node = i_new_provider,
               last_tick_id = last_tick,
               uptodate = false
         where s.queue_name = i_queue_name
           and s.consumer_name = v_worker_name;
        ret_note := 'Step 3: Demoted root to branch: ' || i_queue_name;
    else
        raise exception 'incorrect step number'
            using errcode = 'invalid_parameter_value',
                  hint = 'Steps are 1, 2 and 3.';
    end if;

    ret_code := 200;
end;
$$;

-- watermarks
create or replace function pgq_node.set_global_watermark(
    in i_queue_name text,
    in i_watermark bigint,
    out ret_code integer,
    out ret_note text)
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_node.set_global_watermark(2) - move the position that the whole cascade still needs.
 *
 * Every branch keeps its events from there on, so that any node can become the provider of any other.
 *
 * Parameters:
 *   i_queue_name   name of the cascaded queue
 *   i_watermark    tick id; on a root null means the local watermark
 * Returns:
 *   100  leaf, nothing to move
 *   200  moved; or skipped on a branch that does not have the tick (yet)
 *   404  no node of this queue here
 *   500  null on a branch
 * Calls:   pgq.register_consumer_at; pgq.insert_event(7) on a root, for the branches
 * Writes:  pgq.subscription, on a root also pgq_node.local_state (one row each)
 */
declare
    v_node_type     text;
    v_worker_name   text;
    v_watermark     bigint := i_watermark;
begin
    select n.node_type, n.worker_name
      into v_node_type, v_worker_name
      from pgq_node.node_info n
     where n.queue_name = i_queue_name
       for update;
    if not found then
        ret_code := 404;
        ret_note := 'Queue' || i_queue_name || ' not found';
        return;
    end if;

    if v_node_type = 'root' then
        if v_watermark is null then
            select f.local_watermark
              into v_watermark
              from pgq_node.get_node_info(i_queue_name) f;
            if v_watermark is null then
                raise exception 'local_watermark=NULL from get_node_info()?'
                    using errcode = 'object_not_in_prerequisite_state',
                          hint = 'The queue has no ticks and no consumers. Does queue "' || i_queue_name || '" exist in pgq.queue?';
            end if;
        end if;
        perform pgq.register_consumer_at(i_queue_name, '.global_watermark', v_watermark);
        perform pgq.insert_event(i_queue_name, 'pgq.global-watermark', v_watermark::text,
                                 i_queue_name, null, null, null);
        -- the root's worker reads nothing, its position follows the watermark
        update pgq_node.local_state as s
           set last_tick_id = v_watermark
         where s.queue_name = i_queue_name
           and s.consumer_name = v_worker_name;
    elsif v_node_type = 'branch' then
        if v_watermark is null then
            ret_code := 500;
            ret_note := 'bad usage: wm=null on branch node';
            return;
        end if;
        -- tick and event are replayed independently, and a young branch lacks old ticks
        perform 1
           from pgq.queue q
           join pgq.tick t on t.tick_queue = q.queue_id
          where q.queue_name = i_queue_name
            and t.tick_id = v_watermark;
        if not found then
            ret_code := 200;
            ret_note := 'Skipping global watermark update to ' || v_watermark;
            return;
        end if;
        perform pgq.register_consumer_at(i_queue_name, '.global_watermark', v_watermark);
    else
        ret_code := 100;
        ret_note := 'Ignoring global watermark in leaf';
        return;
    end if;

    ret_code := 200;
    ret_note := 'Global watermark set to ' || v_watermark;
end;
$$;
create or replace function pgq_node.set_partition_watermark(
    in i_combined_queue_name text,
    in i_part_queue_name text,
    in i_watermark bigint,
    out ret_code integer,
    out ret_note text)
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_node.set_partition_watermark(3) - a combined branch tells the local merge leaf how far it is.
 *
 * The data of the part queue arrives here through the combined queue, and the leaf's own worker
 * only waits behind. So its position is set from outside.
 *
 * Parameters:
 *   i_combined_queue_name   queue that the event came with
 *   i_part_queue_name       part queue of the leaf
 *   i_watermark             tick id of the part queue
 * Returns:
 *   200  moved
 *   201  no such leaf here, nothing done
 *   401  the leaf's worker is not registered
 * Writes:  pgq_node.local_state (one row)
 */
declare
    v_worker_name   text;
begin
    select n.worker_name
      into v_worker_name
      from pgq_node.node_info n
      join pgq_node.node_info c on c.queue_name = n.combined_queue
     where n.queue_name = i_part_queue_name
       and n.node_type = 'leaf'
       and n.combined_queue = i_combined_queue_name
       and c.node_type = 'branch';
    if not found then
        ret_code := 201;
        ret_note := 'Part-queue does not exist';
        return;
    end if;

    update pgq_node.local_state as s
       set last_tick_id = i_watermark
     where s.queue_name = i_part_queue_name
       and s.consumer_name = v_worker_name;
    if found then
        ret_code := 200;
        ret_note := 'Ok';
    else
        ret_code := 401;
        ret_note := 'Worker registration not found';
    end if;
end;
$$;
create or replace function pgq_node.maint_watermark(i_queue_name text)
returns integer
language plpgsql
as $$
/*
 * pgq_node.maint_watermark(1) - publish the global watermark if the root's worker does not.
 *
 * Called by the ticker's maintenance, for each local root.
 *
 * Parameters:
 *   i_queue_name   name of the cascaded queue
 * Returns:
 *   0, also when there is nothing to do
 * Calls:   pgq_node.set_global_watermark
 */
declare
    v_lag       interval;
begin
    perform 1
       from pgq_node.node_info n
      where n.queue_name = i_queue_name
        and n.node_type = 'root'
        for update;
    if not found then
        return 0;
    end if;

    select f.lag
      into v_lag
      from pgq.get_consumer_info(i_queue_name, '.global_watermark') f;
    if v_lag >= '5 minutes'::interval then
        perform pgq_node.set_global_watermark(i_queue_name, null);
    end if;

    return 0;
end;
$$;

-- Who may do what. Roles that do not exist (the installing role could not create them) are left out.

grant usage on schema pgq_node to public;

do $$
declare
    v_public    constant text[] := array['is_root_node', 'is_leaf_node', 'version'];
    v_writer    constant text[] := array[
        'register_consumer', 'unregister_consumer', 'change_consumer_provider', 'set_consumer_uptodate',
        'set_consumer_paused', 'set_consumer_completed', 'set_consumer_error'];
    v_reader    constant text[] := array[
        'get_consumer_info', 'get_consumer_state', 'get_queue_locations', 'get_node_info', 'get_subscriber_info',
        'register_subscriber', 'unregister_subscriber', 'set_subscriber_watermark'];
    v_role      text;
    f           record;
begin
    for f in
        select p.oid::pg_catalog.regprocedure::text as sig, p.proname
          from pg_catalog.pg_proc p
         where p.pronamespace = 'pgq_node'::pg_catalog.regnamespace
    loop
        if f.proname = any (v_public) then
            execute 'grant execute on function ' || f.sig || ' to public';
            continue;
        end if;
        execute 'revoke all on function ' || f.sig || ' from public';
        for v_role in
            select r.rolname from pg_catalog.pg_roles r
             where (r.rolname = 'pgq_admin' and f.proname not like E'\\_%')
                or (r.rolname = 'pgq_writer' and (f.proname = any (v_writer) or f.proname = any (v_reader)))
                or (r.rolname = 'pgq_reader' and f.proname = any (v_reader))
        loop
            execute 'grant execute on function ' || f.sig || ' to ' || quote_ident(v_role);
        end loop;
    end loop;

    for v_role in
        select r.rolname from pg_catalog.pg_roles r
         where r.rolname in ('pgq_reader', 'pgq_writer', 'pgq_admin')
    loop
        execute format('grant %s on pgq_node.node_location, pgq_node.node_info, pgq_node.local_state,'
                       ' pgq_node.subscriber_info to %I',
                       case when v_role = 'pgq_admin' then 'select, insert, update, delete' else 'select' end,
                       v_role);
    end loop;
end $$;

do $$ begin perform pgq_node.upgrade_schema(); end $$;
-- Schema londiste: replicated tables and sequences. Needs schemas pgq and pgq_node. Run it again to upgrade.

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

-- names
create or replace function londiste.make_fqname(i_name text)
returns text
language sql
strict immutable
as $$
/*
 * londiste.make_fqname(1) - full name of a table or sequence, as it is stored: schema.name, unquoted.
 *
 * Parameters:
 *   i_name   name; the first dot separates the schema, which is public when there is none
 */
    select case when pg_catalog.strpos(i_name, '.') > 0 then i_name else 'public.' || i_name end;
$$;
create or replace function londiste.split_fqname(
    in i_fqname text,
    out schema_part text,
    out name_part text)
language plpgsql
strict immutable
as $$
/*
 * londiste.split_fqname(1) - schema and name out of a full name.
 *
 * Parameters:
 *   i_fqname   name; the first dot separates the schema, which is public when there is none
 */
declare
    v_dot   integer := pg_catalog.strpos(i_fqname, '.');
begin
    if v_dot > 0 then
        schema_part := pg_catalog.left(i_fqname, v_dot - 1);
        name_part := pg_catalog.substr(i_fqname, v_dot + 1);
    else
        schema_part := 'public';
        name_part := i_fqname;
    end if;
end;
$$;
create or replace function londiste.quote_fqname(i_name text)
returns text
language sql
strict immutable
as $$
/*
 * londiste.quote_fqname(1) - a stored name, quoted for use in SQL.
 *
 * Parameters:
 *   i_name   name; the first dot separates the schema, which is public when there is none
 */
    select pg_catalog.quote_ident(f.schema_part) || '.' || pg_catalog.quote_ident(f.name_part)
      from londiste.split_fqname(i_name) f;
$$;
create or replace function londiste.find_rel_oid(i_fqname text, i_kind text)
returns oid
language sql
strict stable
as $$
/*
 * londiste.find_rel_oid(2) - oid of a relation, by its full name.
 *
 * Parameters:
 *   i_fqname   full name, unquoted
 *   i_kind     letter as in pg_class.relkind
 * Returns:
 *   oid, null when there is none
 */
    select c.oid
      from londiste.split_fqname(i_fqname) f
      join pg_catalog.pg_namespace n on n.nspname = f.schema_part
      join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = f.name_part
     where c.relkind::text = i_kind;
$$;
create or replace function londiste.find_table_oid(tbl text)
returns oid
language sql
strict stable
as $$
/*
 * londiste.find_table_oid(1) - oid of an ordinary table, by its full name.
 *
 * Parameters:
 *   tbl   full name, unquoted
 * Returns:
 *   oid, null when there is none
 */
    select londiste.find_rel_oid(tbl, 'r');
$$;
create or replace function londiste.find_seq_oid(seq text)
returns oid
language sql
strict stable
as $$
/*
 * londiste.find_seq_oid(1) - oid of a sequence, by its full name.
 *
 * Parameters:
 *   seq   full name, unquoted
 * Returns:
 *   oid, null when there is none
 */
    select londiste.find_rel_oid(seq, 'S');
$$;
create or replace function londiste.find_column_types(tbl text)
returns text
language sql
strict stable
as $$
/*
 * londiste.find_column_types(1) - which columns of a table are its key.
 *
 * Parameters:
 *   tbl   full name of the table
 * Returns:
 *   one letter per column, k for those of the primary key, v for others; '' for an unknown table
 */
    select coalesce(pg_catalog.string_agg(case when k.indrelid is null then 'v' else 'k' end, '' order by a.attnum), '')
      from pg_catalog.pg_attribute a
      left join pg_catalog.pg_index k
        on k.indrelid = a.attrelid and k.indisprimary and a.attnum = any (k.indkey)
     where a.attrelid = londiste.find_table_oid(tbl)
       and a.attnum > 0
       and not a.attisdropped;
$$;
create or replace function londiste._find_key(i_table_name text, i_columns text[])
returns text
language sql
stable
as $$
/*
 * londiste._find_key(2) - columns of a table that identify its rows, other than the primary key.
 *
 * Internal. A unique index serves, if its columns are not null, and it is neither partial nor over
 * expressions, nor deferrable.
 *
 * Parameters:
 *   i_table_name   full name of the table
 *   i_columns      only indexes over these columns; null takes any
 * Returns:
 *   column names joined by comma, of the index with the fewest; null when there is none
 */
    select k.columns
      from (select pg_catalog.string_agg(a.attname::text, ',' order by u.nr) as columns,
                   pg_catalog.count(*) as ncolumns,
                   pg_catalog.bool_and(a.attnotnull) as usable,
                   pg_catalog.array_agg(a.attname::text) as names
              from pg_catalog.pg_index i
              -- from 11 on, indkey also lists the columns of include (...)
              cross join lateral pg_catalog.unnest(i.indkey::smallint[]) with ordinality as u (attnum, nr)
              join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = u.attnum
             where i.indrelid = londiste.find_table_oid(i_table_name)
               and i.indisunique
               and i.indimmediate
               and i.indisvalid
               and i.indpred is null
               and i.indexprs is null
               and not i.indisprimary
               and u.nr <= pg_catalog.array_length(i.indclass::oid[], 1)
             group by i.indexrelid) k
     where k.usable
       and (i_columns is null or k.names <@ i_columns)
     order by k.ncolumns, k.columns
     limit 1;
$$;

-- helpers
create or replace function londiste.version()
returns text
language sql
as $$
/*
 * londiste.version(0) - version of the interface that this schema implements.
 *
 * Returns: dotted integers, never null; workers compare with 3.7 to see how foreign keys are restored
 */
    select '3.8'::text;
$$;
create or replace function londiste.upgrade_schema()
returns integer
language plpgsql
as $$
/*
 * londiste.upgrade_schema(0) - create missing roles, bring tables of an old installation up to date.
 *
 * What the calling role may not do is left out with a notice, it must not stop an installation.
 *
 * Returns:
 *   0
 * Writes:  roles londiste_reader and londiste_writer, table definitions of schema londiste
 */
declare
    v_role      text;
    v_parent    text;
    v_column    text[];
begin
    foreach v_role in array array['londiste_reader', 'londiste_writer'] loop
        perform 1 from pg_catalog.pg_roles r where r.rolname = v_role;
        if not found then
            begin
                execute 'create role ' || v_role;
            exception
                when insufficient_privilege then
                    raise notice 'role % is missing and % may not create it: %', v_role, current_user, sqlerrm;
                when duplicate_object or unique_violation then
                    null; -- another database of the cluster was faster
            end;
        end if;

        v_parent := case v_role when 'londiste_reader' then 'pgq_reader' else 'pgq_admin' end;
        perform 1
           from pg_catalog.pg_roles r, pg_catalog.pg_roles p
          where r.rolname = v_role
            and p.rolname = v_parent
            and not exists (
                    select 1 from pg_catalog.pg_auth_members m
                     where m.roleid = p.oid and m.member = r.oid);
        if found then
            begin
                execute 'grant ' || v_parent || ' to ' || v_role;
            exception
                when others then
                    raise notice 'role % could not be made member of %: %', v_role, v_parent, sqlerrm;
            end;
        end if;
    end loop;

    foreach v_column slice 1 in array array[
        array['table_info', 'dropped_ddl'], array['table_info', 'table_attrs'],
        array['table_info', 'dest_table'], array['applied_execute', 'execute_attrs']]
    loop
        perform 1
           from pg_catalog.pg_attribute a
           join pg_catalog.pg_class c on c.oid = a.attrelid
          where c.relnamespace = 'londiste'::pg_catalog.regnamespace
            and c.relname = v_column[1]
            and a.attname = v_column[2]
            and not a.attisdropped;
        if not found then
            execute 'alter table londiste.' || v_column[1] || ' add column ' || v_column[2] || ' text';
        end if;
    end loop;

    return 0;
end;
$$;
create or replace function londiste.is_replica_func(func_oid oid)
returns boolean
language sql
strict stable
as $$
/*
 * londiste.is_replica_func(1) - is this a trigger function that fills queues?
 *
 * Other trigger families (one function per table, say) have to be recognised here, too.
 *
 * Parameters:
 *   func_oid   the function
 */
    select exists (
        select 1
          from pg_catalog.pg_proc p
          join pg_catalog.pg_namespace n on n.oid = p.pronamespace
         where p.oid = func_oid
           and n.nspname = 'pgq'
           and p.proname in ('sqltriga', 'logutriga', 'jsontriga'));
$$;
create or replace function londiste.root_notify_change(i_queue_name text, i_ev_type text, i_ev_data text)
returns integer
language plpgsql
as $$
/*
 * londiste.root_notify_change(3) - tell the other nodes about a change on the root.
 *
 * Parameters:
 *   i_queue_name   name of the cascaded queue
 *   i_ev_type      londiste.add-table and the like
 *   i_ev_data      the table or sequence
 * Returns:
 *   1; an error when the local node is not the root
 * Calls:   pgq.insert_event(3)
 */
begin
    if not coalesce(pgq_node.is_root_node(i_queue_name), false) then
        raise exception 'only root node can send events'
            using errcode = 'object_not_in_prerequisite_state',
                  hint = 'Run this on the root of queue "' || i_queue_name || '".';
    end if;
    perform pgq.insert_event(i_queue_name, i_ev_type, i_ev_data);

    return 1;
end;
$$;
create or replace function londiste.set_session_replication_role(val text, is_local boolean)
returns void
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * londiste.set_session_replication_role(2) - set the session role, without being superuser.
 *
 * Where the owner of this function is not allowed to do that either, our queue functions and triggers
 * are told through the custom setting pgq.session_replication_role; PostgreSQL's own triggers
 * and foreign keys then stay active.
 *
 * Parameters:
 *   val        origin, replica or local
 *   is_local   true: until the end of the transaction
 */
begin
    if val is null or val not in ('origin', 'replica', 'local') then
        raise exception 'bad value for session_replication_role'
            using errcode = 'invalid_parameter_value',
                  hint = 'Known are origin, replica and local.';
    end if;

    begin
        perform set_config('session_replication_role', val, is_local);
        if coalesce(current_setting('pgq.session_replication_role', true), '') <> '' then
            -- from a time when the owner had less rights; it would win over the real one
            perform set_config('pgq.session_replication_role', '', is_local);
        end if;
    exception
        when insufficient_privilege then
            -- empty means: look at the real one
            perform set_config('pgq.session_replication_role',
                               case when val = 'origin' and current_setting('session_replication_role') = 'origin'
                                    then '' else val end,
                               is_local);
    end;
end;
$$;

-- sequences
create or replace function londiste.get_seq_list(
    in i_queue_name text,
    out seq_name text,
    out last_value bigint,
    out local boolean)
returns setof record
language plpgsql
strict
as $$
/*
 * londiste.get_seq_list(1) - the sequences that a queue knows.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 * Returns:
 *   one row per sequence, in the order they were added; last_value is the published one
 */
begin
    return query
    select s.seq_name, s.last_value, s.local
      from londiste.seq_info s
     where s.queue_name = i_queue_name
     order by s.nr, s.seq_name;
end;
$$;
create or replace function londiste.root_check_seqs(
    in i_queue_name text,
    in i_buffer bigint,
    out ret_code integer,
    out ret_note text)
language plpgsql
as $$
/*
 * londiste.root_check_seqs(2) - publish sequences before they reach what was published last.
 *
 * The other nodes are always ahead, so after a switch no value is given out twice.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 *   i_buffer       safe distance; 10000 if null or less than 10
 * Returns:
 *   100  checked; the note names sequences that do not exist any more
 *   402  not the root
 *   404  no node of this queue here
 * Calls:   pgq.insert_event(7)
 * Writes:  londiste.seq_info
 */
declare
    v_buffer    constant bigint := case when i_buffer >= 10 then i_buffer else 10000 end;
    v_node_type text;
    v_value     bigint;
    v_publish   bigint;
    v_missing   text;
    r           record;
begin
    select n.node_type
      into v_node_type
      from pgq_node.node_info n
     where n.queue_name = i_queue_name;
    if not found then
        ret_code := 404;
        ret_note := 'Queue not found: ' || i_queue_name;
        return;
    end if;
    if v_node_type <> 'root' then
        ret_code := 402;
        ret_note := 'Not a root node';
        return;
    end if;

    for r in
        select s.seq_name, s.last_value
          from londiste.seq_info s
         where s.queue_name = i_queue_name
           and s.local
         order by s.nr
    loop
        if londiste.find_seq_oid(r.seq_name) is null then
            -- dropped without being removed; the others must be published nevertheless
            v_missing := coalesce(v_missing || ', ', ', but not found: ') || r.seq_name;
            continue;
        end if;
        v_value := pgq.seq_getval(r.seq_name);
        if v_value + v_buffer >= r.last_value then
            v_publish := v_value + 3 * v_buffer;
            perform pgq.insert_event(i_queue_name, 'londiste.update-seq',
                                     v_publish::text, r.seq_name, null, null, null);
            update londiste.seq_info as s
               set last_value = v_publish
             where s.queue_name = i_queue_name
               and s.seq_name = r.seq_name;
        end if;
    end loop;

    ret_code := 100;
    ret_note := 'Sequences updated' || coalesce(v_missing, '');
end;
$$;

create or replace function londiste.root_check_seqs(
    in i_queue_name text,
    out ret_code integer,
    out ret_note text)
language sql
as $$
/* londiste.root_check_seqs(1) - as (2), with the usual distance. */
    select f.ret_code, f.ret_note
      from londiste.root_check_seqs(i_queue_name, null) f;
$$;
create or replace function londiste.global_update_seq(
    in i_queue_name text,
    in i_seq_name text,
    in i_value bigint,
    out ret_code integer,
    out ret_note text)
language plpgsql
as $$
/*
 * londiste.global_update_seq(3) - the root has published a value of a sequence.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 *   i_seq_name     sequence, public when it has no schema
 *   i_value        published value; a local sequence is raised to it, never lowered
 * Returns:
 *   200  stored; a sequence not known so far is known now
 *   402  this is the root
 *   404  no node of this queue here
 * Calls:   pgq.seq_setval
 * Writes:  londiste.seq_info (one row)
 */
declare
    v_seq       constant text := londiste.make_fqname(i_seq_name);
    v_node_type text;
    v_local     boolean;
begin
    select n.node_type
      into v_node_type
      from pgq_node.node_info n
     where n.queue_name = i_queue_name
       for update;
    if not found then
        ret_code := 404;
        ret_note := 'Set not found: ' || i_queue_name;
        return;
    end if;
    if v_node_type = 'root' then
        ret_code := 402;
        ret_note := 'Must not run on root node';
        return;
    end if;

    update londiste.seq_info as s
       set last_value = i_value
     where s.queue_name = i_queue_name
       and s.seq_name = v_seq
    returning s.local
      into v_local;
    if not found then
        insert into londiste.seq_info (queue_name, seq_name, last_value)
        values (i_queue_name, v_seq, i_value);
    elsif v_local then
        perform pgq.seq_setval(v_seq, i_value);
    end if;

    ret_code := 200;
    ret_note := 'Sequence updated';
end;
$$;
create or replace function londiste.global_remove_seq(
    in i_queue_name text,
    in i_seq_name text,
    out ret_code integer,
    out ret_note text)
language plpgsql
strict
as $$
/*
 * londiste.global_remove_seq(2) - forget a sequence; on the root also tell the others.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 *   i_seq_name     sequence, public when it has no schema
 * Returns:
 *   200  forgotten
 *   400  not known
 * Calls:   londiste.root_notify_change on a root
 * Writes:  londiste.seq_info (one row)
 */
declare
    v_seq   constant text := londiste.make_fqname(i_seq_name);
begin
    delete from londiste.seq_info s
     where s.queue_name = i_queue_name
       and s.seq_name = v_seq;
    if not found then
        ret_code := 400;
        ret_note := 'Sequence not found: ' || v_seq;
        return;
    end if;

    if pgq_node.is_root_node(i_queue_name) then
        perform londiste.root_notify_change(i_queue_name, 'londiste.remove-seq', v_seq);
    end if;

    ret_code := 200;
    ret_note := 'Sequence removed: ' || v_seq;
end;
$$;
create or replace function londiste.local_add_seq(
    in i_queue_name text,
    in i_seq_name text,
    out ret_code integer,
    out ret_note text)
language plpgsql
as $$
/*
 * londiste.local_add_seq(2) - replicate a sequence on this node.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 *   i_seq_name     sequence, public when it has no schema
 * Returns:
 *   200  added
 *   201  was added
 *   400  no such sequence here
 *   404  not known to the queue
 * Calls:   londiste.root_check_seqs on a root, pgq.seq_setval elsewhere
 * Writes:  londiste.seq_info (one row)
 */
declare
    v_seq       constant text := londiste.make_fqname(i_seq_name);
    v_is_root   boolean;
    v_local     boolean;
    v_known     boolean;
    v_last      bigint;
begin
    if londiste.find_seq_oid(v_seq) is null then
        ret_code := 400;
        ret_note := 'Sequence not found: ' || v_seq;
        return;
    end if;

    v_is_root := pgq_node.is_root_node(i_queue_name);
    select s.local, s.last_value
      into v_local, v_last
      from londiste.seq_info s
     where s.queue_name = i_queue_name
       and s.seq_name = v_seq
       for update;
    v_known := found;
    if v_local then
        ret_code := 201;
        ret_note := 'Sequence already added: ' || v_seq;
        return;
    end if;
    if not v_known and not v_is_root then
        ret_code := 404;
        ret_note := 'Unknown sequence: ' || v_seq;
        return;
    end if;

    if v_known then
        update londiste.seq_info as s
           set local = true
         where s.queue_name = i_queue_name
           and s.seq_name = v_seq;
    else
        insert into londiste.seq_info (queue_name, seq_name, local, last_value)
        values (i_queue_name, v_seq, true, 0);
    end if;

    if v_is_root then
        perform londiste.root_check_seqs(i_queue_name);
    else
        perform pgq.seq_setval(v_seq, v_last);
    end if;

    ret_code := 200;
    ret_note := 'Sequence added: ' || v_seq;
end;
$$;
create or replace function londiste.local_remove_seq(
    in i_queue_name text,
    in i_seq_name text,
    out ret_code integer,
    out ret_note text)
language plpgsql
strict
as $$
/*
 * londiste.local_remove_seq(2) - replicate a sequence no longer. A root forgets it completely.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 *   i_seq_name     sequence, public when it has no schema
 * Returns:
 *   200  removed
 *   400  root: not known
 *   404  elsewhere: not known
 * Calls:   londiste.global_remove_seq on a root
 * Writes:  londiste.seq_info (one row)
 */
declare
    v_seq   constant text := londiste.make_fqname(i_seq_name);
begin
    if pgq_node.is_root_node(i_queue_name) then
        select f.ret_code, f.ret_note
          into ret_code, ret_note
          from londiste.global_remove_seq(i_queue_name, v_seq) f;
        return;
    end if;

    update londiste.seq_info as s
       set local = false
     where s.queue_name = i_queue_name
       and s.seq_name = v_seq
       and s.local;
    if found then
        ret_code := 200;
        ret_note := 'Sequence removed: ' || v_seq;
    else
        ret_code := 404;
        ret_note := 'Sequence not found: ' || v_seq;
    end if;
end;
$$;

-- tables
create or replace function londiste._coordinate_copy(
    in i_queue_name text,
    in i_table_name text,
    out copy_role text,
    out copy_pos integer)
language plpgsql
strict stable
as $$
/*
 * londiste._coordinate_copy(2) - how the copies of one table from several queues cooperate.
 *
 * When part queues are merged into one local table, their copies run in parallel. One of them leads:
 * it drops indexes and constraints before, and restores them when all parts have been copied.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 *   i_table_name   full name of the table
 * Returns:
 *   copy_role   lead          drop the table's structure, then copy
 *               wait-copy     wait until the leader has dropped it
 *               wait-replay   copy, but do not replay before the structure is back
 *               null          nothing to wait for
 *   copy_pos    how many copies are before this one
 */
declare
    v_state         text;
    v_ddl           text;
    v_dest          text;
    v_combined      text;
    v_parts         integer;
    v_done          integer;
    v_first         text;
    v_first_ddl     text;
    v_leader        text;
begin
    select t.merge_state, t.dropped_ddl, coalesce(t.dest_table, t.table_name), n.combined_queue
      into v_state, v_ddl, v_dest, v_combined
      from londiste.table_info t
      join pgq_node.node_info n on n.queue_name = t.queue_name
     where t.queue_name = i_queue_name
       and t.table_name = i_table_name;

    select count(case when t.local then 1 end),
           count(case when t.local and t.merge_state <> 'in-copy' then 1 end),
           min(case when t.local then t.queue_name end),
           min(case when t.local and t.dropped_ddl is not null then t.queue_name end),
           count(case when t.queue_name < i_queue_name and t.merge_state = 'in-copy' and v_state = 'in-copy'
                      then 1 end)
      into v_parts, v_done, v_first, v_first_ddl, copy_pos
      from londiste.table_info t
      join pgq_node.node_info n on n.queue_name = t.queue_name
     where coalesce(t.dest_table, t.table_name) = v_dest
       and n.combined_queue is not distinct from v_combined
       and (t.merge_state is null or t.merge_state <> 'ok');

    v_leader := case when v_parts > 1 then coalesce(v_first_ddl, v_first) end;
    if v_leader is null then
        return;
    end if;

    if v_leader = i_queue_name then
        if v_state = 'in-copy' then
            copy_pos := 0;
            if v_ddl is null and v_done > 0 then
                copy_role := 'wait-replay';
            elsif v_done < v_parts then
                copy_role := 'lead';
            end if;
        elsif v_state = 'catching-up' and v_ddl is not null and v_done < v_parts then
            copy_role := 'wait-replay';
        end if;
    elsif v_state = 'in-copy' then
        copy_role := case when v_first_ddl is not null or v_done > 0 then 'wait-replay' else 'wait-copy' end;
    elsif v_state = 'catching-up' and v_first_ddl is not null then
        copy_role := 'wait-replay';
    end if;
end;
$$;
create or replace function londiste.get_table_list(
    in i_queue_name text,
    out table_name text,
    out local boolean,
    out merge_state text,
    out custom_snapshot text,
    out table_attrs text,
    out dropped_ddl text,
    out copy_role text,
    out copy_pos integer,
    out dest_table text)
returns setof record
language plpgsql
strict stable
as $$
/*
 * londiste.get_table_list(1) - the tables that a queue knows.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 * Returns:
 *   one row per table, in the order they were added; dest_table is null when the local name is the same
 * Calls:   londiste._coordinate_copy for tables that are being copied
 */
declare
    r   record;
begin
    for r in
        select t.*
          from londiste.table_info t
         where t.queue_name = i_queue_name
         order by t.nr, t.table_name
    loop
        table_name := r.table_name;
        local := r.local;
        merge_state := r.merge_state;
        custom_snapshot := r.custom_snapshot;
        table_attrs := r.table_attrs;
        dropped_ddl := r.dropped_ddl;
        dest_table := nullif(r.dest_table, r.table_name);
        copy_role := null;
        copy_pos := 0;
        if r.merge_state in ('in-copy', 'catching-up') then
            select f.copy_role, f.copy_pos
              into copy_role, copy_pos
              from londiste._coordinate_copy(i_queue_name, r.table_name) f;
        end if;
        return next;
    end loop;
end;
$$;
create or replace function londiste._trigger_name(i_name text)
returns text
language sql
strict immutable
as $$
/*
 * londiste._trigger_name(1) - a trigger name that fits.
 *
 * Internal. PostgreSQL cuts names after 63 bytes, and then the row trigger and the truncate trigger
 * of a queue with a long name would have the same name.
 *
 * Parameters:
 *   i_name   wanted name
 * Returns:
 *   the same if it fits; otherwise its beginning and a hash of it
 */
    select case when pg_catalog.octet_length(i_name) <= 63 then i_name
                else substring(i_name from '^(?:zzz_)?_londiste_') || pg_catalog.md5(i_name)
           end;
$$;
create or replace function londiste.create_trigger(
    in i_queue_name text,
    in i_table_name text,
    in i_trg_args text[],
    in i_dest_table text,
    in i_node_type text,
    out ret_code integer,
    out ret_note text,
    out trigger_name text)
language plpgsql
as $$
/*
 * londiste.create_trigger(5) - connect the local table to its queue.
 *
 * On a root or branch the trigger stores changes in the queue, on a leaf it denies them.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 *   i_table_name   global name of the table
 *   i_trg_args     options of add-table, see below; all others go to the trigger literally, in order
 *   i_dest_table   name of the local table, null when it is the same
 *   i_node_type    root, branch or leaf
 *
 *   tgflags=X        B before, A after (default); Q sqltriga, L logutriga (default), J jsontriga;
 *                    I, U, D events (default all); S skip
 *   skip             the table is only the front of a queue: rows do not arrive in it
 *   no_triggers, virtual_table                        create nothing
 *   expect_sync, skip_truncate, merge_all, no_merge   are for others
 * Returns:
 *   200  created
 *   201  not created, as wished or because a leaf has no trigger functions
 *   403  an AFTER trigger would not fire behind a skipping one
 *   405  several skipping triggers on the table
 * Writes:  triggers of the local table
 */
declare
    v_table         text := londiste.make_fqname(i_table_name);
    v_dest          text := londiste.make_fqname(coalesce(i_dest_table, i_table_name));
    v_dest_oid      oid;
    v_arg           text;
    v_flags         text := '';
    v_args          text[] := array[i_queue_name];
    v_skip          boolean := false;
    v_has_extra1    boolean := false;
    v_timing        text;
    v_func          text;
    v_events        text;
    v_first_arg     bytea;
    v_skips         text[];
    v_name          constant text := londiste._trigger_name('_londiste_' || i_queue_name);
    v_name_last     constant text := londiste._trigger_name('zzz__londiste_' || i_queue_name);
    v_name_truncate constant text := londiste._trigger_name('_londiste_' || i_queue_name || '_truncate');
    v_old           text;
begin
    foreach v_arg in array coalesce(i_trg_args, array[]::text[]) loop
        if lower(v_arg) in ('no_triggers', 'virtual_table') then
            ret_code := 201;
            ret_note := 'Trigger not created';
            return;
        elsif lower(v_arg) like 'tgflags=%' then
            v_flags := upper(substr(v_arg, length('tgflags=') + 1));
        elsif lower(v_arg) = 'skip' then
            v_skip := true;
        elsif lower(v_arg) in ('expect_sync', 'skip_truncate', 'merge_all', 'no_merge') then
            null;
        else
            if strpos(v_arg, 'ev_extra1=') = 1 then
                v_has_extra1 := true;
            end if;
            v_args := v_args || v_arg;
        end if;
    end loop;

    -- Place for other trigger families: a letter of tgflags picks the function, and below it is
    -- created first, for this table. londiste.is_replica_func() must recognise it, and its first
    -- argument must be the queue name, that is how triggers are found again.
    v_skip := v_skip or strpos(v_flags, 'S') > 0;
    v_timing := case when strpos(v_flags, 'B') > 0 and strpos(v_flags, 'A') = 0 then 'before' else 'after' end;
    v_func := case when strpos(v_flags, 'J') > 0 then 'jsontriga'
                   when strpos(v_flags, 'L') > 0 then 'logutriga'
                   when strpos(v_flags, 'Q') > 0 then 'sqltriga'
                   else 'logutriga' end;
    v_events := array_to_string(array[
        case when strpos(v_flags, 'I') > 0 then 'insert' end,
        case when strpos(v_flags, 'U') > 0 then 'update' end,
        case when strpos(v_flags, 'D') > 0 then 'delete' end], ' or ');
    if v_events = '' then
        v_events := 'insert or update or delete';
    end if;

    -- events carry the name that the table has everywhere else
    if v_dest <> v_table and not v_has_extra1 then
        v_args := v_args || ('ev_extra1=' || quote_literal(v_table));
    end if;

    if i_node_type = 'leaf' then
        perform 1
           from pg_catalog.pg_proc p
           join pg_catalog.pg_namespace n on n.oid = p.pronamespace
          where n.nspname = 'pgq'
            and p.proname in ('logutriga', 'sqltriga')
         having count(distinct p.proname) = 2;
        if not found then
            ret_code := 201;
            ret_note := 'Trigger not created';
            return;
        end if;
    end if;

    -- Our own trigger from an earlier call may have either name. It is replaced, so it is left out
    -- when we look for triggers that skip.
    v_dest_oid := londiste.find_table_oid(v_dest);
    v_first_arg := convert_to(i_queue_name, getdatabaseencoding()) || decode('00', 'hex');
    select array_agg(tg.tgname::text order by tg.tgname)
      into v_skips
      from pg_catalog.pg_trigger tg
     where tg.tgrelid = v_dest_oid
       and not tg.tgisinternal
       and londiste.is_replica_func(tg.tgfoid)
       and position(decode('00', 'hex') || 'SKIP'::bytea || decode('00', 'hex') in tg.tgargs) > 0
       and not (tg.tgname::text in (v_name, v_name_last)
                and substr(tg.tgargs, 1, octet_length(v_first_arg)) = v_first_arg);

    if v_timing = 'after' and v_skips is not null then
        ret_code := 403;
        ret_note := 'AFTER trigger cannot work with SKIP trigger(s)';
        return;
    end if;

    trigger_name := v_name;
    if v_skip then
        if v_skips is null then
            -- zzz: fires after all other triggers, those behind it would not see the row
            trigger_name := v_name_last;
            v_args := v_args || 'SKIP'::text;
        elsif array_length(v_skips, 1) > 1 then
            ret_code := 405;
            ret_note := 'Multiple SKIP triggers';
            trigger_name := null;
            return;
        elsif strpos(v_skips[1], 'zzz_') <> 1 then
            -- that one skips for both of us, but must come last
            execute 'alter trigger ' || quote_ident(v_skips[1]) || ' on ' || londiste.quote_fqname(v_dest)
                    || ' rename to ' || quote_ident('zzz_' || v_skips[1]);
        end if;
    end if;

    if i_node_type = 'leaf' then
        v_args := v_args || 'deny'::text;
    end if;

    for v_old in
        select tg.tgname
          from pg_catalog.pg_trigger tg
         where tg.tgrelid = v_dest_oid
           and not tg.tgisinternal
           and (tg.tgname::text = trigger_name
                or (tg.tgname::text in (v_name, v_name_last)
                    and londiste.is_replica_func(tg.tgfoid)
                    and substr(tg.tgargs, 1, octet_length(v_first_arg)) = v_first_arg))
    loop
        execute 'drop trigger ' || quote_ident(v_old) || ' on ' || londiste.quote_fqname(v_dest);
    end loop;

    execute 'create trigger ' || quote_ident(trigger_name)
            || ' ' || v_timing || ' ' || v_events || ' on ' || londiste.quote_fqname(v_dest)
            || ' for each row execute procedure pgq.' || v_func || '('
            || (select string_agg(quote_literal(a.arg), ', ' order by a.nr)
                  from unnest(v_args) with ordinality as a (arg, nr))
            || ')';

    perform 1
       from pg_catalog.pg_trigger tg
      where tg.tgrelid = v_dest_oid
        and tg.tgname::text = v_name_truncate;
    if not found then
        -- always sqltriga: a truncate event of jsontriga looks like data to consumers
        execute 'create trigger ' || quote_ident(v_name_truncate)
                || ' after truncate on ' || londiste.quote_fqname(v_dest)
                || ' for each statement execute procedure pgq.sqltriga(' || quote_literal(i_queue_name)
                || case when i_node_type = 'leaf' then ', ''deny''' else '' end || ')';
    end if;

    ret_code := 200;
    ret_note := 'OK';
end;
$$;
create or replace function londiste.drop_table_triggers(i_queue_name text, i_table_name text)
returns void
language plpgsql
strict
as $$
/*
 * londiste.drop_table_triggers(2) - drop the triggers that connect a table to a queue, whatever their names.
 *
 * Also runs when rows of table_info are deleted by cascade, so it must do with what is still there:
 * table, queue or schema pgq may be gone.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 *   i_table_name   table, public when it has no schema
 * Writes:  triggers of the local table
 */
declare
    v_dest      text := londiste.make_fqname(i_table_name);
    -- arguments are stored one after the other, each followed by a zero byte
    v_first_arg bytea := pg_catalog.convert_to(i_queue_name, pg_catalog.getdatabaseencoding())
                         || pg_catalog.decode('00', 'hex');
    v_trigger   text;
begin
    select coalesce(t.dest_table, t.table_name)
      into v_dest
      from londiste.table_info t
     where t.queue_name = i_queue_name
       and t.table_name = v_dest;
    if not found then
        return;
    end if;

    for v_trigger in
        select tg.tgname
          from pg_catalog.pg_trigger tg
         where tg.tgrelid = londiste.find_table_oid(v_dest)
           and not tg.tgisinternal
           and londiste.is_replica_func(tg.tgfoid)
           and pg_catalog.substr(tg.tgargs, 1, pg_catalog.octet_length(v_first_arg)) = v_first_arg
         order by tg.tgname
    loop
        execute 'drop trigger ' || pg_catalog.quote_ident(v_trigger) || ' on ' || londiste.quote_fqname(v_dest);
    end loop;
end;
$$;
create or replace function londiste.table_info_trigger()
returns trigger
language plpgsql
as $$
/*
 * londiste.table_info_trigger(0) - before delete on table_info: a forgotten table keeps no triggers.
 *
 * Otherwise they would stop the application, as soon as the queue is gone.
 *
 * Calls:   londiste.drop_table_triggers
 */
begin
    perform londiste.drop_table_triggers(old.queue_name, old.table_name);
    return old;
end;
$$;
create or replace function londiste.global_add_table(
    in i_queue_name text,
    in i_table_name text,
    out ret_code integer,
    out ret_note text)
language plpgsql
strict
as $$
/*
 * londiste.global_add_table(2) - make a table known to this node; it is not replicated here yet.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 *   i_table_name   table, public when it has no schema
 * Returns:
 *   200  known now, or was known
 *   400  no node of this queue here
 * Calls:   itself, for the combined queue of a merge leaf
 * Writes:  londiste.table_info (one row)
 */
declare
    v_full_name         text := londiste.make_fqname(i_table_name);
    v_combined_queue    text;
begin
    select n.combined_queue
      into v_combined_queue
      from pgq_node.node_info n
     where n.queue_name = i_queue_name
       for update;
    if not found then
        ret_code := 400;
        ret_note := 'No such queue: ' || i_queue_name;
        return;
    end if;

    -- waits for a concurrent insert, which then counts as already added
    insert into londiste.table_info (queue_name, table_name)
    select i_queue_name, v_full_name
     where not exists (
               select 1 from londiste.table_info t
                where t.queue_name = i_queue_name and t.table_name = v_full_name)
        on conflict do nothing;
    if not found then
        ret_code := 200;
        ret_note := 'Table already added: ' || v_full_name;
        return;
    end if;

    if v_combined_queue is not null then
        perform londiste.global_add_table(v_combined_queue, i_table_name);
    end if;

    ret_code := 200;
    ret_note := 'Table added: ' || i_table_name;
end;
$$;
create or replace function londiste.global_remove_table(
    in i_queue_name text,
    in i_table_name text,
    out ret_code integer,
    out ret_note text)
language plpgsql
strict
as $$
/*
 * londiste.global_remove_table(2) - forget a table.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 *   i_table_name   table, public when it has no schema
 * Returns:
 *   200  forgotten
 *   400  not known
 * Calls:   londiste.local_remove_table, unless on the root (which calls us)
 * Writes:  londiste.table_info (one row)
 */
declare
    v_full_name text := londiste.make_fqname(i_table_name);
begin
    if not pgq_node.is_root_node(i_queue_name) then
        perform londiste.local_remove_table(i_queue_name, v_full_name);
    end if;

    delete from londiste.table_info t
     where t.queue_name = i_queue_name
       and t.table_name = v_full_name;
    if found then
        ret_code := 200;
        ret_note := 'Table removed: ' || i_table_name;
    else
        ret_code := 400;
        ret_note := 'Table not found: ' || v_full_name;
    end if;
end;
$$;
create or replace function londiste.local_add_table(
    in i_queue_name text,
    in i_table_name text,
    in i_trg_args text[],
    in i_table_attrs text,
    in i_dest_table text,
    out ret_code integer,
    out ret_note text)
language plpgsql
as $$
/*
 * londiste.local_add_table(5) - replicate a table on this node.
 *
 * On a root its changes go to the queue from now on; elsewhere the worker copies it, then keeps it current.
 *
 * Parameters:
 *   i_queue_name    name of the queue
 *   i_table_name    global name of the table, public when it has no schema
 *   i_trg_args      options, see below; all others are for the trigger
 *   i_table_attrs   urlencoded dictionary for the worker
 *   i_dest_table    name of the local table, null when it is the same
 *
 *   expect_sync     the data is here already, do not copy
 *   skip_truncate   do not empty the table before the copy
 *   merge_all       merge leaf: take the table from all part queues
 *   no_merge        merge leaf: take it from this queue only
 *   virtual_table   there is no local table; implies expect_sync
 *   pkey=a,b        key columns for the events, when there is no primary key
 *   tgflags=, skip, no_triggers   see londiste.create_trigger
 * Returns:
 *   200  added, or was added
 *   301  added, but another trigger fires before ours: changes that it makes elsewhere come first
 *   400  no node of this queue here; no key on the table
 *   404  the table does not exist here, or is not known to the queue; or is partitioned
 *   405  contradicting options; the table comes from several queues already, or could
 *   410  was added with other attributes
 *   4xx  as londiste.create_trigger
 * Calls:   londiste.global_add_table and root_notify_change on a root, londiste.create_trigger, itself for
 *          the combined queue
 * Writes:  londiste.table_info. Codes from 400 on do not undo earlier steps: roll back.
 */
declare
    v_table             constant text := londiste.make_fqname(i_table_name);
    v_dest              constant text := londiste.make_fqname(coalesce(i_dest_table, i_table_name));
    v_desc              text := v_table;
    v_attrs             text := i_table_attrs;
    v_args              constant text[] := coalesce(i_trg_args, array[]::text[]);
    v_arg               text;
    v_expect_sync       boolean := false;
    v_merge_all         boolean := false;
    v_no_merge          boolean := false;
    v_virtual           boolean := false;
    v_key               text;
    v_combined          text;
    v_node              record;
    v_combined_local    boolean;
    v_local             boolean;
    v_old_attrs         text;
    v_state             text;
    v_trigger           text;
    v_earlier           text;
    r                   record;
begin
    foreach v_arg in array v_args loop
        if lower(v_arg) = 'expect_sync' then
            v_expect_sync := true;
        elsif lower(v_arg) = 'skip_truncate' then
            v_attrs := coalesce(nullif(v_attrs, '') || '&', '') || 'skip_truncate=1';
        elsif lower(v_arg) = 'merge_all' then
            v_merge_all := true;
        elsif lower(v_arg) = 'no_merge' then
            v_no_merge := true;
        elsif lower(v_arg) = 'virtual_table' then
            v_virtual := true;
            v_expect_sync := true;
        elsif v_arg like 'pkey=%' then
            v_key := substr(v_arg, length('pkey=') + 1);
        end if;
    end loop;
    if v_merge_all and v_no_merge then
        ret_code := 405;
        ret_note := 'Cannot use merge-all and no-merge together';
        return;
    end if;

    if v_dest <> v_table then
        v_desc := v_table || '(' || v_dest || ')';
    end if;

    select n.combined_queue
      into v_combined
      from pgq_node.node_info n
     where n.queue_name = i_queue_name;

    if not v_virtual then
        if londiste.find_table_oid(v_dest) is null then
            ret_code := 404;
            if londiste.find_rel_oid(v_dest, 'p') is not null then
                ret_note := 'Table is partitioned, add its partitions instead: ' || v_desc;
            else
                ret_note := 'Table does not exist: ' || v_desc;
            end if;
            return;
        end if;

        -- Without a key there is no way to tell which row an update was about.
        -- A copy from another part queue may have taken the key away for a while.
        if strpos(londiste.find_column_types(v_dest), 'k') = 0
            and (v_key is null or londiste._find_key(v_dest, regexp_split_to_array(btrim(v_key), '[,[:space:]]+')) is null)
        then
            perform 1
               from londiste.table_info t
               join pgq_node.node_info n on n.queue_name = t.queue_name
              where n.combined_queue = v_combined
                and t.queue_name <> i_queue_name
                and coalesce(t.dest_table, t.table_name) = v_dest
                and t.dropped_ddl is not null;
            if not found then
                ret_code := 400;
                ret_note := 'Primary key missing on table: ' || v_desc;
                v_key := londiste._find_key(v_dest, null);
                if v_key is not null then
                    ret_note := ret_note || ' (its unique index on not null columns can serve: pkey=' || v_key || ')';
                elsif array_to_string(v_args, ' ') like '%pkey=%' then
                    ret_note := ret_note || ' (pkey= needs a unique index on these columns, all of them not null)';
                end if;
                return;
            end if;
        end if;
    end if;

    select f.*
      into v_node
      from pgq_node.get_node_info(i_queue_name) f;
    if not found or v_node.ret_code >= 400 then
        ret_code := 400;
        ret_note := 'No such set: ' || i_queue_name;
        return;
    end if;

    select t.local, t.table_attrs
      into v_local, v_old_attrs
      from londiste.table_info t
     where t.queue_name = i_queue_name
       and t.table_name = v_table
       for update;
    if not found then
        if v_node.node_type <> 'root' then
            ret_code := 404;
            ret_note := 'Table not available on queue: ' || v_desc;
            return;
        end if;
        select f.ret_code, f.ret_note
          into ret_code, ret_note
          from londiste.global_add_table(i_queue_name, v_table) f;
        if ret_code <> 200 then
            return;
        end if;
        v_local := false;
    end if;

    if v_local then
        if coalesce(v_attrs, '') <> coalesce(v_old_attrs, '') then
            ret_code := 410;
            ret_note := 'Table ' || v_desc || ' already added, but with different args: ' || coalesce(v_old_attrs, '');
        else
            ret_code := 200;
            ret_note := 'Table already added: ' || v_desc;
        end if;
        return;
    end if;

    if v_node.node_type = 'root' then
        v_state := 'ok';
        perform londiste.root_notify_change(i_queue_name, 'londiste.add-table', v_table);
    elsif v_expect_sync or (v_node.node_type = 'leaf' and v_node.combined_type = 'branch') then
        -- of a combined branch, the data arrives through the combined queue
        v_state := 'ok';
    end if;

    update londiste.table_info as t
       set local = true,
           merge_state = v_state,
           table_attrs = coalesce(v_attrs, t.table_attrs),
           dest_table = case when v_dest <> v_table then v_dest else t.dest_table end
     where t.queue_name = i_queue_name
       and t.table_name = v_table;

    if v_node.node_type = 'leaf' and not v_no_merge then
        for r in
            select t.queue_name, t.table_name, t.local
              from londiste.table_info t
              join pgq_node.node_info n on n.queue_name = t.queue_name
             where t.queue_name <> i_queue_name
               and n.combined_queue is not distinct from v_combined
               -- the combined queue itself is no source
               and n.node_type = 'leaf'
               and coalesce(t.dest_table, t.table_name) = v_dest
             order by t.queue_name
               for update of t
        loop
            if r.local and v_state is null then
                ret_code := 405;
                ret_note := 'Found local table ' || v_desc || ' in queue ' || r.queue_name
                            || ', use remove-table first to remove all previous table subscriptions';
                return;
            end if;
            if not v_merge_all and v_state is null then
                ret_code := 405;
                ret_note := 'Found multiple sources for table ' || v_desc
                            || ', use merge-all or no-merge to continue';
                return;
            end if;
            update londiste.table_info as t
               set local = true,
                   merge_state = v_state,
                   table_attrs = coalesce(v_attrs, t.table_attrs)
             where t.queue_name = r.queue_name
               and t.table_name = r.table_name;
        end loop;

        if v_node.combined_type in ('root', 'branch') then
            select t.local
              into v_combined_local
              from londiste.table_info t
             where t.queue_name = v_combined
               and t.table_name = v_table;
            if not coalesce(v_combined_local, false) then
                select f.ret_code, f.ret_note
                  into ret_code, ret_note
                  from londiste.local_add_table(v_combined, v_table, i_trg_args, i_table_attrs, i_dest_table) f;
                if ret_code >= 300 then
                    return;
                end if;
            end if;
        end if;
    end if;

    select f.ret_code, f.ret_note, f.trigger_name
      into ret_code, ret_note, v_trigger
      from londiste.create_trigger(i_queue_name, v_table, i_trg_args, v_dest, v_node.node_type) f;
    if ret_code > 299 then
        ret_note := 'Trigger creation failed for table ' || v_desc || ': ' || ret_note;
        return;
    end if;
    if ret_code = 201 then
        ret_code := 200;
        ret_note := 'Table added with no triggers: ' || v_desc;
        return;
    end if;

    -- AFTER triggers fire in the order of their names. One before ours that changes other tables gets
    -- its events into the queue before the row that caused them. Does not matter where we only deny.
    if v_node.node_type <> 'leaf' then
        select string_agg(tg.tgname::text, ', ' order by tg.tgname)
          into v_earlier
          from pg_catalog.pg_trigger tg
          join pg_catalog.pg_trigger own on own.tgrelid = tg.tgrelid and own.tgname::text = v_trigger
         where tg.tgrelid = londiste.find_table_oid(v_dest)
           and not tg.tgisinternal
           and not londiste.is_replica_func(tg.tgfoid)
           and tg.tgname < own.tgname
           -- 1 = for each row; neither before (2) nor instead of (64)
           and tg.tgtype & (1 | 2 | 64) = 1
           and own.tgtype & (1 | 2 | 64) = 1;
        if v_earlier is not null then
            ret_code := 301;
            ret_note := 'Table added: ' || v_desc || ', but londiste trigger is not first: ' || v_earlier;
            return;
        end if;
    end if;

    ret_code := 200;
    ret_note := 'Table added: ' || v_desc;
end;
$$;

create or replace function londiste.local_add_table(
    in i_queue_name text,
    in i_table_name text,
    in i_trg_args text[],
    in i_table_attrs text,
    out ret_code integer,
    out ret_note text)
language sql
as $$
/* londiste.local_add_table(4) - as (5), local table of the same name. */
    select f.ret_code, f.ret_note
      from londiste.local_add_table(i_queue_name, i_table_name, i_trg_args, i_table_attrs, null) f;
$$;

create or replace function londiste.local_add_table(
    in i_queue_name text,
    in i_table_name text,
    in i_trg_args text[],
    out ret_code integer,
    out ret_note text)
language sql
as $$
/* londiste.local_add_table(3) - as (5), no attributes, local table of the same name. */
    select f.ret_code, f.ret_note
      from londiste.local_add_table(i_queue_name, i_table_name, i_trg_args, null, null) f;
$$;

create or replace function londiste.local_add_table(
    in i_queue_name text,
    in i_table_name text,
    out ret_code integer,
    out ret_note text)
language sql
strict
as $$
/* londiste.local_add_table(2) - as (5), no options, no attributes, local table of the same name. */
    select f.ret_code, f.ret_note
      from londiste.local_add_table(i_queue_name, i_table_name, null, null, null) f;
$$;
create or replace function londiste.local_remove_table(
    in i_queue_name text,
    in i_table_name text,
    out ret_code integer,
    out ret_note text)
language plpgsql
strict
as $$
/*
 * londiste.local_remove_table(2) - replicate a table no longer. Its rows stay; a root forgets it completely.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 *   i_table_name   global name of the table, public when it has no schema
 * Returns:
 *   200  removed
 *   400  not known, or not replicated here
 * Calls:   londiste.drop_table_triggers, local_remove_seq; on a root global_remove_table, root_notify_change
 * Writes:  londiste.table_info, londiste.seq_info; structure that a copy had taken away is restored
 */
declare
    v_table     constant text := londiste.make_fqname(i_table_name);
    v_dest      text;
    v_is_root   boolean;
    r           record;
    s           record;
begin
    select t.*
      into r
      from londiste.table_info t
     where t.queue_name = i_queue_name
       and t.table_name = v_table
       for update;
    if not found then
        ret_code := 400;
        ret_note := 'Table not found: ' || v_table;
        return;
    end if;
    v_dest := coalesce(r.dest_table, r.table_name);
    v_is_root := pgq_node.is_root_node(i_queue_name);

    if r.local then
        perform londiste.drop_table_triggers(i_queue_name, v_table);

        -- The copy is not complete, and its rows may not satisfy the constraints.
        if r.dropped_ddl is not null and londiste.find_table_oid(v_dest) is not null then
            execute 'truncate only ' || londiste.quote_fqname(v_dest);
            execute r.dropped_ddl;
        end if;

        update londiste.table_info as t
           set local = false,
               custom_snapshot = null,
               table_attrs = null,
               dropped_ddl = null,
               merge_state = null,
               dest_table = null
         where t.queue_name = i_queue_name
           and t.table_name = v_table;

        -- sequences of serial (a) and identity (i) columns came with the table, and go with it
        for s in
            select i.seq_name
              from pg_catalog.pg_depend d
              join pg_catalog.pg_class c on c.oid = d.objid and c.relkind = 'S'
              join pg_catalog.pg_namespace n on n.oid = c.relnamespace
              join londiste.seq_info i on i.seq_name = n.nspname || '.' || c.relname
             where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
               and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
               and d.refobjid = londiste.find_table_oid(v_dest)
               and d.refobjsubid > 0
               and d.deptype in ('a', 'i')
               and i.queue_name = i_queue_name
               and i.local
             order by i.nr
        loop
            perform londiste.local_remove_seq(i_queue_name, s.seq_name);
        end loop;
    elsif not v_is_root then
        ret_code := 400;
        ret_note := 'Table not registered locally: ' || v_table;
        return;
    end if;

    if v_is_root then
        perform londiste.global_remove_table(i_queue_name, v_table);
        perform londiste.root_notify_change(i_queue_name, 'londiste.remove-table', v_table);
    end if;

    ret_code := 200;
    ret_note := 'Table removed: ' || v_table;
end;
$$;
create or replace function londiste.local_set_table_attrs(
    in i_queue_name text,
    in i_table_name text,
    in i_table_attrs text,
    out ret_code integer,
    out ret_note text)
language plpgsql
as $$
/*
 * londiste.local_set_table_attrs(3) - store attributes of a replicated table.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 *   i_table_name   full name of the table, as stored
 *   i_table_attrs   urlencoded dictionary
 * Returns:
 *   200  stored
 *   404  the table is not replicated here
 * Writes:  londiste.table_info (one row)
 */
begin
    update londiste.table_info as t
       set table_attrs = i_table_attrs
     where t.queue_name = i_queue_name
       and t.table_name = i_table_name
       and t.local;
    if found then
        ret_code := 200;
        ret_note := i_table_name || ': Table attributes stored';
    else
        ret_code := 404;
        ret_note := 'no such local table: ' || i_table_name;
    end if;
end;
$$;
create or replace function londiste.local_set_table_state(
    in i_queue_name text,
    in i_table_name text,
    in i_snapshot text,
    in i_merge_state text,
    out ret_code integer,
    out ret_note text)
language plpgsql
as $$
/*
 * londiste.local_set_table_state(4) - how far the first copy of a table is.
 *
 * Parameters:
 *   i_queue_name    name of the queue
 *   i_table_name    table, public when it has no schema
 *   i_snapshot      provider's snapshot of the copy; null clears it
 *   i_merge_state   in-copy, catching-up, wanna-sync:TICK, do-sync:TICK, ok; null starts over
 * Returns:
 *   200  stored
 *   404  not known
 * Writes:  londiste.table_info (one row)
 */
declare
    v_table     constant text := londiste.make_fqname(i_table_name);
begin
    update londiste.table_info as t
       set custom_snapshot = i_snapshot,
           merge_state = i_merge_state
     where t.queue_name = i_queue_name
       and t.table_name = v_table;
    if not found then
        ret_code := 404;
        ret_note := 'No such table: ' || v_table;
        return;
    end if;

    ret_code := 200;
    ret_note := 'Table ' || v_table || ' state set to ' || quote_nullable(i_merge_state);
end;
$$;
create or replace function londiste.local_set_table_struct(
    in i_queue_name text,
    in i_table_name text,
    in i_dropped_ddl text,
    out ret_code integer,
    out ret_note text)
language plpgsql
as $$
/*
 * londiste.local_set_table_struct(3) - keep the DDL that a copy dropped, until it is restored.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 *   i_table_name   full name of the table, as stored
 *   i_dropped_ddl   the statements; null when they are restored
 * Returns:
 *   200  stored
 *   404  the table is not replicated here
 * Writes:  londiste.table_info (one row)
 */
begin
    update londiste.table_info as t
       set dropped_ddl = i_dropped_ddl
     where t.queue_name = i_queue_name
       and t.table_name = i_table_name
       and t.local;
    if found then
        ret_code := 200;
        ret_note := 'Table struct stored';
    else
        ret_code := 404;
        ret_note := 'no such local table: ' || i_table_name;
    end if;
end;
$$;
create or replace function londiste.local_change_handler(
    in i_queue_name text,
    in i_table_name text,
    in i_trg_args text[],
    in i_table_attrs text,
    out ret_code integer,
    out ret_note text)
language plpgsql
as $$
/*
 * londiste.local_change_handler(4) - other attributes and trigger options for a replicated table.
 *
 * Parameters:
 *   i_queue_name    name of the queue
 *   i_table_name    global name of the table, public when it has no schema
 *   i_trg_args      as for londiste.create_trigger
 *   i_table_attrs   urlencoded dictionary for the worker
 * Returns:
 *   200  changed
 *   400  no node of this queue here
 *   404  the table is not replicated here
 *   4xx  as londiste.create_trigger
 * Calls:   londiste.local_set_table_attrs, londiste.create_trigger
 */
declare
    v_table     constant text := londiste.make_fqname(i_table_name);
    v_dest      text;
    v_desc      text := v_table;
    v_node_type text;
begin
    select n.node_type
      into v_node_type
      from pgq_node.node_info n
     where n.queue_name = i_queue_name;
    if not found then
        ret_code := 400;
        ret_note := 'No such set: ' || i_queue_name;
        return;
    end if;

    select coalesce(t.dest_table, t.table_name)
      into v_dest
      from londiste.table_info t
     where t.queue_name = i_queue_name
       and t.table_name = v_table;
    if v_dest <> v_table then
        v_desc := v_table || '(' || v_dest || ')';
    end if;

    select f.ret_code, f.ret_note
      into ret_code, ret_note
      from londiste.local_set_table_attrs(i_queue_name, v_table, i_table_attrs) f;
    if ret_code <> 200 then
        return;
    end if;

    select f.ret_code, f.ret_note
      into ret_code, ret_note
      from londiste.create_trigger(i_queue_name, v_table, i_trg_args, v_dest, v_node_type) f;
    if ret_code > 299 then
        ret_note := 'Trigger creation failed for table ' || v_desc || ': ' || ret_note;
    elsif ret_code = 201 then
        ret_code := 200;
        ret_note := 'Table handler updated with no triggers: ' || v_desc;
    else
        ret_code := 200;
        ret_note := 'Handler changed for table: ' || v_desc;
    end if;
end;
$$;
create or replace function londiste.local_show_missing(
    in i_queue_name text,
    out obj_kind text,
    out obj_name text)
returns setof record
language plpgsql
strict stable
as $$
/*
 * londiste.local_show_missing(1) - tables and sequences that could be replicated on this node, but are not.
 *
 * On a root these are the objects of the database, elsewhere those that the queue knows. A partitioned
 * table is never listed, its partitions are: they hold the rows, and they can be added.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 * Returns:
 *   one row per object, kind r (table) or S (sequence, also of serial and identity columns)
 */
begin
    if pgq_node.is_root_node(i_queue_name) then
        return query
        select c.relkind::text, n.nspname || '.' || c.relname
          from pg_catalog.pg_class c
          join pg_catalog.pg_namespace n on n.oid = c.relnamespace
         where c.relkind in ('r', 'S')
           and n.nspname not in ('pgq', 'pgq_ext', 'pgq_node', 'londiste', 'pg_catalog', 'information_schema')
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

-- DDL scripts
create or replace function londiste.execute_start(
    in i_queue_name text,
    in i_file_name text,
    in i_sql text,
    in i_expect_root boolean,
    in i_attrs text,
    out ret_code integer,
    out ret_note text)
language plpgsql
as $$
/*
 * londiste.execute_start(5) - begin to run a DDL script here.
 *
 * Script and execute_finish belong into the same transaction.
 *
 * Parameters:
 *   i_queue_name    name of the queue
 *   i_file_name     name of the script; a name is run only once, whatever queue it comes through
 *   i_sql           the script
 *   i_expect_root   true: refuse on other nodes than the root
 *   i_attrs         urlencoded conditions of the script
 * Returns:
 *   200  run it
 *   201  was run, skip it
 *   401  not the root
 * Writes:  londiste.applied_execute (one row)
 */
begin
    if not pgq_node.is_root_node(i_queue_name) and i_expect_root then
        ret_code := 401;
        ret_note := 'Node is not root node: ' || i_queue_name;
        return;
    end if;

    -- waits for a concurrent run of the same script
    insert into londiste.applied_execute (queue_name, execute_file, execute_sql, execute_attrs)
    values (i_queue_name, i_file_name, i_sql, i_attrs)
        on conflict do nothing;
    if not found then
        ret_code := 201;
        ret_note := 'EXECUTE: "' || i_file_name || '" already applied, skipping';
        return;
    end if;

    ret_code := 200;
    ret_note := 'Executing: ' || i_file_name;
end;
$$;

create or replace function londiste.execute_start(
    in i_queue_name text,
    in i_file_name text,
    in i_sql text,
    in i_expect_root boolean,
    out ret_code integer,
    out ret_note text)
language sql
as $$
/* londiste.execute_start(4) - as (5), without conditions. */
    select f.ret_code, f.ret_note
      from londiste.execute_start(i_queue_name, i_file_name, i_sql, i_expect_root, null) f;
$$;
create or replace function londiste.execute_finish(
    in i_queue_name text,
    in i_file_name text,
    out ret_code integer,
    out ret_note text)
language plpgsql
strict
as $$
/*
 * londiste.execute_finish(2) - a DDL script was run; the root sends it to the other nodes.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 *   i_file_name    name of the script
 * Returns:
 *   200  finished
 *   404  execute_start was not called
 * Calls:   pgq.insert_event(7) on a root
 */
declare
    v_sql   text;
    v_attrs text;
begin
    select x.execute_sql, x.execute_attrs
      into v_sql, v_attrs
      from londiste.applied_execute x
     where x.execute_file = i_file_name;
    if not found then
        ret_code := 404;
        ret_note := 'execute_file called without execute_start';
        return;
    end if;

    if pgq_node.is_root_node(i_queue_name) then
        perform pgq.insert_event(i_queue_name, 'EXECUTE', v_sql, i_file_name, v_attrs, null, null);
    end if;

    ret_code := 200;
    ret_note := 'Execute finished: ' || i_file_name;
end;
$$;
create or replace function londiste.periodic_maintenance()
returns integer
language plpgsql
as $$
/*
 * londiste.periodic_maintenance(0) - forget DDL scripts that were run more than 3 months ago.
 *
 * Returns:
 *   0
 * Writes:  londiste.applied_execute
 */
begin
    delete from londiste.applied_execute x
     where x.execute_time < now() - '3 months'::interval;

    return 0;
end;
$$;

-- foreign keys
create or replace function londiste.find_table_fkeys(i_table_name text)
returns setof londiste.pending_fkeys
language sql
strict stable
-- pg_get_constraintdef names the other table as the search path needs it. The statement is run later
-- by somebody else, so the names must be full.
set search_path = pg_catalog, pg_temp
as $$
/*
 * londiste.find_table_fkeys(1) - foreign keys from or to a table.
 *
 * Those that a partition has from its partitioned table are left out, they cannot be dropped alone.
 *
 * Parameters:
 *   i_table_name   table, public when it has no schema
 * Returns:
 *   one row per foreign key; fkey_def is the statement that creates it
 */
    select (fn.nspname || '.' || fc.relname)::text,
           (tn.nspname || '.' || tc.relname)::text,
           c.conname::text,
           'alter table '
           -- "only" is not accepted for a foreign key of a partitioned table
           || case when fc.relkind = 'p' then '' else 'only ' end
           || quote_ident(fn.nspname) || '.' || quote_ident(fc.relname)
           || ' add constraint ' || quote_ident(c.conname) || ' ' || pg_get_constraintdef(c.oid)
      from pg_constraint c
      join pg_class fc on fc.oid = c.conrelid
      join pg_namespace fn on fn.oid = fc.relnamespace
      join pg_class tc on tc.oid = c.confrelid
      join pg_namespace tn on tn.oid = tc.relnamespace
     where c.contype = 'f'
       and c.coninhcount = 0
       and coalesce(londiste.find_table_oid(londiste.make_fqname(i_table_name)),
                    londiste.find_rel_oid(londiste.make_fqname(i_table_name), 'p')) in (c.conrelid, c.confrelid)
     order by 1, 2, 3;
$$;
create or replace function londiste.drop_table_fkey(i_from_table text, i_fkey_name text)
returns integer
language plpgsql
strict
as $$
/*
 * londiste.drop_table_fkey(2) - take a foreign key away for a copy, and remember it.
 *
 * Parameters:
 *   i_from_table   table that has it
 *   i_fkey_name    its name
 * Returns:
 *   1  dropped
 *   0  there was none
 * Calls:   londiste.find_table_fkeys
 * Writes:  londiste.pending_fkeys (one row)
 */
declare
    v_table     constant text := londiste.make_fqname(i_from_table);
    v_fkey      londiste.pending_fkeys;
begin
    select f.*
      into v_fkey
      from londiste.find_table_fkeys(v_table) f
     where f.from_table = v_table
       and f.fkey_name = i_fkey_name;
    if not found then
        return 0;
    end if;

    -- a row may be left from a constraint that somebody has restored by hand
    insert into londiste.pending_fkeys as p (from_table, to_table, fkey_name, fkey_def)
    values (v_fkey.from_table, v_fkey.to_table, v_fkey.fkey_name, v_fkey.fkey_def)
        on conflict (from_table, fkey_name) do update
       set to_table = excluded.to_table,
           fkey_def = excluded.fkey_def;

    execute 'alter table ' || case when londiste.find_rel_oid(v_table, 'p') is null then 'only ' else '' end
            || londiste.quote_fqname(v_table)
            || ' drop constraint ' || pg_catalog.quote_ident(i_fkey_name);

    return 1;
end;
$$;
create or replace function londiste.get_table_pending_fkeys(i_table_name text)
returns setof londiste.pending_fkeys
language sql
strict stable
as $$
/*
 * londiste.get_table_pending_fkeys(1) - dropped foreign keys from or to a table.
 *
 * Parameters:
 *   i_table_name   full name of the table
 * Returns:
 *   one row per foreign key
 */
    select p.*
      from londiste.pending_fkeys p
     where i_table_name in (p.from_table, p.to_table)
     order by 1, 2, 3;
$$;
create or replace function londiste.get_valid_pending_fkeys(i_queue_name text)
returns setof londiste.pending_fkeys
language plpgsql
strict stable
as $$
/*
 * londiste.get_valid_pending_fkeys(1) - dropped foreign keys that the worker of a queue should restore now.
 *
 * Both tables must be in sync, in all queues that they come from. Of these queues, exactly one worker
 * does it: the one that writes the data last.
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
               count(case when q.merge_state is distinct from 'ok' or q.custom_snapshot is not null then 1 end),
               count(case when q.queue_name = i_queue_name then 1 end),
               -- combined root: a part queue's worker copies; combined branch: the combined queue's does
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
                   and coalesce(t.dest_table, t.table_name) in (v_fkey.from_table, v_fkey.to_table)) q;

        if v_from > 0 and v_to > 0 and v_unsynced = 0 and v_mine > 0 and v_owner = i_queue_name then
            return next v_fkey;
        end if;
    end loop;
end;
$$;
create or replace function londiste.restore_table_fkey(
    i_from_table text,
    i_fkey_name text,
    i_lazy boolean default false)
returns text
language plpgsql
strict
as $$
/*
 * londiste.restore_table_fkey(3) - bring a dropped foreign key back.
 *
 * The lazy way locks the tables only for a moment: create the constraint not valid, commit, validate.
 *
 * Parameters:
 *   i_from_table   table that has it
 *   i_fkey_name    its name
 *   i_lazy         do nothing ourselves, return the next statement
 * Returns:
 *   lazy: a statement that the caller has to run and commit, before calling again
 *   otherwise, and when nothing is left to do: ''
 * Writes:  londiste.pending_fkeys (one row)
 */
declare
    v_table         constant text := londiste.make_fqname(i_from_table);
    v_def           text;
    v_validated     boolean;
begin
    select p.fkey_def
      into v_def
      from londiste.pending_fkeys p
     where p.from_table = v_table
       and p.fkey_name = i_fkey_name
       for update;
    if not found then
        return '';
    end if;

    if i_lazy then
        select c.convalidated
          into v_validated
          from pg_catalog.pg_constraint c
         where c.conrelid = coalesce(londiste.find_rel_oid(v_table, 'r'), londiste.find_rel_oid(v_table, 'p'))
           and c.contype = 'f'
           and c.conname = i_fkey_name;
        if not found then
            -- partitioned tables accept "not valid" only from 18 on
            if v_def ~* 'not (valid|enforced)[[:space:]]*$' or londiste.find_rel_oid(v_table, 'p') is not null then
                return v_def;
            end if;
            return v_def || ' not valid';
        end if;
        -- what was not valid before is not to be validated by us
        if not v_validated and v_def !~* 'not (valid|enforced)[[:space:]]*$' then
            return 'alter table '
                   || case when londiste.find_rel_oid(v_table, 'p') is null then 'only ' else '' end
                   || londiste.quote_fqname(v_table) || ' validate constraint ' || pg_catalog.quote_ident(i_fkey_name);
        end if;
    else
        execute v_def;
    end if;

    delete from londiste.pending_fkeys p
     where p.from_table = v_table
       and p.fkey_name = i_fkey_name;

    return '';
end;
$$;

-- partitions
create or replace function londiste.create_partition(
    i_table text,
    i_part text,
    i_pkeys text,
    i_part_field text,
    i_part_time timestamptz,
    i_part_period text)
returns integer
language plpgsql
-- Makes the pg_get_...def functions give full names; and inherited columns are no news.
set search_path = pg_catalog, pg_temp
set client_min_messages = warning
as $$
/*
 * londiste.create_partition(6) - create a child of a table, with all that the parent has.
 *
 * Structure, owner, grants, triggers and rules are copied.
 *
 * Parameters:
 *   i_table         the parent
 *   i_part          the child
 *   i_pkeys         not used, the key comes from the parent
 *   i_part_field    column to check; '' or null for no check
 *   i_part_time     a time in the child's range
 *   i_part_period   length of the range: year, month, day, hour
 * Returns:
 *   1  created
 *   0  was there
 */
declare
    v_parent        text := londiste.make_fqname(i_table);
    v_part          text := londiste.make_fqname(i_part);
    v_parent_q      text := londiste.quote_fqname(v_parent);
    v_part_q        text := londiste.quote_fqname(v_part);
    v_parent_oid    oid;
    v_part_oid      oid;
    v_start         timestamptz;
    v_end           timestamptz;
    v_def           text;
    v_prefix        text;
    v_pos           integer;
    r               record;
begin
    if i_table is null or i_part is null then
        raise exception 'need table and part'
            using errcode = 'null_value_not_allowed',
                  hint = 'Give the names of the parent and of the partition.';
    end if;

    -- one at a time, several workers may want the same one
    lock table londiste.table_info in share update exclusive mode;

    perform 1
       from londiste.split_fqname(v_part) f
       join pg_namespace n on n.nspname = f.schema_part
       join pg_class c on c.relnamespace = n.oid and c.relname = f.name_part;
    if found then
        return 0;
    end if;

    execute 'create table ' || v_part_q || ' (like ' || v_parent_q || ' including all'
            -- inherited from the parent, and must not be given twice
            || case when current_setting('server_version_num')::integer >= 120000 then ' excluding generated' else '' end
            || ') inherits (' || v_parent_q || ')';
    v_parent_oid := v_parent_q::regclass;
    v_part_oid := v_part_q::regclass;

    if i_part_field <> '' then
        v_start := date_trunc(i_part_period, i_part_time);
        v_end := v_start + ('1 ' || i_part_period)::interval;
        execute 'alter table only ' || v_part_q || ' add check ('
                || quote_ident(i_part_field) || ' >= ' || quote_literal(v_start) || ' and '
                || quote_ident(i_part_field) || ' < ' || quote_literal(v_end) || ')';
    end if;

    -- grants, of columns as well
    for r in
        select format('grant %s%s on table %s to %s%s',
                      a.privilege_type, a.columns, v_part_q,
                      case when a.grantee = 0 then 'public' else quote_ident(g.rolname) end,
                      case when a.is_grantable then ' with grant option' else '' end) as sql
          from (select x.grantee, x.privilege_type, x.is_grantable, '' as columns
                  from pg_class c, aclexplode(c.relacl) x
                 where c.oid = v_parent_oid
                   and x.grantee <> c.relowner
                 union all
                select x.grantee, x.privilege_type, x.is_grantable, ' (' || quote_ident(t.attname) || ')'
                  from pg_attribute t, aclexplode(t.attacl) x
                 where t.attrelid = v_parent_oid
                   and t.attnum > 0
                   and not t.attisdropped) a
          left join pg_roles g on g.oid = a.grantee
         where a.grantee = 0 or g.rolname is not null
         order by 1
    loop
        execute r.sql;
    end loop;

    -- Definitions come as complete statements. The table's name is the first one behind the words
    -- that we know.
    for r in
        select t.tgname as name, t.tgenabled as enabled, pg_get_triggerdef(t.oid) as def,
               'CREATE ' || case when t.tgconstraint <> 0 then 'CONSTRAINT ' else '' end
               || 'TRIGGER ' || quote_ident(t.tgname) || ' ' as prefix,
               ' ON ' || v_parent_q || ' ' as old, ' ON ' || v_part_q || ' ' as new, 'trigger' as kind
          from pg_trigger t
         where t.tgrelid = v_parent_oid
           and not t.tgisinternal
         union all
        select w.rulename, w.ev_enabled, pg_get_ruledef(w.oid),
               'CREATE RULE ' || quote_ident(w.rulename) || ' AS',
               ' TO ' || v_parent_q || ' ', ' TO ' || v_part_q || ' ', 'rule'
          from pg_rewrite w
         where w.ev_class = v_parent_oid
         order by 7, 1
    loop
        -- a rule's condition starts on a new line
        v_def := r.def;
        v_prefix := r.prefix;
        v_pos := strpos(regexp_replace(substr(v_def, length(v_prefix) + 1), E'[\\n\\r]', ' ', 'g'), r.old);
        if left(v_def, length(v_prefix)) <> v_prefix or v_pos = 0 then
            raise exception 'cannot copy % "%" of table %', r.kind, r.name, v_parent
                using errcode = 'feature_not_supported',
                      hint = 'Its definition looks unusual: ' || v_def;
        end if;
        execute v_prefix || left(substr(v_def, length(v_prefix) + 1), v_pos - 1) || r.new
                || substr(v_def, length(v_prefix) + v_pos + length(r.old));
        if r.enabled <> 'O' then
            execute 'alter table ' || v_part_q
                    || case r.enabled when 'D' then ' disable ' when 'R' then ' enable replica ' else ' enable always ' end
                    || r.kind || ' ' || quote_ident(r.name);
        end if;
    end loop;

    -- last, because afterwards only the owner may do the above
    select format('alter table %s owner to %I', v_part_q, o.rolname) as sql
      into r
      from pg_class p
      join pg_class c on c.oid = v_part_oid and c.relowner <> p.relowner
      join pg_roles o on o.oid = p.relowner
     where p.oid = v_parent_oid;
    if found then
        execute r.sql;
    end if;

    return 1;
end;
$$;
create or replace function londiste._partition_format(
    in i_partition_period text,
    out suffix_format text,
    out suffix_regex text)
language plpgsql
immutable
as $$
/*
 * londiste._partition_format(1) - how names of partitions end.
 *
 * Internal.
 *
 * Parameters:
 *   i_partition_period   year, month, day, hour; or yearly, ...
 * Returns:
 *   suffix_format   for to_char
 *   suffix_regex    matches the same
 */
begin
    suffix_format := case
        when i_partition_period in ('year', 'yearly') then '_YYYY'
        when i_partition_period in ('month', 'monthly') then '_YYYY_MM'
        when i_partition_period in ('day', 'daily') then '_YYYY_MM_DD'
        when i_partition_period in ('hour', 'hourly') then '_YYYY_MM_DD_HH24' end;
    if suffix_format is null then
        raise exception 'not supported i_partition_period: %', i_partition_period
            using errcode = 'invalid_parameter_value',
                  hint = 'Known are year, month, day and hour.';
    end if;
    suffix_regex := pg_catalog.replace(pg_catalog.replace(pg_catalog.regexp_replace(suffix_format, 'MM|DD|HH24', '[0-9]{2}', 'g'),
                                       'YYYY', '[0-9]{4}'), ' ', '') || '$';
end;
$$;
create or replace function londiste.is_obsolete_partition(
    i_partition_table text,
    i_retention_period interval,
    i_partition_period text)
returns boolean
language plpgsql
as $$
/*
 * londiste.is_obsolete_partition(3) - is a partition, by its name, older than it needs to be?
 *
 * Parameters:
 *   i_partition_table    name that ends in _YYYY, _YYYY_MM, _YYYY_MM_DD or _YYYY_MM_DD_HH24
 *   i_retention_period   how long rows are kept
 *   i_partition_period   year, month, day or hour
 * Returns:
 *   null when the name does not end in the form of the period
 */
declare
    -- the name may be quoted
    v_name      constant text := pg_catalog.rtrim(i_partition_table, '"');
    v_format    record;
begin
    select f.* into v_format from londiste._partition_format(i_partition_period) f;

    return substring(v_name from v_format.suffix_regex)
           < pg_catalog.to_char(pg_catalog.now() - i_retention_period, v_format.suffix_format) collate "C";
end;
$$;
create or replace function londiste.list_obsolete_partitions(
    i_parent_table text,
    i_retention_period interval,
    i_partition_period text)
returns setof text
language plpgsql
as $$
/*
 * londiste.list_obsolete_partitions(3) - children of a table that are older than they need to be.
 *
 * Parameters:
 *   i_parent_table       the parent
 *   i_retention_period   how long rows are kept
 *   i_partition_period   year, month, day or hour
 * Returns:
 *   quoted full names, the oldest first
 * Calls:   londiste.is_obsolete_partition
 */
begin
    perform londiste._partition_format(i_partition_period);

    return query
    select pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname)
      from pg_catalog.pg_inherits i
      join pg_catalog.pg_class c on c.oid = i.inhrelid
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where i.inhparent = coalesce(londiste.find_rel_oid(londiste.make_fqname(i_parent_table), 'r'),
                                  londiste.find_rel_oid(londiste.make_fqname(i_parent_table), 'p'))
       and londiste.is_obsolete_partition(c.relname::text, i_retention_period, i_partition_period)
     order by 1;
end;
$$;
create or replace function londiste.drop_obsolete_partitions(
    i_parent_table text,
    i_retention_period interval,
    i_partition_period text)
returns setof text
language plpgsql
as $$
/*
 * londiste.drop_obsolete_partitions(3) - drop children of a table that are older than they need to be.
 *
 * Parameters:
 *   i_parent_table       the parent
 *   i_retention_period   how long rows are kept
 *   i_partition_period   year, month, day or hour
 * Returns:
 *   quoted full names of those that were dropped
 * Calls:   londiste.list_obsolete_partitions
 */
declare
    v_part  text;
begin
    for v_part in
        select f.p
          from londiste.list_obsolete_partitions(i_parent_table, i_retention_period, i_partition_period) as f (p)
    loop
        execute 'drop table ' || v_part;
        return next v_part;
    end loop;
end;
$$;

-- Needs the functions. Created only when missing, so that an upgrade does not wait for the workers.

do $$
begin
    perform 1
       from pg_catalog.pg_trigger t
      where t.tgrelid = 'londiste.table_info'::pg_catalog.regclass
        and t.tgname = 'table_info_trigger_sync';
    if not found then
        -- before: drop_table_triggers looks the row up
        create trigger table_info_trigger_sync before delete on londiste.table_info
            for each row execute procedure londiste.table_info_trigger();
    end if;
end $$;
-- londiste_reader (may look) and londiste_writer (may do everything). Creating them, and making them
-- members of pgq's roles, may be more than the installing role is allowed: then the owner of the
-- schema works alone until somebody else has created them and the installation is run again.

do $$ begin perform londiste.upgrade_schema(); end $$;
-- Who may do what. Roles that do not exist (the installing role could not create them) are left out.

grant usage on schema londiste to public;

do $$
declare
    v_public    constant text[] := array[
        'find_column_types', 'find_table_fkeys', 'find_rel_oid', 'find_table_oid', 'find_seq_oid',
        'is_replica_func', 'quote_fqname', 'make_fqname', 'split_fqname', 'version'];
    v_reader    constant text[] := array['get_seq_list', 'get_table_list', '_coordinate_copy'];
    v_pgq_admin constant text[] := array['periodic_maintenance', 'root_check_seqs'];
    v_role      text;
    f           record;
begin
    for f in
        select p.oid::pg_catalog.regprocedure::text as sig, p.proname
          from pg_catalog.pg_proc p
         where p.pronamespace = 'londiste'::pg_catalog.regnamespace
    loop
        if f.proname = any (v_public) then
            execute 'grant execute on function ' || f.sig || ' to public';
            continue;
        end if;
        execute 'revoke all on function ' || f.sig || ' from public';
        for v_role in
            select r.rolname from pg_catalog.pg_roles r
             where r.rolname = 'londiste_writer'
                or (r.rolname = 'londiste_reader' and f.proname = any (v_reader))
                or (r.rolname = 'pgq_admin' and f.proname = any (v_pgq_admin))
        loop
            execute 'grant execute on function ' || f.sig || ' to ' || quote_ident(v_role);
        end loop;
    end loop;

    grant select on londiste.table_info, londiste.seq_info, londiste.applied_execute, londiste.pending_fkeys,
        londiste.copy_progress
        to public;
    for v_role in
        select r.rolname from pg_catalog.pg_roles r
         where r.rolname in ('londiste_reader', 'pgq_admin')
    loop
        execute format('grant %s on londiste.table_info, londiste.seq_info, londiste.applied_execute,'
                       ' londiste.pending_fkeys, londiste.copy_progress to %I',
                       case when v_role = 'pgq_admin' then 'select, insert, update, delete' else 'select' end,
                       v_role);
    end loop;

    perform 1 from pg_catalog.pg_roles r where r.rolname = 'londiste_writer';
    if found then
        grant usage on sequence londiste.table_info_nr_seq, londiste.seq_info_nr_seq to londiste_writer;
    end if;
end $$;
/*
 * Schema pgq_ext: positions of consumers, in the database they write to. Needs no other schema.
 */
create schema if not exists pgq_ext;
grant usage on schema pgq_ext to public;
/*
 * What a consumer has done, kept in the database it writes to, so that position and data
 * commit together. Independent of schema pgq.
 */
create table if not exists pgq_ext.completed_tick (
    consumer_id     text    not null,
    subconsumer_id  text    not null default '',
    last_tick_id    bigint  not null,

    constraint completed_tick_pkey primary key (consumer_id, subconsumer_id)
);

create table if not exists pgq_ext.completed_batch (
    consumer_id     text    not null,
    subconsumer_id  text    not null default '',
    last_batch_id   bigint  not null,

    constraint completed_batch_pkey primary key (consumer_id, subconsumer_id)
);

create table if not exists pgq_ext.completed_event (
    consumer_id     text    not null,
    subconsumer_id  text    not null default '',
    batch_id        bigint  not null,
    event_id        bigint  not null,

    constraint completed_event_pkey primary key (consumer_id, subconsumer_id, batch_id, event_id)
);

create table if not exists pgq_ext.partial_batch (
    consumer_id     text    not null,
    subconsumer_id  text    not null default '',
    cur_batch_id    bigint  not null,

    constraint partial_batch_pkey primary key (consumer_id, subconsumer_id)
);

create or replace function pgq_ext.version()
returns text
language sql
as $$
/*
 * pgq_ext.version(0) - version of the interface.
 */
select '3.1'::text;
$$;
create or replace function pgq_ext.upgrade_schema()
returns integer
language plpgsql
as $$
/*
 * pgq_ext.upgrade_schema(0) - bring tables of an older installation up to date.
 *
 * Returns:
 *   0; there is nothing to do in this version
 */
begin
    return 0;
end;
$$;
create or replace function pgq_ext.get_last_tick(a_consumer text, a_subconsumer text)
returns bigint
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_ext.get_last_tick(2) - the tick a consumer has completed.
 *
 * Parameters:
 *   a_consumer      consumer
 *   a_subconsumer   which of its parallel parts; empty for one that has none
 * Returns:
 *   tick id; null when there is none
 */
begin
    return (select t.last_tick_id
        from pgq_ext.completed_tick t
        where t.consumer_id = a_consumer
          and t.subconsumer_id = a_subconsumer);
end;
$$;

create or replace function pgq_ext.get_last_tick(a_consumer text)
returns bigint
language plpgsql
as $$
/*
 * pgq_ext.get_last_tick(1) - the tick a consumer has completed, for a consumer without parts.
 *
 * Parameters:
 *   a_consumer   consumer
 * Returns:
 *   tick id; null when there is none
 * Calls:   pgq_ext.get_last_tick(2)
 */
begin
    return pgq_ext.get_last_tick(a_consumer, '');
end;
$$;
create or replace function pgq_ext.set_last_tick(a_consumer text, a_subconsumer text, a_tick_id bigint)
returns integer
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_ext.set_last_tick(3) - note the tick a consumer has completed.
 *
 * Parameters:
 *   a_consumer      consumer
 *   a_subconsumer   which of its parallel parts; empty for one that has none
 *   a_tick_id       tick; null forgets the consumer
 * Returns:
 *   1
 * Writes:  pgq_ext.completed_tick (one row)
 */
begin
    if a_tick_id is null then
        delete from pgq_ext.completed_tick t
            where t.consumer_id = a_consumer
              and t.subconsumer_id = a_subconsumer;
    else
        insert into pgq_ext.completed_tick (consumer_id, subconsumer_id, last_tick_id)
            values (a_consumer, a_subconsumer, a_tick_id)
            on conflict (consumer_id, subconsumer_id) do update set last_tick_id = excluded.last_tick_id;
    end if;
    return 1;
end;
$$;

create or replace function pgq_ext.set_last_tick(a_consumer text, a_tick_id bigint)
returns integer
language plpgsql
as $$
/*
 * pgq_ext.set_last_tick(2) - note the tick a consumer has completed, for a consumer without parts.
 *
 * Parameters:
 *   a_consumer   consumer
 *   a_tick_id    tick; null forgets the consumer
 * Returns:
 *   1
 * Calls:   pgq_ext.set_last_tick(3)
 */
begin
    return pgq_ext.set_last_tick(a_consumer, '', a_tick_id);
end;
$$;
create or replace function pgq_ext.is_batch_done(a_consumer text, a_subconsumer text, a_batch_id bigint)
returns boolean
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_ext.is_batch_done(3) - is that the batch a consumer completed last.
 *
 * Parameters:
 *   a_consumer      consumer
 *   a_subconsumer   which of its parallel parts; empty for one that has none
 *   a_batch_id      batch
 * Returns:
 *   true or false
 */
begin
    return exists (
        select 1
        from pgq_ext.completed_batch b
        where b.consumer_id = a_consumer
          and b.subconsumer_id = a_subconsumer
          and b.last_batch_id = a_batch_id);
end;
$$;

create or replace function pgq_ext.is_batch_done(a_consumer text, a_batch_id bigint)
returns boolean
language plpgsql
as $$
/*
 * pgq_ext.is_batch_done(2) - is that the batch a consumer completed last, for a consumer without parts.
 *
 * Parameters:
 *   a_consumer   consumer
 *   a_batch_id   batch
 * Returns:
 *   true or false
 * Calls:   pgq_ext.is_batch_done(3)
 */
begin
    return pgq_ext.is_batch_done(a_consumer, '', a_batch_id);
end;
$$;
create or replace function pgq_ext.set_batch_done(a_consumer text, a_subconsumer text, a_batch_id bigint)
returns boolean
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_ext.set_batch_done(3) - note that a consumer has completed a batch.
 *
 * Parameters:
 *   a_consumer      consumer
 *   a_subconsumer   which of its parallel parts; empty for one that has none
 *   a_batch_id      batch
 * Returns:
 *   false when it had been noted already
 * Calls:   pgq_ext.is_batch_done(3)
 * Writes:  pgq_ext.completed_batch (one row)
 */
begin
    if pgq_ext.is_batch_done(a_consumer, a_subconsumer, a_batch_id) then
        return false;
    end if;
    if a_batch_id > 0 then
        insert into pgq_ext.completed_batch (consumer_id, subconsumer_id, last_batch_id)
            values (a_consumer, a_subconsumer, a_batch_id)
            on conflict (consumer_id, subconsumer_id) do update set last_batch_id = excluded.last_batch_id;
    end if;
    return true;
end;
$$;

create or replace function pgq_ext.set_batch_done(a_consumer text, a_batch_id bigint)
returns boolean
language plpgsql
as $$
/*
 * pgq_ext.set_batch_done(2) - note that a consumer has completed a batch, for a consumer without parts.
 *
 * Parameters:
 *   a_consumer   consumer
 *   a_batch_id   batch
 * Returns:
 *   false when it had been noted already
 * Calls:   pgq_ext.set_batch_done(3)
 */
begin
    return pgq_ext.set_batch_done(a_consumer, '', a_batch_id);
end;
$$;
create or replace function pgq_ext.is_event_done(a_consumer text, a_subconsumer text, a_batch_id bigint, a_event_id bigint)
returns boolean
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_ext.is_event_done(4) - has a consumer completed that event of its current batch.
 *
 * Parameters:
 *   a_consumer      consumer
 *   a_subconsumer   which of its parallel parts; empty for one that has none
 *   a_batch_id      batch
 *   a_event_id      event of that batch
 * Returns:
 *   true or false
 */
begin
    return exists (
        select 1
        from pgq_ext.completed_event e
        where e.consumer_id = a_consumer
          and e.subconsumer_id = a_subconsumer
          and e.batch_id = a_batch_id
          and e.event_id = a_event_id);
end;
$$;

create or replace function pgq_ext.is_event_done(a_consumer text, a_batch_id bigint, a_event_id bigint)
returns boolean
language plpgsql
as $$
/*
 * pgq_ext.is_event_done(3) - has a consumer completed that event of its current batch, for a consumer without parts.
 *
 * Parameters:
 *   a_consumer   consumer
 *   a_batch_id   batch
 *   a_event_id   event of that batch
 * Returns:
 *   true or false
 * Calls:   pgq_ext.is_event_done(4)
 */
begin
    return pgq_ext.is_event_done(a_consumer, '', a_batch_id, a_event_id);
end;
$$;
create or replace function pgq_ext.set_event_done(a_consumer text, a_subconsumer text, a_batch_id bigint, a_event_id bigint)
returns boolean
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_ext.set_event_done(4) - note that a consumer has completed an event.
 *
 * Parameters:
 *   a_consumer      consumer
 *   a_subconsumer   which of its parallel parts; empty for one that has none
 *   a_batch_id      batch
 *   a_event_id      event of that batch
 * Returns:
 *   false when it had been noted already
 * Calls:   pgq_ext.is_event_done(4)
 * Writes:  pgq_ext.completed_event, pgq_ext.partial_batch
 */
begin
    if pgq_ext.is_event_done(a_consumer, a_subconsumer, a_batch_id, a_event_id) then
        return false;
    end if;

    -- the first event of another batch: those of the batch before are not asked for any more
    if not exists (
            select 1
            from pgq_ext.partial_batch p
            where p.consumer_id = a_consumer
              and p.subconsumer_id = a_subconsumer
              and p.cur_batch_id = a_batch_id) then
        delete from pgq_ext.completed_event e
            where e.consumer_id = a_consumer
              and e.subconsumer_id = a_subconsumer
              and e.batch_id <> a_batch_id;
        insert into pgq_ext.partial_batch (consumer_id, subconsumer_id, cur_batch_id)
            values (a_consumer, a_subconsumer, a_batch_id)
            on conflict (consumer_id, subconsumer_id) do update set cur_batch_id = excluded.cur_batch_id;
    end if;

    insert into pgq_ext.completed_event (consumer_id, subconsumer_id, batch_id, event_id)
        values (a_consumer, a_subconsumer, a_batch_id, a_event_id);
    return true;
end;
$$;

create or replace function pgq_ext.set_event_done(a_consumer text, a_batch_id bigint, a_event_id bigint)
returns boolean
language plpgsql
as $$
/*
 * pgq_ext.set_event_done(3) - note that a consumer has completed an event, for a consumer without parts.
 *
 * Parameters:
 *   a_consumer   consumer
 *   a_batch_id   batch
 *   a_event_id   event of that batch
 * Returns:
 *   false when it had been noted already
 * Calls:   pgq_ext.set_event_done(4)
 */
begin
    return pgq_ext.set_event_done(a_consumer, '', a_batch_id, a_event_id);
end;
$$;

-- Consumers are writers. Where that role does not exist, only the owner of the schema is one.
do $$
declare
    v_function text;
begin
    for v_function in
        select p.oid::regprocedure::text
        from pg_catalog.pg_proc p
        join pg_catalog.pg_namespace n on n.oid = p.pronamespace
        where n.nspname = 'pgq_ext'
          and p.proname <> 'version'
    loop
        execute 'revoke all on function ' || v_function || ' from public';
        if exists (select 1 from pg_catalog.pg_roles where rolname = 'pgq_writer') then
            execute 'grant execute on function ' || v_function || ' to pgq_writer';
        end if;
    end loop;
    grant execute on function pgq_ext.version() to public;
end;
$$;
