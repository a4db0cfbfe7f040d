create or replace function londiste.create_partition(
    i_table text,
    i_part text,
    i_pkeys text,
    i_part_field text,
    i_part_time timestamptz,
    i_part_period text)
returns integer
language plpgsql
-- The search path makes the pg_get_...def functions return full names; the other setting suppresses
-- the notices about merged columns.
set search_path = pg_catalog, pg_temp
set client_min_messages = warning
as $$
/*
 * londiste.create_partition(6) - create a child table with the definition of its parent.
 *
 * Copies structure, owner, grants, triggers and rules. If the parent is itself partitioned, by
 * range of one column, the child is its partition for that period. Such a partition inherits
 * triggers from its parent, and rules cannot be copied. Triggers of native capture are created for
 * the child instead. Row triggers with transition tables are left out: the server does not allow
 * them on children.
 *
 * Parameters:
 *   i_table         the parent
 *   i_part          the child
 *   i_pkeys         not used, the key comes from the parent
 *   i_part_field    column to check; '' or null for no check. Of a partitioned parent, the range
 *                   is always one of its key, and another column is an error
 *   i_part_time     a time in the child's range
 *   i_part_period   length of the range: year, month, day, hour
 * Returns:
 *   1  created
 *   0  existed already
 * Errors:
 *   need table and part
 *   need time and period
 *   table is not partitioned by range of one column
 *   table is partitioned by another column
 *   cannot copy trigger or rule (its definition has an unknown form)
 *   cannot capture partition
 * Calls:   londiste._capture_partition, londiste._is_capture_function, londiste.make_fqname,
 *          londiste.quote_fqname, londiste.split_fqname
 */
declare
    v_parent        text := londiste.make_fqname(i_table);
    v_part          text := londiste.make_fqname(i_part);
    v_parent_q      text := londiste.quote_fqname(v_parent);
    v_part_q        text := londiste.quote_fqname(v_part);
    v_parent_oid    oid;
    v_partitioned   boolean;
    v_key           text;
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

    v_partitioned := exists (
        select 1 from pg_class c where c.oid = to_regclass(v_parent_q) and c.relkind = 'p');

    if (v_partitioned or i_part_field <> '') and (i_part_time is null or i_part_period is null) then
        raise exception 'need time and period, to check column "%" of partition %',
            coalesce(i_part_field, ''), v_part
            using errcode = 'null_value_not_allowed',
                  hint = 'Give a time in the range of the partition and a period, or no column.';
    end if;

    -- several workers may create the same partition at the same time: one waits for the other
    lock table londiste.table_info in share update exclusive mode;

    v_parent_oid := v_parent_q::regclass;
    perform 1
       from londiste.split_fqname(v_part) f
       join pg_namespace n on n.nspname = f.schema_part
       join pg_class c on c.relnamespace = n.oid and c.relname = f.name_part;
    if found then
        return 0;
    end if;

    if v_partitioned then
        -- the catalog does not exist before PostgreSQL 10
        execute 'select a.attname
                   from pg_partitioned_table p
                   join pg_attribute a on a.attrelid = p.partrelid and a.attnum = p.partattrs[0]
                  where p.partrelid = $1
                    and p.partstrat = ''r''
                    and p.partnatts = 1
                    and a.attnum > 0'
           into v_key
          using v_parent_oid;
        if v_key is null then
            raise exception 'table % is not partitioned by range of one column', v_parent
                using errcode = 'wrong_object_type',
                      hint = 'Create the partition yourself: create table ... partition of ...';
        end if;
        if i_part_field <> '' and i_part_field <> v_key then
            raise exception 'table % is partitioned by column "%", not by "%"',
                v_parent, v_key, i_part_field
                using errcode = 'wrong_object_type',
                      hint = 'Give that column, or none.';
        end if;
    end if;

    if v_partitioned or i_part_field <> '' then
        v_start := date_trunc(i_part_period, i_part_time);
        v_end := v_start + ('1 ' || i_part_period)::interval;
    end if;

    if v_partitioned then
        execute 'create table ' || v_part_q || ' partition of ' || v_parent_q
                || ' for values from (' || quote_literal(v_start) || ') to ('
                || quote_literal(v_end) || ')';
    else
        execute 'create table ' || v_part_q || ' (like ' || v_parent_q || ' including all'
                -- generated columns are inherited, and must not be specified twice
                || case when current_setting('server_version_num')::integer >= 120000
                        then ' excluding generated' else '' end
                || ') inherits (' || v_parent_q || ')';
    end if;
    v_part_oid := v_part_q::regclass;

    if i_part_field <> '' and not v_partitioned then
        execute 'alter table only ' || v_part_q || ' add check ('
                || quote_ident(i_part_field) || ' >= ' || quote_literal(v_start) || ' and '
                || quote_ident(i_part_field) || ' < ' || quote_literal(v_end) || ')';
    end if;

    -- grants, including those of columns
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
                select x.grantee, x.privilege_type, x.is_grantable,
                       ' (' || quote_ident(t.attname) || ')'
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

    -- The server returns each definition as a complete statement. The parent's name is the first
    -- match after the known prefix.
    for r in
        select t.tgname as name, t.tgenabled as enabled, pg_get_triggerdef(t.oid) as def,
               'CREATE ' || case when t.tgconstraint <> 0 then 'CONSTRAINT ' else '' end
               || 'TRIGGER ' || quote_ident(t.tgname) || ' ' as prefix,
               ' ON ' || v_parent_q || ' ' as old, ' ON ' || v_part_q || ' ' as new,
               'trigger' as kind
          from pg_trigger t
         where t.tgrelid = v_parent_oid
           and not t.tgisinternal
           and not v_partitioned
           and not londiste._is_capture_function(t.tgfoid)
           -- a row trigger with transition tables cannot be on a child; they exist since 10
           and (t.tgtype & 1 = 0
                or coalesce(to_jsonb(t) ->> 'tgoldtable', to_jsonb(t) ->> 'tgnewtable') is null)
         union all
        select w.rulename, w.ev_enabled, pg_get_ruledef(w.oid),
               'CREATE RULE ' || quote_ident(w.rulename) || ' AS',
               ' TO ' || v_parent_q || ' ', ' TO ' || v_part_q || ' ', 'rule'
          from pg_rewrite w
         where w.ev_class = v_parent_oid
           and not v_partitioned
         order by 7, 1
    loop
        -- a rule's condition starts on a new line
        v_def := r.def;
        v_prefix := r.prefix;
        v_pos := strpos(
            regexp_replace(substr(v_def, length(v_prefix) + 1), E'[\\n\\r]', ' ', 'g'), r.old);
        if left(v_def, length(v_prefix)) <> v_prefix or v_pos = 0 then
            raise exception 'cannot copy % "%" of table %', r.kind, r.name, v_parent
                using errcode = 'feature_not_supported',
                      hint = 'Its definition has an unknown form: ' || v_def;
        end if;
        execute v_prefix || left(substr(v_def, length(v_prefix) + 1), v_pos - 1) || r.new
                || substr(v_def, length(v_prefix) + v_pos + length(r.old));
        if r.enabled <> 'O' then
            execute 'alter table ' || v_part_q
                    || case r.enabled when 'D' then ' disable '
                                      when 'R' then ' enable replica '
                                      else ' enable always ' end
                    || r.kind || ' ' || quote_ident(r.name);
        end if;
    end loop;

    if not v_partitioned then
        perform londiste._capture_partition(v_parent_oid, v_part_oid);
    end if;

    -- Change the owner last: afterwards only the new owner may run the statements above.
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
