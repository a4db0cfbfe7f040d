create or replace function londiste._capture_begun(i_queue_id integer)
returns boolean
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
/*
 * londiste._capture_begun(1) - has this transaction written events to the queue already?
 *
 * Internal; capture functions of earlier releases call it, too. Such a transaction may continue
 * after a takeover has forbidden writing: the takeover waits for its lock on the event table, see
 * pgq_node.demote_root. The lock alone does not prove it: a refused attempt has one as well.
 *
 * Parameters:
 *   i_queue_id   the queue
 */
declare
    v_begun     boolean;
begin
    execute (select 'select exists (select 1 from ' || pgq.quote_fqname(q.queue_data_pfx)
                    || ' where ev_txid = txid_current())'
               from pgq.queue q
              where q.queue_id = i_queue_id)
       into v_begun;
    return v_begun;
end;
$$;
