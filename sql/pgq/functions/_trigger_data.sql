create or replace function pgq._trigger_data(
    i_format text, i_op text, i_pairs text[], i_names text[], i_where text[])
returns text
language sql
stable
as $$
/*
 * pgq._trigger_data(5) - the SQL expression that gives ev_data of a capture trigger's event.
 *
 * One expression, which the server inlines in pgq._trigger_plan: that runs for each row.
 *
 * Parameters:
 *   i_format   'url', 'json' or 'sql'
 *   i_op       INSERT, UPDATE, DELETE or TRUNCATE
 *   i_pairs    expressions of the columns, see pgq._trigger_pair
 *   i_names    format sql: names of the columns
 *   i_where    format sql: expressions of the conditions that identify the row
 */
select case
    when i_op = 'TRUNCATE' then
        case i_format when 'json' then '''{}''' else '''''' end
    when i_format = 'url' then
        pg_catalog.format('pg_catalog.array_to_string(array[%s]::pg_catalog.text[], ''&'')',
            pg_catalog.array_to_string(i_pairs, ', '))
    when i_format = 'json' then
        pg_catalog.format(
            '''{'' || pg_catalog.array_to_string(array[%s]::pg_catalog.text[], '','') || ''}''',
            pg_catalog.array_to_string(i_pairs, ', '))
    when i_op = 'INSERT' then
        pg_catalog.format(
            '%L || pg_catalog.array_to_string(array[%s]::pg_catalog.text[], '','') || '')''',
            '(' || pg_catalog.array_to_string(i_names, ',') || ') values (',
            pg_catalog.array_to_string(i_pairs, ', '))
    when i_op = 'UPDATE' then
        -- an update of nothing sets the first column of the key
        pg_catalog.format(
            'coalesce(nullif('
                'pg_catalog.array_to_string(array[%s]::pg_catalog.text[], '',''), ''''), %s)'
                ' || '' where '''
                ' || pg_catalog.array_to_string(array[%s]::pg_catalog.text[], '' and '')',
            pg_catalog.array_to_string(i_pairs, ', '), coalesce(i_where[1], ''''''),
            pg_catalog.array_to_string(i_where, ', '))
    else
        pg_catalog.format('pg_catalog.array_to_string(array[%s]::pg_catalog.text[], '' and '')',
            pg_catalog.array_to_string(i_where, ', '))
    end;
$$;
