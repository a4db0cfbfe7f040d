package dev.jlondiste.ticker;

import dev.jlondiste.loop.Outcome;
import dev.jlondiste.loop.StopSignal;
import dev.jlondiste.loop.Work;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the maintenance operations that the database lists: rotation, vacuum, watermarks, sequences.
 * A failed operation is logged and does not prevent the others; it is listed again in the next run.
 */
final class MaintenanceWork implements Work {
  private static final Logger log = LoggerFactory.getLogger(MaintenanceWork.class);

  /** Limit for an operation that requests its repetition indefinitely, because it is broken. */
  private static final int MAX_REPEATS = 1000;

  private final String name;
  private final TickerSession session;
  private final BooleanSupplier isTicking;
  private final TickerCounts counts;
  private final StopSignal stop;

  MaintenanceWork(
      String name,
      TickerSession session,
      BooleanSupplier isTicking,
      TickerCounts counts,
      StopSignal stop) {
    this.name = name;
    this.session = session;
    this.isTicking = isTicking;
    this.counts = counts;
    this.stop = stop;
  }

  @Override
  public Outcome runOnce() throws SQLException {
    if (!isTicking.getAsBoolean()) {
      return Outcome.IDLE;
    }
    try {
      Connection db = session.get();
      for (TickerFunctions.Operation operation : TickerFunctions.operations(db)) {
        if (stop.isRequested()) {
          break;
        }
        perform(db, operation);
      }
      counts.maintained();
      return Outcome.IDLE;
    } finally {
      session.drop(); // not needed until the next run, minutes later
    }
  }

  private void perform(Connection db, TickerFunctions.Operation operation) throws SQLException {
    log.debug("[{}]: {}", name, operation);
    try {
      int repeats = 0;
      while (TickerFunctions.perform(db, operation) && !stop.isRequested()) {
        if (++repeats == MAX_REPEATS) {
          log.warn(
              "[{}]: {} requested its repetition {} times, skipping it",
              name,
              operation,
              MAX_REPEATS);
          return;
        }
      }
    } catch (SQLException e) {
      if (!session.isAlive(e)) {
        throw e;
      }
      log.error("[{}]: maintenance {} failed: {}", name, operation, TickerFaults.firstLine(e));
    }
  }

  @Override
  public void close() {
    session.drop();
  }
}
