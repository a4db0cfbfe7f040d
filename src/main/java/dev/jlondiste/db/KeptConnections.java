package dev.jlondiste.db;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/**
 * Keeps a connection per database between transactions: for commands that do the same for each of
 * many tables, where connecting, and a new server process that knows nothing yet, would cost more
 * than the work. Used by one thread only.
 */
public final class KeptConnections implements AutoCloseable {
  private final Map<Database, Connection> open = new HashMap<>();

  /** As {@link Database#call}. After a failure the next call connects anew. */
  public <T> T call(Database database, SqlWork<T> work) throws SQLException {
    Connection connection = open.remove(database);
    if (connection == null) {
      connection = database.open();
    }
    boolean done = false;
    try {
      T result = work.in(connection);
      connection.commit();
      done = true;
      open.put(database, connection);
      return result;
    } finally {
      if (!done) {
        connection.close(); // and rolls back
      }
    }
  }

  @Override
  public void close() throws SQLException {
    SQLException failure = null;
    for (Connection connection : open.values()) {
      try {
        connection.close();
      } catch (SQLException e) {
        failure = e;
      }
    }
    open.clear();
    if (failure != null) {
      throw failure;
    }
  }
}
