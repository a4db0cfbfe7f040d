create or replace function pgq._equality_operator(i_type oid)
returns text
language plpgsql
stable
as $$
/*
 * pgq._equality_operator(1) - find the operator that compares two values of a type for equality.
 *
 * The operator comes from the default operator class, as in the server: an operator that is merely
 * named "=" may mean something else (for box it compares areas). Arrays and composite types have no
 * result, because their element types decide whether they can be compared.
 *
 * Parameters:
 *   i_type   type of a column
 * Returns:
 *   text for format(), with two values to be put in: %s operator(schema.name) %s; null if the type
 *   has no such operator
 */
declare
    v_base oid := i_type;
    v_type record;
    v_operator text;
begin
    loop
        select t.oid, t.typtype, t.typbasetype, t.typelem, t.typlen
            into v_type
            from pg_catalog.pg_type t
            where t.oid = v_base;
        exit when v_type.typtype is distinct from 'd';
        v_base := v_type.typbasetype;
    end loop;

    if v_type.typtype in ('e', 'r', 'm') then
        -- polymorphic operators do not take domains
        return pg_catalog.replace('%s::type operator(pg_catalog.=) %s::type', 'type',
            pg_catalog.replace(pg_catalog.format_type(v_base, null), '%', '%%'));
    elsif v_type.typtype is distinct from 'b' or (v_type.typelem <> 0 and v_type.typlen = -1) then
        return null;
    end if;

    select '%s ' || pg_catalog.format('operator(%I.%s)', pg_catalog.replace(n.nspname, '%', '%%'),
               pg_catalog.replace(o.oprname, '%', '%%')) || ' %s'
        into v_operator
        from pg_catalog.pg_opclass c
        join pg_catalog.pg_am am on am.oid = c.opcmethod
        join pg_catalog.pg_amop a on a.amopfamily = c.opcfamily
            and a.amoplefttype = c.opcintype
            and a.amoprighttype = c.opcintype
            and a.amopstrategy = case am.amname when 'btree' then 3 else 1 end
        join pg_catalog.pg_operator o on o.oid = a.amopopr
        join pg_catalog.pg_namespace n on n.oid = o.oprnamespace
        where c.opcdefault
          and am.amname in ('btree', 'hash')
          and (c.opcintype = v_type.oid
               or exists (
                   select 1
                   from pg_catalog.pg_cast k
                   where k.castsource = v_type.oid
                     and k.casttarget = c.opcintype
                     and k.castmethod = 'b'
                     and k.castcontext = 'i'))
        order by c.opcintype = v_type.oid desc, am.amname
        limit 1;
    return v_operator;
end;
$$;
