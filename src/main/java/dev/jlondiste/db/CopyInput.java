package dev.jlondiste.db;

import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes rows by {@code COPY … FROM STDIN}. The connection cannot be used otherwise until {@link
 * #end} or {@link #close}. A COPY that is closed before its end is aborted with CopyFail and the
 * server's answer is read; if that fails, the connection is closed, see {@link Conversation}. Used
 * by one thread only.
 */
public final class CopyInput implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(CopyInput.class);

  private enum State {
    WRITING,
    ENDED,
    /** A message was sent in part, or the server's answer was not read. */
    LOST
  }

  private final Connection db;
  private final CopyIn copy;
  private State state = State.WRITING;

  private CopyInput(Connection db, CopyIn copy) {
    this.db = db;
    this.copy = copy;
  }

  /** Starts {@code sql}, a {@code COPY … FROM STDIN}. */
  public static CopyInput start(Connection db, String sql) throws SQLException {
    Conversation.markUsed(db);
    try {
      return new CopyInput(db, db.unwrap(PGConnection.class).getCopyAPI().copyIn(sql));
    } catch (Throwable e) {
      Conversation.cutUnlessIntact(db, e);
      throw e;
    }
  }

  /** Writes {@code length} bytes, from {@code start}. */
  public void write(byte[] bytes, int start, int length) throws SQLException {
    State before = state;
    state = State.LOST; // until all of it is sent
    copy.writeToCopy(bytes, start, length);
    state = before;
  }

  /** Ends the COPY and returns the number of rows. */
  public long end() throws SQLException {
    state = State.LOST;
    try {
      long rows = copy.endCopy();
      state = State.ENDED;
      return rows;
    } catch (SQLException e) {
      state = Conversation.isIntact(e) ? State.ENDED : State.LOST;
      throw e;
    }
  }

  /**
   * Aborts the COPY, and with it the transaction, unless {@link #end} was called. Leaves the
   * connection without an unread answer, or closed. Never throws.
   */
  @Override
  public void close() {
    if (state == State.WRITING) {
      abort();
    }
    if (state == State.LOST) {
      Conversation.abort(db);
      state = State.ENDED;
    }
  }

  private void abort() {
    state = State.LOST;
    try {
      copy.cancelCopy(); // in this direction the driver reads the answer
      state = State.ENDED;
    } catch (SQLException e) {
      log.debug("aborting a COPY: {}", e.getMessage());
    }
  }
}
