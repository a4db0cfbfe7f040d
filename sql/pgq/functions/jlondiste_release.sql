create or replace function pgq.jlondiste_release()
returns text
language sql
immutable
as $$
/*
 * pgq.jlondiste_release(0) - return the release of the SQL of this schema.
 *
 * The installer compares it with its own release. Each of our schemas has such a function (in 1.0.0
 * only pgq had it); all return the same value unless another program has installed one of them.
 *
 * Returns:
 *   dotted version; the function does not exist in the extension of the original PgQ
 */
select '1.1.0'::text;
$$;
