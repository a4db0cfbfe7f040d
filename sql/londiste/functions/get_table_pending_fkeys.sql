create or replace function londiste.get_table_pending_fkeys(i_table_name text)
returns setof londiste.pending_fkeys
language sql
strict stable
as $$
/*
 * londiste.get_table_pending_fkeys(1) - list the dropped foreign keys from or to a table.
 *
 * Parameters:
 *   i_table_name   full name of the table
 * Returns:
 *   one row per foreign key
 */
    select p.*
      from londiste.pending_fkeys p
     where i_table_name in (p.from_table, p.to_table)
     order by 1, 2, 3;
$$;
