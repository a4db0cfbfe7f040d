create or replace function londiste._capture_slow_template()
returns text
language sql
immutable
set search_path = pg_catalog, pg_temp
as $$
/*
 * londiste._capture_slow_template(0) - the slow path of a capture function, with which it ends.
 *
 * Internal. Reached when the fast path wrote nothing although there are rows: the table's columns
 * or the queue differ from what the function was generated for, or the queue has a limit.
 *
 * Returns:
 *   PL/pgSQL with placeholders, see londiste._capture_template
 */
select $template$        select q.queue_cur_table, q.queue_disable_insert, q.queue_per_tx_limit
          into v_queue
          from pgq.queue as q
         where q.queue_id = @queue id@;
        if not found then
            raise exception 'No such queue'
                using errcode @is@ 'undefined_object', detail @is@ @queue detail@,
                    hint @is@ 'the queue was dropped after the triggers were created';
        end if;
        if v_queue.queue_disable_insert
            and (case when pg_catalog.length(
                               pg_catalog.current_setting('pgq.session_replication_role', true)) > 0
                      then pg_catalog.current_setting('pgq.session_replication_role', true)
                      else pg_catalog.current_setting('session_replication_role') end) <> 'replica'
            and not londiste._capture_begun(@queue id@)
        then
            raise exception 'Insert into queue disallowed'
                using detail @is@ @queue detail@,
                    hint @is@ 'this database is a branch: write on the root node';
        end if;
        v_sql := londiste.@writer@(
            v_kind, tg_relid, @key@,
            @event table@ || v_queue.queue_cur_table::pg_catalog.text,
            @sequence@, @table@, null, null@hash@);
        if tg_level = 'STATEMENT' then
            execute v_sql;
        elsif tg_op = 'INSERT' then
            execute v_sql using new;
        elsif tg_op = 'DELETE' then
            execute v_sql using null::pg_catalog.text, old;
        else
            execute v_sql using new, old;
        end if;
        if v_queue.queue_per_tx_limit is not null then
            get diagnostics v_done @is@ row_count;
            perform londiste._capture_limit(
                @queue id@, @queue@, v_queue.queue_per_tx_limit, v_done);
        end if;
        return null;
    end;
end;
$template$::text;
$$;
