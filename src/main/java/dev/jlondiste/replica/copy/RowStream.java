package dev.jlondiste.replica.copy;

import dev.jlondiste.db.CopyInput;
import dev.jlondiste.db.CopyOutput;
import dev.jlondiste.loop.StopSignal;
import dev.jlondiste.replica.handler.CopiedRows;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Moves rows from one server to another as the bytes that COPY sends. Memory holds one row and the
 * rows collected for the next message: a server sends a message for each row, but receiving larger
 * messages costs less.
 */
final class RowStream {
  private static final int MESSAGE_BYTES = 64 * 1024;

  private final CopyInput in;
  private final CopiedRows rows;
  private final RowCheck check;
  private final StopSignal stop;
  private final Watcher watcher;
  private final byte[] message = new byte[MESSAGE_BYTES];
  private int buffered;
  private long bytes;
  private long messages;

  private RowStream(
      CopyInput in, CopiedRows rows, RowCheck check, StopSignal stop, Watcher watcher) {
    this.in = in;
    this.rows = rows;
    this.check = check;
    this.stop = stop;
    this.watcher = watcher;
  }

  /** The amount that was moved. */
  record Moved(long bytes, long rows) {
    static final Moved NOTHING = new Moved(0, 0);

    Moved plus(Moved other) {
      return new Moved(bytes + other.bytes, rows + other.rows);
    }
  }

  /** Receives the amount moved so far; the number of rows may be one too high. Must not block. */
  @FunctionalInterface
  interface Watcher {
    void moved(Moved soFar);
  }

  /**
   * Moves all rows.
   *
   * @param rows changes each of them before it is checked
   * @throws InterruptedException if a stop was requested meanwhile; the caller must roll back both
   *     transactions
   */
  static Moved move(
      Connection source,
      String copyOut,
      Connection local,
      String copyIn,
      CopiedRows rows,
      RowCheck check,
      StopSignal stop,
      Watcher watcher)
      throws SQLException, InterruptedException {
    try (CopyOutput out = CopyOutput.start(source, copyOut);
        CopyInput in = CopyInput.start(local, copyIn)) {
      return new RowStream(in, rows, check, stop, watcher).moveAll(out);
    }
  }

  private Moved moveAll(CopyOutput out) throws SQLException, InterruptedException {
    for (byte[] sent = out.next(); sent != null; sent = out.next()) {
      byte[] row = rows.change(sent);
      check.check(row);
      messages++;
      bytes += row.length;
      take(row);
    }
    flush();
    return new Moved(bytes, in.end());
  }

  private void take(byte[] row) throws SQLException, InterruptedException {
    if (buffered + row.length > message.length) {
      flush();
    }
    if (row.length > message.length) {
      in.write(row, 0, row.length);
    } else {
      System.arraycopy(row, 0, message, buffered, row.length);
      buffered += row.length;
    }
  }

  private void flush() throws SQLException, InterruptedException {
    if (stop.isRequested()) {
      throw new InterruptedException("stopped during a copy");
    }
    if (buffered > 0) {
      in.write(message, 0, buffered);
      buffered = 0;
      watcher.moved(new Moved(bytes, messages));
    }
  }
}
