create or replace function londiste._capture_again(
    in i_queue_name text,
    in i_table_name text,
    in i_wish text,
    out ret_code integer,
    out ret_note text)
language plpgsql
as $$
/*
 * londiste._capture_again(3) - make a table's triggers anew, after it was changed or to capture it in another way.
 *
 * Internal. No change gets lost meanwhile: old triggers are there until this transaction commits the new ones.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 *   i_table_name   global name of the table
 *   i_wish         as option capture= of londiste.create_trigger; null: as it was
 * Returns:
 *   200  done
 *   201  nothing to do: no triggers, those of schema pgq need not be made anew, or this is a leaf
 *   400  no key
 *   404  the table is not replicated here
 *   4xx  as londiste.create_trigger
 * Calls:   londiste.create_trigger
 */
declare
    v_table     constant text := londiste.make_fqname(i_table_name);
    v_first_arg constant bytea := convert_to(i_queue_name, getdatabaseencoding()) || decode('00', 'hex');
    v_dest      text;
    v_type      text;
    v_args      text[];
    v_wish      text;
begin
    select coalesce(t.dest_table, t.table_name), n.node_type
      into v_dest, v_type
      from londiste.table_info t
      join pgq_node.node_info n on n.queue_name = t.queue_name
     where t.queue_name = i_queue_name
       and t.table_name = v_table
       and t.local;
    if not found then
        ret_code := 404;
        ret_note := 'No such local table: ' || v_table;
        return;
    end if;

    select array(select convert_from(decode(a.arg, 'escape'), getdatabaseencoding())
                   from pg_catalog.unnest(string_to_array(encode(g.tgargs, 'escape'), E'\\000')) with ordinality as a (arg, nr)
                  where a.nr between 2 and g.tgnargs
                    and a.arg not in ('key', 'deny')
                    and a.arg not like 'ev_extra1=%'
                  order by a.nr)
      into v_args
      from pg_catalog.pg_trigger g
     where g.tgrelid = londiste.find_table_oid(v_dest)
       and not g.tgisinternal
       and londiste.is_replica_func(g.tgfoid)
       and pg_catalog.substr(g.tgargs, 1, pg_catalog.octet_length(v_first_arg)) = v_first_arg
     -- the one for truncate alone only when it is all there is
     order by g.tgtype & (4 | 8 | 16) = 0, g.tgname
     limit 1;
    ret_code := 201;
    if not found then
        ret_note := 'No triggers: ' || v_table;
        return;
    elsif v_type = 'leaf' then
        ret_note := 'Changes are not captured on a leaf: ' || v_table;
        return;
    end if;
    select coalesce(i_wish, max(pg_catalog.substr(a.arg, 9))) into v_wish
      from pg_catalog.unnest(v_args) as a (arg)
     where a.arg like 'capture=%';
    if v_wish is null then
        ret_note := 'Triggers need not be made anew: ' || v_table;
        return;
    end if;

    -- without a key, those of schema pgq would stop the application, and native ones go on
    if londiste._capture_key(londiste.find_table_oid(v_dest),
           (select max(pg_catalog.substr(a.arg, 6)) from pg_catalog.unnest(v_args) as a (arg) where a.arg like 'pkey=%')) is null
    then
        ret_code := 400;
        ret_note := 'Triggers not made, primary key missing on table: ' || v_table;
        return;
    end if;

    select array_agg(a.arg order by a.nr) into v_args
      from pg_catalog.unnest(v_args) with ordinality as a (arg, nr)
     where a.arg not like 'capture=%';
    select f.ret_code, f.ret_note
      into ret_code, ret_note
      from londiste.create_trigger(i_queue_name, v_table, v_args || array['capture=' || v_wish], v_dest, v_type) f;
    ret_note := case when ret_code < 300 then 'Triggers made: ' || v_table || coalesce(' (' || substring(ret_note from '^OK, (.*)') || ')', '')
                     else 'Triggers not made: ' || ret_note || ': ' || v_table end;
end;
$$;
