package dev.jlondiste.db;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Writes rows by {@code COPY … FROM STDIN} in text format and sends them in buffers of 64 kB. The
 * connection cannot be used otherwise until {@link #end} or {@link #close}. Used by one thread
 * only.
 */
public final class CopyText implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;

  private final CopyInput copy;
  private final CopyRows rows;

  /** Starts {@code sql}, a {@code COPY … FROM STDIN} in text format. */
  public CopyText(Connection db, String sql) throws SQLException {
    this.copy = CopyInput.start(db, sql);
    this.rows = new CopyRows(BUFFER_BYTES, copy::write);
  }

  /** Encodes and sends the rows. */
  public CopyRows rows() {
    return rows;
  }

  /** Ends the COPY and returns the number of rows. */
  public long end() throws SQLException {
    rows.flush();
    return copy.end();
  }

  /** Aborts the COPY unless {@link #end} was called. Never throws. */
  @Override
  public void close() {
    copy.close();
  }
}
