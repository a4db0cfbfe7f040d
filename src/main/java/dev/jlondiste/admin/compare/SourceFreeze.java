package dev.jlondiste.admin.compare;

import java.sql.SQLException;

/** Keeps a table of another node unchanged until closed. */
interface SourceFreeze extends AutoCloseable {
  /**
   * The tick after which the table does not change. A node that has completed it has all rows of
   * the table.
   */
  long lastTick() throws SQLException, InterruptedException;

  /**
   * Throws unless the table has been frozen until now, so that snapshots taken before show its
   * state at {@link #lastTick}.
   */
  void requireHeld() throws SQLException;

  /** The limit of the waits while the table is frozen. */
  PointWait limit();

  @Override
  void close() throws SQLException;
}
