package dev.jlondiste.replica.handler;

import dev.jlondiste.replica.apply.RowApplier;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;

/**
 * The batch whose events a handler applies. Valid until the transaction of the batch ends. Used by
 * one thread.
 */
public final class HandlerBatch {
  private final long tick;
  private final Instant time;
  private final Connection local;
  private final RowApplier applier;

  /** {@code tick} is the one at the end of the batch, {@code time} when it was created. */
  public HandlerBatch(long tick, Instant time, Connection local, RowApplier applier) {
    this.tick = tick;
    this.time = time;
    this.local = local;
    this.applier = applier;
  }

  /** The tick at the end of the batch. */
  public long tick() {
    return tick;
  }

  /** When that tick was created, by the clock of the root. */
  public Instant time() {
    return time;
  }

  /** Writes rows to local tables, and statements, in the order of the events of all tables. */
  public RowApplier applier() {
    return applier;
  }

  /**
   * The connection of the batch's transaction. Waits until the applier does not use it. May be used
   * until the next call of the applier; changes that the applier has buffered are not written yet.
   */
  public Connection connection() throws SQLException {
    applier.await();
    return local;
  }
}
