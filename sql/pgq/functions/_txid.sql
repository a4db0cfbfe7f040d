create or replace function pgq._txid(i_xid xid, i_near bigint)
returns bigint
language sql immutable strict
as $$
/*
 * pgq._txid(2) - a transaction id with its epoch.
 *
 * Parameters:
 *   i_xid    of a transaction that began at i_near or later, by less than 2^31
 *   i_near   transaction id with its epoch
 * Returns:
 *   i_near when i_xid is not such a one: the row was copied from elsewhere
 */
    select i_near operator(pg_catalog.+)
        case when ahead operator(pg_catalog.<) 2147483648 then ahead else 0 end
    from (select (i_xid::pg_catalog.text::bigint operator(pg_catalog.-) i_near)
            operator(pg_catalog.&) 4294967295 as ahead) as t;
$$;
