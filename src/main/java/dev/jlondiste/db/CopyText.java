package dev.jlondiste.db;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Writes rows by {@code COPY … FROM STDIN} in its text format, sent as they come. Nothing else can
 * be done on the connection until {@link #end} or {@link #close}. Used by one thread only.
 */
public final class CopyText implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;

  private final CopyInput copy;
  private final CopyRows rows;

  /** {@code sql} copies from stdin in text format. */
  public CopyText(Connection db, String sql) throws SQLException {
    this.copy = CopyInput.start(db, sql);
    this.rows = new CopyRows(BUFFER_BYTES, copy::write);
  }

  /** Takes the rows. */
  public CopyRows rows() {
    return rows;
  }

  /** All rows are written; returns how many. */
  public long end() throws SQLException {
    rows.flush();
    return copy.end();
  }

  /** Takes back what was written, unless {@link #end} was reached. Never throws. */
  @Override
  public void close() {
    copy.close();
  }
}
