create or replace function londiste._capture_basis(i_body text)
returns text
language sql
strict immutable
as $$
/*
 * londiste._capture_basis(1) - what a table's triggers were created for: queue, table, key, level.
 *
 * Internal. If it is the same, new functions work with the triggers that there are.
 *
 * Parameters:
 *   i_body   of a capture function, of this release or an earlier one
 * Returns:
 *   lines of the comment that the body begins with
 */
    select pg_catalog.replace(
        pg_catalog.substring(i_body, E'\n \\* Queue: .*?\n \\* Level: [^\n]*'),
        '(looked at whatever is updated)', '(checked on every update)');
$$;
