create or replace function pgq.sqltriga()
returns trigger
language plpgsql
as $$
/*
 * pgq.sqltriga() - write row changes to a queue, as fragments of SQL statements.
 *
 * Not SECURITY DEFINER, and without a search_path of its own: expressions in the arguments belong
 * to the table's owner and run with the rights and the search_path of the role that changes the
 * row. That role needs EXECUTE on pgq.insert_event.
 *
 * Arguments, the first being the queue, the others in any order:
 *   SKIP              BEFORE trigger: the row change does not happen
 *   ignore=col,...    leave columns out; an update of only these writes no event
 *   pkey=col,...      key columns instead of the primary key
 *   backup            ev_extra2 of an update is the old row
 *   deny              refuse all changes
 *   ev_type=EXPR, ev_data=EXPR, ev_extra1=EXPR ... ev_extra4=EXPR
 *                     set a field by an SQL expression over the row's columns
 *   when=EXPR         no event if false
 * Event:
 *   ev_type     I, U, D; R for truncate
 *   ev_data     what follows "insert into T", "update only T set", "delete from only T where"
 *   ev_extra1   schema.table
 *   ev_extra2   with backup, for updates: the old row, urlencoded
 * Calls:   pgq._trigger_plan, pgq.insert_event(7)
 */
declare
    v_plan record;
    v_row record;
    v_old record;
    v_ev record;
begin
    if pgq._session_role() <> 'origin' and pgq._trigger_idle(tg_relid, tg_name) then
        if tg_when = 'AFTER' or tg_level = 'STATEMENT' then
            return null;
        elsif tg_op = 'DELETE' then
            return old;
        end if;
        return new;
    end if;

    v_plan := pgq._trigger_plan('sql', tg_relid, tg_table_schema::text, tg_table_name::text,
        tg_when, tg_level, tg_op, tg_argv);

    if tg_op = 'TRUNCATE' then
        execute v_plan.event_sql into v_ev;
    else
        if tg_op = 'DELETE' then
            v_row := old;
        else
            v_row := new;
        end if;
        if tg_op = 'UPDATE' then
            v_old := old;
        else
            v_old := v_row;
        end if;
        execute v_plan.event_sql into v_ev using v_row, v_old;
        if v_ev.problem is not null then
            raise exception '%', v_ev.problem
                using detail = pg_catalog.format('Table: %s.%s', tg_table_schema, tg_table_name);
        end if;
        if v_ev.wanted and v_plan.override_sql is not null then
            execute v_plan.override_sql into v_ev
                using v_row, v_ev.ev_type, v_ev.ev_data, v_ev.ev_extra1, v_ev.ev_extra2,
                      v_ev.ev_extra3, v_ev.ev_extra4;
        end if;
    end if;

    if v_ev.wanted then
        perform pgq.insert_event(v_plan.queue_name, v_ev.ev_type, v_ev.ev_data,
            v_ev.ev_extra1, v_ev.ev_extra2, v_ev.ev_extra3, v_ev.ev_extra4);
    end if;

    if tg_when = 'AFTER' or v_plan.skip or tg_op = 'TRUNCATE' then
        return null;
    elsif tg_op = 'DELETE' then
        return old;
    end if;
    return new;
end;
$$;
