create or replace function pgq.jlondiste_release()
returns text
language sql
immutable
as $$
/*
 * pgq.jlondiste_release(0) - release of the SQL of this schema; the installer compares it with its own.
 *
 * Each of our schemas has such a function (pgq alone had it in 1.0.0); all say the same, unless one was
 * installed by another program.
 *
 * Returns:
 *   dotted version. The function does not exist where the reference's extension is installed.
 */
select '1.1.0'::text;
$$;
