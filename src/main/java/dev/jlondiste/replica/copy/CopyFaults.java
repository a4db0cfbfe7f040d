package dev.jlondiste.replica.copy;

import dev.jlondiste.db.TableName;
import dev.jlondiste.loop.FailedAttempt;
import dev.jlondiste.loop.FaultLog;
import dev.jlondiste.loop.FaultReport;
import dev.jlondiste.loop.FaultRules;
import dev.jlondiste.loop.RetryPolicy;
import dev.jlondiste.replica.FailedCopies;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Retries a failed copy at increasing intervals until it succeeds. The copy's worker ends, which
 * frees its slot for waiting tables; the main worker starts the copy again after them. A copied
 * table that cannot catch up keeps its worker, which does not occupy a slot.
 */
final class CopyFaults implements FaultRules {
  private static final Logger log = LoggerFactory.getLogger(CopyFaults.class);
  private static final Duration REPEAT_MESSAGE = Duration.ofMinutes(5);

  private final TableName table;
  private final TableCopyWorker worker;

  private CopyFaults(TableName table, TableCopyWorker worker) {
    this.table = table;
    this.worker = worker;
  }

  static RetryPolicy policy(TableName table, TableCopyWorker worker, InstantSource clock) {
    FaultLog faultLog = new FaultLog(log, table + ": copy", REPEAT_MESSAGE, clock);
    return new RetryPolicy(new CopyFaults(table, worker), faultLog);
  }

  /**
   * Attempts are counted in the database, because another worker or process may run the next one.
   */
  @Override
  public Optional<FailedAttempt> attempt(Exception failure, int number) {
    Optional<FailedAttempt> attempt = worker.failed(failure);
    if (attempt.isEmpty()) {
      log.debug("{}: copy failed, but it is no longer wanted", table, failure);
    }
    return attempt;
  }

  @Override
  public boolean hasRecovered() {
    return !worker.isWaiting();
  }

  @Override
  public FaultReport report(FailedAttempt attempt) {
    String text = FailedCopies.text(attempt.failure());
    String full =
        "%s: copy failed, trying again in %d s (attempt %d): %s"
            .formatted(table, attempt.pauseSeconds(), attempt.number(), text);
    return FaultReport.of(Level.ERROR, FaultReport.firstLine(text), full);
  }
}
