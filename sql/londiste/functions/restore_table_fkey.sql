create or replace function londiste.restore_table_fkey(
    i_from_table text,
    i_fkey_name text,
    i_lazy boolean default false)
returns text
language plpgsql
strict
as $$
/*
 * londiste.restore_table_fkey(3) - bring a dropped foreign key back.
 *
 * The lazy way locks the tables only for a moment: create the constraint not valid, commit, validate.
 *
 * Parameters:
 *   i_from_table   table that has it
 *   i_fkey_name    its name
 *   i_lazy         do nothing ourselves, return the next statement
 * Returns:
 *   lazy: a statement that the caller has to run and commit, before calling again
 *   otherwise, and when nothing is left to do: ''
 * Writes:  londiste.pending_fkeys (one row)
 */
declare
    v_table         constant text := londiste.make_fqname(i_from_table);
    v_def           text;
    v_validated     boolean;
begin
    select p.fkey_def
      into v_def
      from londiste.pending_fkeys p
     where p.from_table = v_table
       and p.fkey_name = i_fkey_name
       for update;
    if not found then
        return '';
    end if;

    if i_lazy then
        select c.convalidated
          into v_validated
          from pg_catalog.pg_constraint c
         where c.conrelid = coalesce(londiste.find_rel_oid(v_table, 'r'), londiste.find_rel_oid(v_table, 'p'))
           and c.contype = 'f'
           and c.conname = i_fkey_name;
        if not found then
            -- partitioned tables accept "not valid" only from 18 on
            if v_def ~* 'not (valid|enforced)[[:space:]]*$' or londiste.find_rel_oid(v_table, 'p') is not null then
                return v_def;
            end if;
            return v_def || ' not valid';
        end if;
        -- what was not valid before is not to be validated by us
        if not v_validated and v_def !~* 'not (valid|enforced)[[:space:]]*$' then
            return 'alter table '
                   || case when londiste.find_rel_oid(v_table, 'p') is null then 'only ' else '' end
                   || londiste.quote_fqname(v_table) || ' validate constraint ' || pg_catalog.quote_ident(i_fkey_name);
        end if;
    else
        execute v_def;
    end if;

    delete from londiste.pending_fkeys p
     where p.from_table = v_table
       and p.fkey_name = i_fkey_name;

    return '';
end;
$$;
