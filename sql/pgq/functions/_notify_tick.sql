create or replace function pgq._notify_tick(i_queue_name text)
returns void
language plpgsql
as $$
/*
 * pgq._notify_tick(1) - notify the listeners of channel pgq_tick.
 *
 * The server delivers the notification when the tick commits, so a listener sees the tick. The
 * notification is a hint only: workers poll as well.
 *
 * Parameters:
 *   i_queue_name   queue that ticked; its name is the payload, cut if it is too long for one
 * Returns:
 *   nothing
 */
begin
    perform pg_catalog.pg_notify('pgq_tick',
        case when pg_catalog.octet_length(i_queue_name) > 7000
            then pg_catalog.left(i_queue_name, 1750)
            else i_queue_name
        end);
end;
$$;
