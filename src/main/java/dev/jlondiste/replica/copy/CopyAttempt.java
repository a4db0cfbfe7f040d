package dev.jlondiste.replica.copy;

import dev.jlondiste.db.Sql;
import dev.jlondiste.replica.LondisteFunctions;
import dev.jlondiste.replica.TableState;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Tells a copy of several transactions from an earlier one of the same table whose process, or
 * whose last commit, is not quite dead yet. An attempt signs the table with the snapshot that it
 * reads with, which no other has: each registers its consumer on the source before it takes one.
 * Every transaction of it ends with a look whether the signature still stands, and holds it until
 * the commit; a new attempt empties the table after it has replaced it. So whatever an old one
 * commits is either emptied away or refused.
 *
 * <p>Locks go from the table to its row in {@code londiste.table_info}.
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

  /** {@code restoreSql} brings back what was taken from the table in this transaction. */
  void sign(Connection here, @Nullable String restoreSql) throws SQLException {
    LondisteFunctions.setTableState(
            here, queue, job.table().name(), job.snapshot(), TableState.IN_COPY)
        .orThrow();
    stillDropped(here, restoreSql);
  }

  /** Null when everything is there again. */
  void stillDropped(Connection here, @Nullable String restoreSql) throws SQLException {
    LondisteFunctions.setTableStructure(here, queue, job.table().name(), restoreSql).orThrow();
  }

  boolean isCurrent(Connection here) throws SQLException {
    return look(here, "");
  }

  /** Among others of the same attempt. */
  boolean share(Connection here) throws SQLException {
    return look(here, " for share");
  }

  boolean hold(Connection here) throws SQLException {
    return look(here, " for update");
  }

  private boolean look(Connection here, String lock) throws SQLException {
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
