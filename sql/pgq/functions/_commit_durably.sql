create or replace function pgq._commit_durably()
returns void
language plpgsql
as $$
/*
 * pgq._commit_durably(0) - make the current transaction wait for the disk when it commits.
 *
 * A consumer stores in another database which tick it has completed. If a crash could lose a tick
 * that consumers have already seen, they would be ahead of the queue and miss its next events.
 * Write-ahead log is written in order, so events that committed earlier with synchronous_commit
 * = off reach the disk with the tick. Only "off" is raised; settings that wait for standbys stay.
 *
 * Returns:
 *   nothing
 */
begin
    if pg_catalog.current_setting('synchronous_commit') = 'off' then
        perform pg_catalog.set_config('synchronous_commit', 'on', true);
    end if;
end;
$$;
