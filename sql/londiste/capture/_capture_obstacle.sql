create or replace function londiste._capture_obstacle(i_queue_name text, i_table oid)
returns text
language plpgsql
stable
as $$
/*
 * londiste._capture_obstacle(2) - why a table cannot have native capture, apart from key and level.
 *
 * Internal.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 *   i_table        the local table
 * Returns:
 *   the obstacle in words; null if there is none
 */
declare
    v_owner     oid;
    v_column    text;
begin
    -- Capture functions run with the rights of the schemas' owner; no other owner's may suffice.
    select n.nspowner
      into v_owner
      from pg_catalog.pg_namespace n
      join pg_catalog.pg_namespace o on o.nspname = 'pgq' and o.nspowner = n.nspowner
     where n.nspname = 'londiste';
    if not found then
        return 'schemas londiste and pgq have different owners';
    elsif not pg_catalog.pg_has_role(v_owner, 'usage') then
        return 'role ' || current_user || ' is not a member of the owner of schema londiste, '
               || pg_catalog.pg_get_userbyid(v_owner);
    end if;

    perform 1 from pgq.queue q where q.queue_name = i_queue_name;
    if not found then
        return 'no such queue: ' || i_queue_name;
    end if;

    perform 1
       from pg_catalog.pg_trigger t
      where t.tgrelid = 'pgq.queue'::pg_catalog.regclass
        and t.tgname::text like E'londiste\\_current\\_table%'
        and t.tgenabled = 'A'
     having count(*) = 2;
    if not found then
        return 'pgq.queue lacks the triggers londiste_current_table,'
               ' run "jlondiste NODE.ini upgrade"';
    end if;

    select a.attname::text
      into v_column
      from pg_catalog.pg_attribute a
     where a.attrelid = i_table
       and a.attnum > 0
       and not a.attisdropped
       and pg_catalog.left(a.attname::text, 8) = '_pgq_ev_'
     limit 1;
    if found then
        return 'magic column ' || v_column;
    end if;
    return null;
end;
$$;
