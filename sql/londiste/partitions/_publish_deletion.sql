create or replace function londiste._publish_deletion(
    i_queue_name text, i_table_name text, i_condition text, i_reason text)
returns bigint
language sql
as $$
/*
 * londiste._publish_deletion(4) - write the event by which subscribers delete the rows that a
 * partition was for.
 *
 * Internal. It is one of pgq.sqltriga, with a condition that may be true for any number of rows;
 * ev_extra4 says why.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 *   i_table_name   global name of the table
 *   i_condition    SQL condition, see londiste._partition_condition
 *   i_reason       partition gone or partition truncated
 * Returns:
 *   event id
 * Errors:
 *   as pgq.insert_event
 * Calls:   pgq.insert_event
 */
    select pgq.insert_event(i_queue_name, 'D', i_condition, i_table_name, null, null, i_reason);
$$;
