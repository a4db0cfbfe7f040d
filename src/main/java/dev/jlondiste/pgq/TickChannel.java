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
 * Listens for ticks: our SQL functions and our ticker notify channel {@code pgq_tick} with the name
 * of the queue. Callers must poll, too, because connection poolers drop notifications and other
 * tickers send none. Sets the connection to autocommit and uses it exclusively until closed. Used
 * by one thread only.
 */
public final class TickChannel implements AutoCloseable {
  private static final String CHANNEL = "pgq_tick";

  private final Connection db;
  private final PGConnection channel;

  /**
   * Starts listening.
   *
   * @param db a connection to the queue's database, which may be wrapped by a pool
   */
  public TickChannel(Connection db) throws SQLException {
    this.db = db;
    this.channel = db.unwrap(PGConnection.class);
    db.setAutoCommit(true);
    execute("listen ");
  }

  /** Waits for a tick of the queue; returns false if there is none within {@code atMost}. */
  public boolean await(String queue, Duration atMost) throws SQLException {
    boolean ticked = false;
    for (PGNotification notification : receive(atMost)) {
      ticked |= notification.getParameter().equals(queue);
    }
    return ticked;
  }

  private PGNotification[] receive(Duration atMost) throws SQLException {
    try {
      return channel.getNotifications((int) atMost.toMillis());
    } catch (SQLException e) {
      Conversation.cutUnlessIntact(db, e);
      throw e;
    }
  }

  /** Notifies all listeners that the queue has something to do, although there is no new tick. */
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

  /** Stops listening; the connection stays open unless this fails. */
  @Override
  public void close() throws SQLException {
    try {
      execute("unlisten ");
    } catch (SQLException e) {
      Conversation.abort(
          db); // otherwise the next user of the connection receives the notifications
      throw e;
    }
  }
}
