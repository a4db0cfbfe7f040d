package dev.jlondiste.ticker;

import dev.jlondiste.loop.Outcome;
import dev.jlondiste.loop.Work;
import java.sql.SQLException;
import java.util.function.BooleanSupplier;

/** Moves due retry events back to their queues, ten at a time, until none is due. */
final class RetryWork implements Work {
  private final TickerSession session;
  private final BooleanSupplier isTicking;
  private final TickerCounts counts;

  RetryWork(TickerSession session, BooleanSupplier isTicking, TickerCounts counts) {
    this.session = session;
    this.isTicking = isTicking;
    this.counts = counts;
  }

  @Override
  public Outcome runOnce() throws SQLException {
    if (!isTicking.getAsBoolean() || session.isOld()) {
      session.drop();
    }
    if (!isTicking.getAsBoolean()) {
      return Outcome.IDLE;
    }
    try {
      long moved = TickerFunctions.moveRetryEvents(session.get());
      counts.retried(moved);
      return moved == 0 ? Outcome.IDLE : Outcome.BUSY;
    } catch (SQLException | RuntimeException e) {
      session.drop();
      throw e;
    }
  }

  @Override
  public void close() {
    session.drop();
  }
}
