create or replace function londiste._capture_status(
    in i_queue_name text,
    out table_name text,
    out capture text,
    out reason text,
    out stale boolean)
returns setof record
language plpgsql
stable
as $$
/*
 * londiste._capture_status(1) - how the changes of each local table get into the queue.
 *
 * Internal.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 * Returns: rows, in the order of registration
 *   table_name   as it is called on all nodes
 *   capture      statement, row: native capture, and its level; compatible: triggers of schema pgq; none
 *   reason       in words, why per row
 *   stale        the table has changed since its functions were generated; or so has the generator
 */
declare
    v_first_arg constant bytea := convert_to(i_queue_name, getdatabaseencoding()) || decode('00', 'hex');
    v_level     text;
    v_wish      text;
    v_key       text;
    v_keys      text[];
    v_oid       oid;
    t           record;
    f           record;
begin
    for t in
        select i.table_name, coalesce(i.dest_table, i.table_name) as dest
          from londiste.table_info i
         where i.queue_name = i_queue_name
           and i.local
         order by i.nr, i.table_name
    loop
        v_oid := londiste.find_table_oid(t.dest);
        table_name := t.table_name;
        capture := 'none';
        reason := null;
        stale := false;
        select p.prosrc, londiste._is_capture(g.tgfoid) as native,
               string_to_array(encode(g.tgargs, 'escape'), E'\\000') as args
          into f
          from pg_catalog.pg_trigger g
          join pg_catalog.pg_proc p on p.oid = g.tgfoid
         where g.tgrelid = v_oid
           and not g.tgisinternal
           and londiste.is_replica_func(g.tgfoid)
           and pg_catalog.substr(g.tgargs, 1, pg_catalog.octet_length(v_first_arg)) = v_first_arg
           -- not the one for truncate alone
           and g.tgtype & (4 | 8 | 16) <> 0
         order by g.tgname
         limit 1;
        if found and not f.native then
            capture := 'compatible';
        elsif found then
            capture := pg_catalog.substring(f.prosrc, E'\n \\* Level: +([a-z]+)');
            select coalesce(max(pg_catalog.substr(a.arg, 9)) filter (where a.arg like 'capture=%'), 'auto'),
                   max(convert_from(decode(pg_catalog.substr(a.arg, 6), 'escape'), getdatabaseencoding())) filter (where a.arg like 'pkey=%')
              into v_wish, v_key
              from pg_catalog.unnest(f.args) as a (arg);
            select l.capture_level, l.reason into v_level, reason from londiste._capture_level(v_oid) l;
            if v_wish = 'row' then
                v_level := 'row';
                reason := 'as wished';
            end if;
            v_keys := londiste._capture_key(v_oid, v_key);
            stale := v_keys is null
                or v_level <> capture
                or (select count(distinct p.oid) <> 3
                           or bool_or(p.prosrc <> londiste._capture_body(i_queue_name, v_oid, t.table_name, v_keys, v_level, p.proname::text))
                           or bool_or(coalesce(pg_catalog.cardinality(p.proconfig), 0)
                                      <> pg_catalog.cardinality(londiste._capture_settings(v_oid)))
                      from pg_catalog.pg_proc p
                     where p.oid in (select g.tgfoid
                                       from pg_catalog.pg_trigger g
                                      where g.tgrelid = v_oid
                                        and not g.tgisinternal
                                        and londiste._is_capture(g.tgfoid)
                                        and pg_catalog.substr(g.tgargs, 1, pg_catalog.octet_length(v_first_arg)) = v_first_arg));
        end if;
        return next;
    end loop;
end;
$$;
