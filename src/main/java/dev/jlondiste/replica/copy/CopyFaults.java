package dev.jlondiste.replica.copy;

import dev.jlondiste.db.TableName;
import dev.jlondiste.loop.FaultPolicy;
import dev.jlondiste.loop.Reaction;
import dev.jlondiste.replica.FailedCopies;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A failed copy is repeated until it succeeds, less and less often. Its worker ends: the slot is
 * for the tables that wait, and the main worker starts this copy again when they have had their
 * turn. A table that was copied and cannot catch up keeps its worker, which does not count.
 */
final class CopyFaults implements FaultPolicy {
  private static final Logger log = LoggerFactory.getLogger(CopyFaults.class);

  private final TableName table;
  private final TableCopyWorker worker;

  CopyFaults(TableName table, TableCopyWorker worker) {
    this.table = table;
    this.worker = worker;
  }

  @Override
  public Reaction onFailure(Exception failure) {
    Optional<FailedCopies.Verdict> verdict = worker.failed(failure);
    if (verdict.isEmpty()) {
      log.debug("{}: copy failed, but it is no longer wanted", table, failure);
      return Reaction.retryAfter(Duration.ZERO);
    }
    log.error(
        "{}: copy failed, trying again in {} s (attempt {}): {}",
        table,
        verdict.get().pause().toSeconds(),
        verdict.get().attempts(),
        FailedCopies.text(failure));
    log.debug("{}: copy failed", table, failure);
    return Reaction.retryAfter(verdict.get().pause());
  }
}
