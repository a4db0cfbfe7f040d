create or replace function pgq.upgrade_schema()
returns integer
language plpgsql
as $$
/*
 * pgq.upgrade_schema(0) - bring roles and tables of an older installation up to date.
 *
 * Safe to repeat.
 *
 * Returns:
 *   0
 * Calls:   pgq._create_role, pgq._grant_role
 * Writes:  definition of pgq.queue
 */
begin
    perform pgq._create_role('pgq_reader');
    perform pgq._create_role('pgq_writer');
    perform pgq._create_role('pgq_admin');
    perform pgq._grant_role('pgq_reader', 'pgq_admin');
    perform pgq._grant_role('pgq_writer', 'pgq_admin');

    if not exists (
            select 1 from pg_catalog.pg_attribute a
            where a.attrelid = 'pgq.queue'::regclass and a.attname = 'queue_per_tx_limit') then
        alter table pgq.queue add column queue_per_tx_limit integer;
    end if;
    if not exists (
            select 1 from pg_catalog.pg_attribute a
            where a.attrelid = 'pgq.queue'::regclass and a.attname = 'queue_extra_maint') then
        alter table pgq.queue add column queue_extra_maint text[];
    end if;
    return 0;
end;
$$;
