package dev.jlondiste.replica.copy;

import dev.jlondiste.db.Sql;
import dev.jlondiste.replica.LondisteFunctions;
import dev.jlondiste.replica.TableState;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Protects a copy of several transactions against an earlier attempt for the same table whose
 * process, or whose last commit, is still active. An attempt signs the table with the snapshot that
 * it reads with. The snapshot is unique, because each attempt registers its consumer on the source
 * before it takes one. Every transaction of an attempt ends with a check that the signature is
 * unchanged, and locks it until the commit. A new attempt replaces the signature before it empties
 * the table. So rows that an old attempt commits are either deleted or refused.
 *
 * <p>Lock order: first the table, then its row in {@code londiste.table_info}.
 */
final class CopyAttempt {
  private static final String SIGNED =
      """
      select 1
        from londiste.table_info
       where queue_name = ? and table_name = ? and local
         and merge_state = 'in-copy' and custom_snapshot = ?
      """;

  private final String queue;
  private final CopyJob job;

  CopyAttempt(String queue, CopyJob job) {
    this.queue = queue;
    this.job = job;
  }

  /** Signs the table; {@code restoreSql} restores what this transaction has dropped. */
  void sign(Connection here, @Nullable String restoreSql) throws SQLException {
    LondisteFunctions.setTableState(
            here, queue, job.table().name(), job.snapshot(), TableState.IN_COPY)
        .orThrow();
    recordDropped(here, restoreSql);
  }

  /** Records what is still dropped; null if everything is restored. */
  void recordDropped(Connection here, @Nullable String restoreSql) throws SQLException {
    LondisteFunctions.setTableStructure(here, queue, job.table().name(), restoreSql).orThrow();
  }

  boolean isCurrent(Connection here) throws SQLException {
    return check(here, "");
  }

  /** Checks the signature and locks it, shared with other transactions of the same attempt. */
  boolean lockShared(Connection here) throws SQLException {
    return check(here, " for share");
  }

  boolean lock(Connection here) throws SQLException {
    return check(here, " for update");
  }

  private boolean check(Connection here, String lock) throws SQLException {
    return Sql.first(
            here,
            SIGNED + lock,
            row -> true,
            queue,
            job.table().name().full(),
            job.snapshot().text())
        .orElse(false);
  }
}
