create or replace function londiste._capture_partition(i_table oid, i_part oid)
returns void
language plpgsql
as $$
/*
 * londiste._capture_partition(2) - capture the changes of a child table as those of its parent.
 *
 * Internal; for a child that londiste.create_partition has created. If the parent has native
 * triggers, the child gets its own, whose events have the name of the parent: statement triggers of
 * the parent see no key update of a child's row, and those of a child fire only for statements that
 * name it. So both are captured row by row from now on.
 *
 * Parameters:
 *   i_table   the parent
 *   i_part    the child, without native triggers
 * Errors:
 *   cannot capture partition
 * Calls:   londiste._capture_status, _regenerate_triggers, create_trigger
 * Writes:  triggers of parent and child, functions of schema londiste
 */
declare
    v_part      text;
    v_code      integer;
    v_note      text;
    r           record;
begin
    select n.nspname || '.' || c.relname
      into v_part
      from pg_catalog.pg_class c
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where c.oid = i_part;
    for r in
        select i.queue_name, i.table_name, n.node_type, s.capture, s.stale,
               array(select case a.arg when 'capture=statement' then 'capture=auto' else a.arg end
                       from pg_catalog.unnest(g.args) with ordinality as a (arg, nr)
                      where a.nr > 1
                        and a.arg not in ('key', 'moved')
                      order by a.nr) as args
          from londiste.table_info i
          join pgq_node.node_info n on n.queue_name = i.queue_name
          cross join lateral (
                select londiste._trigger_arguments(t.tgargs) as args
                  from pg_catalog.pg_trigger t
                 where t.tgrelid = i_table
                   and not t.tgisinternal
                   and londiste._is_capture_function(t.tgfoid)
                   and londiste._feeds_queue(t.tgargs, i.queue_name)
                 order by t.tgname
                 limit 1) g
          cross join lateral londiste._capture_status(i.queue_name, i.table_name, i_table) s
         where i.local
           and londiste.find_table_oid(coalesce(i.dest_table, i.table_name)) = i_table
         order by i.queue_name
    loop
        if r.stale or r.capture = 'statement' then
            select f.ret_code, f.ret_note
              into v_code, v_note
              from londiste._regenerate_triggers(
                       r.queue_name, r.table_name,
                       case when 'capture=auto' = any (r.args) then 'auto' end) f;
        end if;
        if coalesce(v_code, 200) < 300 then
            select f.ret_code, f.ret_note
              into v_code, v_note
              from londiste.create_trigger(
                       r.queue_name, r.table_name, r.args, v_part, r.node_type) f;
        end if;
        if v_code >= 300 then
            raise exception 'cannot capture partition "%": %', v_part, v_note
                using hint = 'regenerate-triggers ' || r.table_name || ' --capture=compatible';
        end if;
    end loop;
end;
$$;
