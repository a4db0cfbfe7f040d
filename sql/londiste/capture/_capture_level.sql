create or replace function londiste._capture_level(
    in i_table oid,
    out capture_level text,
    out reason text)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
/*
 * londiste._capture_level(1) - does native capture read a table's changes per statement or per row?
 *
 * Internal. The one place that decides this. Per statement is right if all row changes of a
 * statement are in its transition tables and no other statement can change the table between these
 * changes and the trigger: the events of that statement would be written first.
 *
 * These are no hazards, because the events of both levels have the same order: BEFORE triggers and
 * functions that write to the same table (they run before any AFTER trigger), rules (their queries
 * run one after the other), views, COPY, savepoints, ON CONFLICT (the update's trigger fires first,
 * and no row is in both). For MERGE and data-modifying WITH see README.md.
 *
 * Parameters:
 *   i_table   the local table
 * Returns:
 *   capture_level   statement or row
 *   reason          why row, in words; null for statement
 */
begin
    capture_level := 'row';
    if current_setting('server_version_num')::integer < 100000 then
        reason := 'no transition tables before PostgreSQL 10';
        return;
    end if;

    -- Statement triggers fire for the table that the statement names, with its children's rows in
    -- the transition tables.
    select 'inherits from ' || i.inhparent::regclass::text
      into reason
      from pg_inherits i
     where i.inhrelid = i_table
     limit 1;
    if found then
        return;
    end if;
    select 'has children: '
           || string_agg(i.inhrelid::regclass::text, ', ' order by i.inhrelid::regclass::text)
      into reason
      from pg_inherits i
     where i.inhparent = i_table
    having count(*) > 0;
    if found then
        return;
    end if;

    -- An AFTER trigger may change the table again before the capture trigger is called.
    -- 2 = before, 64 = instead of, 4 8 16 = insert, delete, update
    select 'trigger ' || string_agg(t.tgname::text, ', ' order by t.tgname)
      into reason
      from pg_trigger t
     where t.tgrelid = i_table
       and not t.tgisinternal
       and t.tgenabled <> 'D'
       and t.tgtype & (2 | 64) = 0
       and t.tgtype & (4 | 8 | 16) <> 0
       and not londiste.is_replica_func(t.tgfoid)
    having count(*) > 0;
    if found then
        return;
    end if;

    -- Actions of foreign keys run as part of the statement. If they change the table again, a row
    -- may change more than once in it.
    with recursive
        actions as (
            select c.conname, c.confrelid, c.conrelid
              from pg_constraint c
             where c.contype = 'f'
               and (c.confdeltype in ('c', 'n', 'd') or c.confupdtype in ('c', 'n', 'd'))),
        reached (conname, conrelid) as (
            select a.conname, a.conrelid from actions a where a.confrelid = i_table
            union
            select a.conname, a.conrelid from actions a join reached r on a.confrelid = r.conrelid)
    select 'actions of foreign key ' || r.conname::text || ' change the table again'
      into reason
      from reached r
     where r.conrelid = i_table
     order by r.conname
     limit 1;
    if found then
        return;
    end if;

    -- Two rows may swap their keys: no order of single events expresses that.
    perform 1 from pg_index i where i.indrelid = i_table and i.indisprimary and not i.indimmediate;
    if found then
        reason := 'primary key is deferrable';
        return;
    end if;

    -- rows hidden from the owner of the queues look like deleted rows
    perform 1 from pg_class c where c.oid = i_table and c.relrowsecurity;
    if found then
        reason := 'row security';
        return;
    end if;
    perform 1
       from pg_namespace n
       join pg_class c on c.oid = i_table
       join pg_namespace tn on tn.oid = c.relnamespace
      where n.nspname = 'londiste'
        and has_table_privilege(n.nspowner, c.oid, 'select')
        and has_schema_privilege(n.nspowner, tn.oid, 'usage');
    if not found then
        reason := 'the owner of schema londiste may not read the table';
        return;
    end if;

    capture_level := 'statement';
end;
$$;
