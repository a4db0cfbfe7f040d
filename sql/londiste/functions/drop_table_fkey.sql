create or replace function londiste.drop_table_fkey(i_from_table text, i_fkey_name text)
returns integer
language plpgsql
strict
as $$
/*
 * londiste.drop_table_fkey(2) - drop a foreign key for a copy, and store its definition.
 *
 * Parameters:
 *   i_from_table   table that has it
 *   i_fkey_name    its name
 * Returns:
 *   1  dropped
 *   0  there was none
 * Calls:   londiste.make_fqname, londiste.find_table_fkeys, londiste.find_rel_oid,
 *          londiste.quote_fqname
 * Writes:  londiste.pending_fkeys (one row)
 */
declare
    v_table         constant text := londiste.make_fqname(i_from_table);
    v_comment_start constant text := E';\ncomment on constraint '
                                     || pg_catalog.quote_ident(i_fkey_name) || ' on ';
    v_fkey          londiste.pending_fkeys;
begin
    select f.*
      into v_fkey
      from londiste.find_table_fkeys(v_table) f
     where f.from_table = v_table
       and f.fkey_name = i_fkey_name;
    if not found then
        return 0;
    end if;

    -- A row may be left from a constraint that was restored by hand; it is replaced. If a restore
    -- has created the constraint and not yet validated it, the first definition stays, so that the
    -- constraint is validated later.
    insert into londiste.pending_fkeys as p (from_table, to_table, fkey_name, fkey_def)
    values (v_fkey.from_table, v_fkey.to_table, v_fkey.fkey_name, v_fkey.fkey_def)
        on conflict (from_table, fkey_name) do update
       set to_table = excluded.to_table,
           fkey_def = excluded.fkey_def
     where split_part(excluded.fkey_def, v_comment_start, 1)
           <> split_part(p.fkey_def, v_comment_start, 1) || ' NOT VALID';

    execute 'alter table '
            || case when londiste.find_rel_oid(v_table, 'p') is null then 'only ' else '' end
            || londiste.quote_fqname(v_table)
            || ' drop constraint ' || pg_catalog.quote_ident(i_fkey_name);

    return 1;
end;
$$;
