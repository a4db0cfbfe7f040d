create or replace function londiste._feeds_queue(i_arguments bytea, i_queue_name text)
returns boolean
language sql
strict stable
as $$
/*
 * londiste._feeds_queue(2) - does a trigger with these arguments write to this queue?
 *
 * Internal. The queue is the first argument.
 *
 * Parameters:
 *   i_arguments    tgargs of pg_trigger: each argument is followed by a zero byte
 *   i_queue_name   name of the queue
 */
    select position(pg_catalog.convert_to(i_queue_name, pg_catalog.getdatabaseencoding())
                    || pg_catalog.decode('00', 'hex') in i_arguments) = 1;
$$;
