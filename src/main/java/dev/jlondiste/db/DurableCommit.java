package dev.jlondiste.db;

/**
 * Commits that another database is told of must be on disk first, or a crash leaves the two apart.
 * Roles and databases may have {@code synchronous_commit = off}: that is raised to {@code on}, and
 * what waits for standbys as well stays.
 */
public final class DurableCommit {
  /** For the rest of the session. */
  public static final String FOR_SESSION =
      """
      select pg_catalog.set_config('synchronous_commit', 'on', false)
       where pg_catalog.current_setting('synchronous_commit') = 'off'
      """;

  /** A row to join with, so that the transaction of a statement commits so, in one round trip. */
  public static final String JOINED =
      """
      (select case when pg_catalog.current_setting('synchronous_commit') = 'off'
                   then pg_catalog.set_config('synchronous_commit', 'on', true) end) durable
      """;

  private DurableCommit() {}
}
