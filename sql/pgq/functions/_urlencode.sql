create or replace function pgq._urlencode(val text)
returns text
language plpgsql
immutable strict
as $$
/*
 * pgq._urlencode(1) - encode text as application/x-www-form-urlencoded.
 *
 * Letters, digits, "_", "." and "-" stay, a space becomes "+", every other byte of the text in
 * server encoding becomes "%" and two lower-case hex digits. Most values need no encoding or
 * contain only spaces; other text is cut into runs, so the cost is per run and not per byte.
 *
 * Parameters:
 *   val   text; null gives null
 * Returns:
 *   encoded text
 */
begin
    if val collate "C" !~ '[^A-Za-z0-9_.-]' then
        return val;
    elsif val collate "C" !~ '[^A-Za-z0-9_. -]' then
        return pg_catalog.replace(val, ' ', '+');
    end if;
    return (
        select pg_catalog.string_agg(
            run.m[1] || pg_catalog.replace(
                pg_catalog.regexp_replace(
                    pg_catalog.encode(
                        pg_catalog.convert_to(run.m[2], pg_catalog.getdatabaseencoding()), 'hex'),
                    '(..)', E'%\\1', 'g'),
                '%20', '+'),
            '' order by run.ord)
        from pg_catalog.regexp_matches(
                val collate "C", '([A-Za-z0-9_.-]*)([^A-Za-z0-9_.-]+|$)', 'g')
            with ordinality as run(m, ord));
end;
$$;
