package dev.jlondiste.db;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a connection per database between transactions: for commands that do the same for each of
 * many tables, where connecting, and a new server process that knows nothing yet, would cost more
 * than the work. Used by one thread only.
 */
public final class KeptConnections implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(KeptConnections.class);

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

  /** All work was committed or undone: a connection that cannot be closed does no harm any more. */
  @Override
  public void close() {
    for (Connection connection : open.values()) {
      try {
        connection.close();
      } catch (SQLException e) {
        log.debug("closing a connection: {}", e.getMessage());
      }
    }
    open.clear();
  }
}
