create or replace function londiste._capture_begun(i_queue_id integer)
returns boolean
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
/*
 * londiste._capture_begun(1) - has this transaction written to a queue already?
 *
 * Internal. Then it may go on when a takeover forbids writing: its lock on the event table is one that the takeover waits for,
 * see pgq_node.demote_root. The lock alone does not tell: an attempt that was too late takes it, too.
 *
 * Parameters:
 *   i_queue_id   the queue
 */
declare
    v_begun     boolean;
begin
    execute (select 'select exists (select 1 from ' || pgq.quote_fqname(q.queue_data_pfx) || ' where ev_txid = txid_current())'
               from pgq.queue q
              where q.queue_id = i_queue_id)
       into v_begun;
    return v_begun;
end;
$$;
