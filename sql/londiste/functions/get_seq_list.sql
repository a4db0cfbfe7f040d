create or replace function londiste.get_seq_list(
    in i_queue_name text,
    out seq_name text,
    out last_value bigint,
    out local boolean)
returns setof record
language plpgsql
strict
as $$
/*
 * londiste.get_seq_list(1) - list the sequences that a queue knows.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 * Returns:
 *   one row per sequence, in the order they were added; last_value is the published one
 */
begin
    return query
    select s.seq_name, s.last_value, s.local
      from londiste.seq_info s
     where s.queue_name = i_queue_name
     order by s.nr, s.seq_name;
end;
$$;
