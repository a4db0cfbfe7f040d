create or replace function londiste._capture_begun(i_queue_id integer)
returns boolean
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
/*
 * londiste._capture_begun(1) - has this transaction written to a queue already?
 *
 * Internal. Then it may go on when a takeover forbids writing: the takeover waits for the locks that tell so, see
 * pgq_node.demote_root.
 *
 * Parameters:
 *   i_queue_id   the queue
 */
    select exists (
        select 1
          from pg_locks l
         where l.pid = pg_backend_pid()
           and l.locktype = 'relation'
           and l.database = (select d.oid from pg_database d where d.datname = current_database())
           and l.mode = 'RowExclusiveLock'
           and l.relation in (select i.inhrelid
                                from pgq.queue q
                                join pg_inherits i on i.inhparent = to_regclass(pgq.quote_fqname(q.queue_data_pfx))
                               where q.queue_id = i_queue_id));
$$;
