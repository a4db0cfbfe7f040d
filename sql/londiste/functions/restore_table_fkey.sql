create or replace function londiste.restore_table_fkey(
    i_from_table text,
    i_fkey_name text,
    i_lazy boolean default false)
returns text
language plpgsql
strict
as $$
/*
 * londiste.restore_table_fkey(3) - restore a dropped foreign key.
 *
 * With i_lazy, the tables are locked only for a moment: create the constraint not valid, commit,
 * validate. Before PostgreSQL 18 a key to a partitioned table is created in one step, and a key of
 * a partitioned table is created partition by partition.
 *
 * Parameters:
 *   i_from_table   table that has it
 *   i_fkey_name    its name
 *   i_lazy         true: do not run the next statement, return it
 * Returns:
 *   a statement (i_lazy only) that the caller has to run and commit before it calls again
 *   ''  restored, or no such dropped key
 * Calls:   londiste.make_fqname, londiste.find_rel_oid, londiste.quote_fqname
 * Writes:  londiste.pending_fkeys (one row)
 */
declare
    v_table             constant text := londiste.make_fqname(i_from_table);
    v_def               text;
    v_comment           text;
    v_name              constant text := pg_catalog.quote_ident(i_fkey_name);
    v_comment_start     constant text := E';\ncomment on constraint ' || v_name || ' on ';
    v_next              text;
    v_to_partitioned    boolean;
    v_validated         boolean;
begin
    select p.fkey_def, londiste.find_rel_oid(p.to_table, 'p') is not null
      into v_def, v_to_partitioned
      from londiste.pending_fkeys p
     where p.from_table = v_table
       and p.fkey_name = i_fkey_name
       for update;
    if not found then
        return '';
    end if;

    if pg_catalog.strpos(v_def, v_comment_start) > 0 then
        v_comment := substr(v_def, pg_catalog.strpos(v_def, v_comment_start) + 2);
        v_def := split_part(v_def, v_comment_start, 1);
    end if;

    if i_lazy then
        select c.convalidated
          into v_validated
          from pg_catalog.pg_constraint c
         where c.conrelid = coalesce(londiste.find_rel_oid(v_table, 'r'),
                                     londiste.find_rel_oid(v_table, 'p'))
           and c.contype = 'f'
           and c.conname = i_fkey_name;
        if not found then
            -- Create the key of each partition not valid, then validate it. Since PostgreSQL 12 the
            -- key of the whole table adopts those keys without checking the rows again.
            if londiste.find_rel_oid(v_table, 'p') is not null and not v_to_partitioned
                and pg_catalog.current_setting('server_version_num')::integer
                    between 120000 and 179999
                and v_def !~* 'not (valid|enforced)[[:space:]]*$'
            then
                with recursive part as (
                    select londiste.find_rel_oid(v_table, 'p') as id
                     union all
                    select i.inhrelid
                      from part p
                      join pg_catalog.pg_inherits i on i.inhparent = p.id)
                select case when c.oid is null
                            then 'alter table only ' || t.name
                                 || substr(v_def,
                                           pg_catalog.strpos(v_def, ' add constraint ' || v_name))
                                 || ' not valid'
                            else 'alter table only ' || t.name
                                 || ' validate constraint ' || v_name end
                  into v_next
                  from part
                  join pg_catalog.pg_class r on r.oid = part.id and r.relkind = 'r'
                 cross join lateral (
                       select pg_catalog.quote_ident(n.nspname)
                              || '.' || pg_catalog.quote_ident(r.relname) as name
                         from pg_catalog.pg_namespace n where n.oid = r.relnamespace) t
                  left join pg_catalog.pg_constraint c
                    on c.conrelid = r.oid and c.contype = 'f' and c.conname = i_fkey_name
                 where c.oid is null or not c.convalidated
                 order by t.name
                 limit 1;
                return coalesce(v_next, v_def);
            end if;
            -- Before PostgreSQL 18, partitioned tables do not accept "not valid", and validating a
            -- key to a partitioned table leaves the keys to its partitions not valid.
            if v_def ~* 'not (valid|enforced)[[:space:]]*$'
                or londiste.find_rel_oid(v_table, 'p') is not null
                or v_to_partitioned
            then
                return v_def;
            end if;
            return v_def || ' not valid';
        end if;
        -- a key that was not valid before stays not valid
        if not v_validated and v_def !~* 'not (valid|enforced)[[:space:]]*$' then
            return 'alter table '
                   || case when londiste.find_rel_oid(v_table, 'p') is null then 'only ' else '' end
                   || londiste.quote_fqname(v_table)
                   || ' validate constraint ' || pg_catalog.quote_ident(i_fkey_name);
        end if;
    else
        execute v_def;
    end if;
    if v_comment is not null then
        execute v_comment;
    end if;

    delete from londiste.pending_fkeys p
     where p.from_table = v_table
       and p.fkey_name = i_fkey_name;

    return '';
end;
$$;
