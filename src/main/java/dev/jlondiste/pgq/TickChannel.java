package dev.jlondiste.pgq;

import dev.jlondiste.db.Conversation;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Hears of ticks: our SQL and our ticker notify channel {@code pgq_tick} with the queue's name.
 * Only a hint, because connection poolers drop notifications and other tickers send none. Puts the
 * connection into autocommit and needs it for itself until closed. Used by one thread only.
 */
public final class TickChannel implements AutoCloseable {
  private static final String CHANNEL = "pgq_tick";

  private final Connection db;
  private final PGConnection channel;

  /**
   * Starts to listen.
   *
   * @param db a connection to the queue's database, or a pool's wrapper of one
   */
  public TickChannel(Connection db) throws SQLException {
    this.db = db;
    this.channel = db.unwrap(PGConnection.class);
    db.setAutoCommit(true);
    execute("listen ");
  }

  /** Waits until the queue has ticked, at most so long; true when it has. */
  public boolean await(String queue, Duration atMost) throws SQLException {
    boolean ticked = false;
    for (PGNotification heard : hear(atMost)) {
      ticked |= heard.getParameter().equals(queue);
    }
    return ticked;
  }

  private PGNotification[] hear(Duration atMost) throws SQLException {
    try {
      return channel.getNotifications((int) atMost.toMillis());
    } catch (SQLException e) {
      Conversation.cutUnlessIntact(db, e);
      throw e;
    }
  }

  /** Has everybody look who listens: there is something to do, though no tick was made. */
  public static void ring(Connection db, String queue) throws SQLException {
    try (PreparedStatement statement = db.prepareStatement("select pg_notify(?, ?)")) {
      statement.setString(1, CHANNEL);
      statement.setString(2, queue);
      statement.execute();
    }
  }

  private void execute(String verb) throws SQLException {
    try (Statement statement = db.createStatement()) {
      statement.execute(verb + CHANNEL);
    }
  }

  /** Stops to listen; the connection stays open unless that fails. */
  @Override
  public void close() throws SQLException {
    try {
      execute("unlisten ");
    } catch (SQLException e) {
      Conversation.abort(db); // its next user would get the notifications
      throw e;
    }
  }
}
