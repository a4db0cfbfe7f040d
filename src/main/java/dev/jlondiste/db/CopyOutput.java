package dev.jlondiste.db;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * Reads rows by {@code COPY … TO STDOUT}, one message at a time. The connection cannot be used
 * otherwise until the end is read or {@link #close} is called. If the rest of a closed COPY has
 * arrived already, it is read and discarded; otherwise the connection is cut, see {@link
 * Conversation}. Used by one thread at a time.
 */
public final class CopyOutput implements AutoCloseable {
  /** Maximum size of a rest that {@link #close} reads and discards, in bytes. */
  private static final long MAX_REST_BYTES = 1 << 20;

  private enum State {
    READING,
    ENDED,
    /** The driver stopped within a message. */
    LOST
  }

  private final Connection db;
  private final CopyOut copy;
  private State state = State.READING;

  private CopyOutput(Connection db, CopyOut copy) {
    this.db = db;
    this.copy = copy;
  }

  /** Starts {@code sql}, a {@code COPY … TO STDOUT}. */
  public static CopyOutput start(Connection db, String sql) throws SQLException {
    Conversation.markUsed(db);
    try {
      return new CopyOutput(db, db.unwrap(PGConnection.class).getCopyAPI().copyOut(sql));
    } catch (Throwable e) {
      Conversation.cutUnlessIntact(db, e);
      throw e;
    }
  }

  /** The next message of the server; null after the last. */
  public byte @Nullable [] next() throws SQLException {
    return read(true);
  }

  private byte @Nullable [] read(boolean wait) throws SQLException {
    if (state == State.ENDED) {
      return null;
    }
    State before = state;
    state = State.LOST; // until the driver returns, whatever it throws
    try {
      byte[] message = copy.readFromCopy(wait);
      state = copy.isActive() ? before : State.ENDED;
      return message;
    } catch (SQLException e) {
      if (!copy.isActive() && Conversation.isIntact(e)) {
        state = State.ENDED;
      }
      throw e;
    }
  }

  /** Leaves the connection without an unread answer, or closed. Never throws. */
  @Override
  public void close() {
    if (state == State.READING) {
      readRest();
    }
    switch (state) {
      case READING -> Conversation.cut(db);
      case LOST -> Conversation.abort(db);
      case ENDED -> {}
    }
    state = State.ENDED;
  }

  /**
   * A short COPY has usually arrived completely with its first row, so the connection can be kept.
   */
  private void readRest() {
    try {
      long bytes = 0;
      for (byte[] rest = read(false); rest != null; rest = read(false)) {
        bytes += rest.length;
        if (bytes > MAX_REST_BYTES) {
          return;
        }
      }
    } catch (SQLException e) {
      // The COPY ended with this error, or the connection is lost: close() checks the state.
    }
  }
}
