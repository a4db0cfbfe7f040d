create or replace function pgq._commit_durably()
returns void
language plpgsql
as $$
/*
 * pgq._commit_durably(0) - let the present transaction wait for the disk when it commits, whatever role or database say.
 *
 * Internal. A consumer stores in another database which tick it has completed. A tick that a crash could still take
 * back would leave it ahead of the queue, with changes that the queue has lost. So a tick is on disk before anybody sees it.
 * Write-ahead log is written in order: what committed with synchronous_commit = off before the tick, its events first of all, is on disk
 * with it. Only "off" is raised; what waits for standbys as well stays.
 *
 * Parameters:
 *   none
 */
begin
    if pg_catalog.current_setting('synchronous_commit') = 'off' then
        perform pg_catalog.set_config('synchronous_commit', 'on', true);
    end if;
end;
$$;
