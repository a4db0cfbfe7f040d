package dev.jlondiste.db;

/**
 * Statements that make commits durable. A commit must be on disk before another database depends on
 * it, or a crash makes the two diverge. {@code synchronous_commit = off}, which roles and databases
 * may set, becomes {@code on}; all other values, such as {@code remote_apply}, remain.
 */
public final class DurableCommit {
  /** Applies until the end of the session. */
  public static final String FOR_SESSION =
      """
      select pg_catalog.set_config('synchronous_commit', 'on', false)
       where pg_catalog.current_setting('synchronous_commit') = 'off'
      """;

  /**
   * A subquery of one row to join with. Applies to the transaction of that statement, without a
   * round trip of its own.
   */
  public static final String JOINED =
      """
      (select case when pg_catalog.current_setting('synchronous_commit') = 'off'
                   then pg_catalog.set_config('synchronous_commit', 'on', true) end) durable
      """;

  private DurableCommit() {}
}
