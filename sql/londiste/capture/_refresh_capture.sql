create or replace function londiste._refresh_capture()
returns void
language plpgsql
as $$
/*
 * londiste._refresh_capture(0) - regenerate capture functions that an earlier release generated.
 *
 * Internal; called by an upgrade. Locks no table: triggers stay, and tables are left out whose
 * triggers have to be replaced, or whose queue or key is gone: regenerate-triggers is for them.
 *
 * Calls:   londiste._refresh_capture(1), londiste._row_tables, londiste._table_oid
 * Writes:  functions in schema londiste
 */
begin
    perform londiste._refresh_capture(r.oid)
       from (select distinct o.oid
               from londiste.table_info i
               cross join lateral londiste._row_tables(
                   londiste._table_oid(coalesce(i.dest_table, i.table_name))) o (oid)
              where i.local) r;
end;
$$;

create or replace function londiste._refresh_capture(i_table oid)
returns void
language plpgsql
as $$
/*
 * londiste._refresh_capture(1) - regenerate the capture functions of a table that stores rows.
 *
 * Internal. As (0), for one table, for example after it was renamed. Leaves functions of roles
 * alone that the current one may not act for. Does nothing where londiste is an extension: the
 * functions would become part of it.
 *
 * Parameters:
 *   i_table   a local table, or a partition of one
 * Calls:   londiste._capture_basis, londiste._capture_body, londiste._capture_hash,
 *          londiste._capture_key, londiste._capture_settings, londiste._create_capture_function,
 *          londiste._feeds_queue, londiste._is_capture_function, londiste._row_tables,
 *          londiste._table_oid, londiste._trigger_arguments
 * Writes:  functions in schema londiste
 */
declare
    r           record;
    v_key       text[];
    v_pkey      text;
    v_body      text;
begin
    perform 1
       from pg_catalog.pg_depend d
      where d.classid = 'pg_catalog.pg_namespace'::pg_catalog.regclass
        and d.objid = 'londiste'::pg_catalog.regnamespace
        and d.deptype = 'e';
    if found then
        return;
    end if;

    for r in
        select distinct i.queue_name, i.table_name, g.tgargs, p.proname, p.prosrc, p.proconfig
          from londiste.table_info i
          join pgq.queue q on q.queue_name = i.queue_name
          cross join lateral londiste._row_tables(
              londiste._table_oid(coalesce(i.dest_table, i.table_name))) o (oid)
          join pg_catalog.pg_trigger g on g.tgrelid = o.oid
          join pg_catalog.pg_proc p on p.oid = g.tgfoid
         where o.oid = i_table
           and i.local
           and not g.tgisinternal
           and londiste._is_capture_function(g.tgfoid)
           and londiste._feeds_queue(g.tgargs, i.queue_name)
           and pg_catalog.pg_has_role(p.proowner, 'usage')
    loop
        select max(pg_catalog.substr(a.arg, 6))
          from pg_catalog.unnest(londiste._trigger_arguments(r.tgargs)) as a (arg)
         where a.arg like 'pkey=%'
          into v_pkey;
        v_key := londiste._capture_key(i_table, v_pkey);
        continue when v_key is null;
        v_body := londiste._capture_body(
            r.queue_name, i_table, r.table_name, v_key,
            substring(r.prosrc from E'\n \\* Level: +([a-z]+)'), r.proname::text,
            londiste._capture_hash(londiste._trigger_arguments(r.tgargs)));
        if londiste._capture_basis(v_body) = londiste._capture_basis(r.prosrc)
            and (v_body <> r.prosrc
                 or coalesce(pg_catalog.cardinality(r.proconfig), 0)
                    <> pg_catalog.cardinality(londiste._capture_settings(i_table)))
        then
            perform londiste._create_capture_function(i_table, r.proname::text, v_body);
        end if;
    end loop;
end;
$$;
