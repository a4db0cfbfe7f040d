create or replace function pgq._trigger_field(
    i_nr integer, i_override text, i_columns text[], i_field text)
returns text
language sql
stable
as $$
/*
 * pgq._trigger_field(4) - a column of the query that applies the expressions in trigger arguments.
 *
 * One expression, which the server inlines in pgq._trigger_plan: that runs for each row.
 *
 * Parameters:
 *   i_nr         number of the field: 1 ev_type, 2 ev_data, 3 ev_extra1, ...
 *   i_override   its expression; null: none
 *   i_columns    columns of the table
 *   i_field      name of the field
 * Returns:
 *   text to append to a select list
 * Calls:   pgq._trigger_expression
 */
select case
    when i_override is null then
        pg_catalog.format(', $%s::pg_catalog.text as %s', i_nr + 1, i_field)
    else
        ', pgq._trigger_value(array(select case when pg_catalog.num_nulls(q.v) = 0'
        || ' then pg_catalog.format(''%s'', q.v) end from (select '
        || pgq._trigger_expression(i_override, i_columns) || E'\n) as q(v))) as ' || i_field
    end;
$$;
