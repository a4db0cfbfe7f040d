package dev.jlondiste.db;

import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes rows by {@code COPY … FROM STDIN}. Nothing else can be done on the connection until {@link
 * #end} or {@link #close}. A COPY that is closed before its end is refused to the server, whose
 * answer is read; if that fails, the connection is cut, see {@link Conversation}. Used by one
 * thread only.
 */
public final class CopyInput implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(CopyInput.class);

  private enum State {
    WRITING,
    ENDED,
    /** The server cannot know where the next message begins, or its answer was not read. */
    LOST
  }

  private final Connection db;
  private final CopyIn copy;
  private State state = State.WRITING;

  private CopyInput(Connection db, CopyIn copy) {
    this.db = db;
    this.copy = copy;
  }

  /** Starts {@code sql}, which copies from stdin. */
  public static CopyInput start(Connection db, String sql) throws SQLException {
    Conversation.announce(db);
    try {
      return new CopyInput(db, db.unwrap(PGConnection.class).getCopyAPI().copyIn(sql));
    } catch (Throwable e) {
      Conversation.cutUnlessIntact(db, e);
      throw e;
    }
  }

  /** The next {@code length} bytes, from {@code start}. */
  public void write(byte[] bytes, int start, int length) throws SQLException {
    State before = state;
    state = State.LOST; // until all of it is sent
    copy.writeToCopy(bytes, start, length);
    state = before;
  }

  /** All is written; returns the number of rows. */
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
   * Takes back what was written, unless {@link #end} was reached; the transaction has then failed.
   * Leaves the connection without an unread answer, or closed. Never throws.
   */
  @Override
  public void close() {
    if (state == State.WRITING) {
      refuse();
    }
    if (state == State.LOST) {
      Conversation.abort(db);
      state = State.ENDED;
    }
  }

  private void refuse() {
    state = State.LOST;
    try {
      copy.cancelCopy(); // in this direction it reads the answer
      state = State.ENDED;
    } catch (SQLException e) {
      log.debug("taking back a copy: {}", e.getMessage());
    }
  }
}
