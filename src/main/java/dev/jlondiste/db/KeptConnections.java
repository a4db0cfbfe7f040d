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
    Connection kept = open.remove(database);
    Connection connection = kept == null ? database.open() : kept;
    try {
      T result = work.in(connection);
      connection.commit();
      open.put(database, connection);
      return result;
    } catch (Throwable e) {
      try (connection) { // rolls back; what went wrong first is what is thrown
        throw e;
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
