create or replace function pgq.jlondiste_release()
returns text
language sql
immutable
as $$
/*
 * pgq.jlondiste_release(0) - version of this SQL; the installer compares it with its own.
 *
 * Returns:
 *   dotted version. The function does not exist where the reference's extension is installed.
 */
select '1.0.0'::text;
$$;
