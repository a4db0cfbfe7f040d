package dev.jlondiste.replica.copy;

import dev.jlondiste.loop.StopSignal;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyOut;

/**
 * Moves rows from one server to another as the bytes of COPY's text format, without keeping them.
 */
final class RowStream {
  private RowStream() {}

  /** What was moved. */
  record Moved(long bytes, long rows) {}

  /** Hears of rows that went through; must not wait. */
  @FunctionalInterface
  interface Watcher {
    void moved(long bytes, long rows);
  }

  /**
   * Moves all rows.
   *
   * @throws InterruptedException when a stop was requested meanwhile; both transactions are then
   *     useless
   */
  static Moved move(
      Connection source,
      String copyOut,
      Connection local,
      String copyIn,
      StopSignal stop,
      Watcher watcher)
      throws SQLException, InterruptedException {
    CopyOut out = source.unwrap(PGConnection.class).getCopyAPI().copyOut(copyOut);
    try {
      CopyIn in = local.unwrap(PGConnection.class).getCopyAPI().copyIn(copyIn);
      try {
        long bytes = 0;
        long rows = 0;
        // The server sends one row per message.
        for (byte[] row = out.readFromCopy(); row != null; row = out.readFromCopy()) {
          in.writeToCopy(row, 0, row.length);
          bytes += row.length;
          rows++;
          if (rows % 1000 == 0) {
            if (stop.isRequested()) {
              throw new InterruptedException("stopped during a copy");
            }
            watcher.moved(bytes, rows);
          }
        }
        in.endCopy();
        return new Moved(bytes, rows);
      } finally {
        if (in.isActive()) {
          in.cancelCopy();
        }
      }
    } finally {
      if (out.isActive()) {
        out.cancelCopy();
      }
    }
  }
}
