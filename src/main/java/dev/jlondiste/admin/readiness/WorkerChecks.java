package dev.jlondiste.admin.readiness;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.db.Sql;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * The workers of both nodes run without errors. A worker of this program holds a lock. One of
 * Londiste does not, but its provider has seen it lately, or a session has its name: otherwise it
 * is only suspected not to run if the node has the SQL of Londiste.
 */
final class WorkerChecks {
  private static final Duration SEEN_LATELY = Duration.ofMinutes(2);
  private static final String LAST_SEEN =
      "select extract(epoch from last_seen) from pgq.get_consumer_info(?, ?)";

  private final Cascade cascade;
  private final Findings findings;

  WorkerChecks(Cascade cascade, Findings findings) {
    this.cascade = cascade;
    this.findings = findings;
  }

  /**
   * A worker of Londiste holds no lock. Others than that of a root are seen by their provider; a
   * takeover asks that of a root to pause, and gives up if it does not answer.
   */
  void run(NodeSide side) throws SQLException {
    String worker = "worker '%s' of node '%s' ".formatted(side.node().worker(), side.name());
    if (!side.hasWorkerLock() && !side.hasWorkerSession() && !isSeenLately(side)) {
      boolean certain = side.isOurCode() && !side.node().isRoot();
      findings.add(
          certain ? Severity.BLOCKER : Severity.WARNING,
          Check.WORKERS,
          worker
              + (certain
                  ? "does not run: no process holds its lock"
                  : "may not run: no process holds its lock, but Londiste's worker takes none"),
          "start the daemon of node '" + side.name() + "'");
    }
    if (side.node().paused()) {
      findings.blocker(Check.WORKERS, worker + "is paused", "resume " + side.name());
    }
    side.workerError()
        .ifPresent(line -> findings.blocker(Check.WORKERS, worker + "fails: " + line, null));
  }

  private boolean isSeenLately(NodeSide side) throws SQLException {
    Optional<String> provider = side.node().provider();
    if (side.node().isRoot() || provider.isEmpty() || cascade.isDead(provider.get())) {
      return false;
    }
    return cascade
        .call(
            provider.get(),
            db ->
                Sql.first(
                    db, LAST_SEEN, row -> row.getDouble(1), cascade.queue(), side.node().worker()))
        .filter(seconds -> seconds < SEEN_LATELY.toSeconds())
        .isPresent();
  }
}
