-- Grants of schema londiste. Roles that do not exist (the installing role could not create them)
-- are left out.

grant usage on schema londiste to public;

do $$
declare
    v_public    constant text[] := array[
        'find_column_types', 'find_table_fkeys', 'find_rel_oid', 'find_table_oid', 'find_seq_oid',
        'is_replica_func', '_is_capture_function', 'quote_fqname', 'make_fqname', 'split_fqname',
        'version', 'jlondiste_release'];
    v_reader    constant text[] := array['get_seq_list', 'get_table_list', '_coordinate_copy'];
    v_pgq_admin constant text[] := array['periodic_maintenance', 'root_check_seqs'];
    v_role      text;
    f           record;
begin
    for f in
        select p.oid::pg_catalog.regprocedure::text as sig, p.proname
          from pg_catalog.pg_proc p
         where p.pronamespace = 'londiste'::pg_catalog.regnamespace
           -- triggers alone call these, and only those that were made with them
           and not londiste._is_capture_function(p.oid)
           and p.proname::text not like E'\\_current\\_table\\_%'
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

    grant select on londiste.table_info, londiste.seq_info, londiste.applied_execute,
        londiste.pending_fkeys, londiste.copy_progress, londiste.table_fault, londiste.unrestored,
        londiste.compare_result, londiste.partitioned_table, londiste.partition_info
        to public;
    for v_role in
        select r.rolname from pg_catalog.pg_roles r
         where r.rolname in ('londiste_reader', 'pgq_admin')
    loop
        execute format('grant %s on londiste.table_info, londiste.seq_info,'
                       ' londiste.applied_execute, londiste.pending_fkeys,'
                       ' londiste.copy_progress, londiste.table_fault,'
                       ' londiste.unrestored, londiste.compare_result,'
                       ' londiste.partitioned_table, londiste.partition_info to %I',
                       case when v_role = 'pgq_admin' then 'select, insert, update, delete'
                            else 'select' end,
                       v_role);
    end loop;

    perform 1 from pg_catalog.pg_roles r where r.rolname = 'pgq_admin';
    if found then
        grant select, insert, update, delete on londiste.dead_letter to pgq_admin;
        grant usage on sequence londiste.dead_letter_id_seq to pgq_admin;
    end if;

    perform 1 from pg_catalog.pg_roles r where r.rolname = 'londiste_writer';
    if found then
        grant usage on sequence londiste.table_info_nr_seq, londiste.seq_info_nr_seq
            to londiste_writer;
    end if;
end $$;
