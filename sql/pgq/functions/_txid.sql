create or replace function pgq._txid(i_xid xid, i_near bigint)
returns bigint
language sql immutable strict
as $$
/*
 * pgq._txid(2) - add the epoch to a transaction id.
 *
 * Parameters:
 *   i_xid    id without epoch of a transaction that began at i_near or less than 2^31 later
 *   i_near   transaction id with its epoch
 * Returns:
 *   the id with its epoch; i_near if i_xid is out of that range, as in a row copied from elsewhere
 */
    select i_near operator(pg_catalog.+)
        case when ahead operator(pg_catalog.<) 2147483648 then ahead else 0 end
    from (select (i_xid::pg_catalog.text::bigint operator(pg_catalog.-) i_near)
            operator(pg_catalog.&) 4294967295 as ahead) as t;
$$;
