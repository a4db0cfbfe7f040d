package dev.jlondiste.admin.compare;

import java.sql.SQLException;

/** Keeps a table of another node as it is until closed. */
interface SourceFreeze extends AutoCloseable {
  /**
   * The tick after which the table does not change: a node that has completed it has all its rows.
   */
  long lastTick() throws SQLException, InterruptedException;

  /**
   * Fails unless the table was kept still until now: snapshots that were taken before show what it
   * was at {@link #lastTick}.
   */
  void requireHeld() throws SQLException;

  /** How long it may last. */
  PointWait limit();

  @Override
  void close() throws SQLException;
}
