create or replace function londiste._table_obstacle(
    in i_queue_name text,
    in i_dest_table text,
    in i_description text,
    in i_key text,
    out ret_code integer,
    out ret_note text)
language plpgsql
stable
as $$
/*
 * londiste._table_obstacle(4) - why a local table cannot be replicated: missing, without a key, or
 * replicated already as a partition or with its partitions.
 *
 * Internal.
 *
 * Parameters:
 *   i_queue_name    name of the queue
 *   i_dest_table    full name of the local table
 *   i_description   what the note calls the table
 *   i_key           value of option pkey=; null if it is not given
 * Returns:
 *   null  nothing
 *   400   no key
 *   404   the table does not exist
 *   405   rows of it would be replicated twice
 */
declare
    v_columns   text[];
    v_index     text;
    v_other     text;
begin
    if londiste._table_oid(i_dest_table) is null then
        ret_code := 404;
        ret_note := 'Table does not exist: ' || i_description;
        return;
    end if;

    v_other := londiste._shares_rows(i_queue_name, londiste._table_oid(i_dest_table));
    if v_other is not null then
        ret_code := 405;
        ret_note := 'Table ' || i_description || ' has the rows of ' || v_other
                    || ', which is in the set already: remove-table that first';
        return;
    end if;

    -- Without a key an update cannot say which row it changed.
    if coalesce(strpos(londiste.find_column_types(i_dest_table), 'k') > 0, true) then
        return;
    end if;
    v_columns := regexp_split_to_array(btrim(i_key), '[,[:space:]]+');
    if v_columns is not null and londiste._find_key(i_dest_table, v_columns) is not null then
        return;
    end if;
    -- A partitioned table need not have one, and before PostgreSQL 11 cannot.
    if londiste.find_rel_oid(i_dest_table, 'p') is not null
        and (londiste._capture_key(londiste.find_rel_oid(i_dest_table, 'p'), null) is not null
             or londiste._has_partition_keys(londiste.find_rel_oid(i_dest_table, 'p')))
    then
        return;
    end if;
    -- A copy from another part queue may have dropped the key for a while.
    perform 1
       from londiste.table_info t
       join pgq_node.node_info n on n.queue_name = t.queue_name
       join pgq_node.node_info o on o.queue_name = i_queue_name
      where n.combined_queue = o.combined_queue
        and t.queue_name <> i_queue_name
        and coalesce(t.dest_table, t.table_name) = i_dest_table
        and t.dropped_ddl is not null;
    if found then
        return;
    end if;

    ret_code := 400;
    ret_note := 'Primary key missing on table: ' || i_description;
    v_index := londiste._find_key(i_dest_table, null);
    if v_index is not null then
        ret_note := ret_note || ' (its unique index on not null columns can serve: pkey='
                    || v_index || ')';
    elsif i_key is not null then
        ret_note := ret_note
                    || ' (pkey= needs a unique index on these columns, all of them not null)';
    end if;
end;
$$;
