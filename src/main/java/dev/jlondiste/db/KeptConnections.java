package dev.jlondiste.db;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one connection per database open between transactions. For commands that repeat a short
 * transaction for many tables, where a new connection with its empty catalog caches would cost more
 * than the work itself. Used by one thread only.
 */
public final class KeptConnections implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(KeptConnections.class);

  private final Map<Database, Connection> open = new HashMap<>();

  /** As {@link Database#call}. After a failure the next call opens a new connection. */
  public <T> T call(Database database, SqlWork<T> work) throws SQLException {
    Connection kept = open.remove(database);
    Connection connection = kept == null ? database.open() : kept;
    try {
      T result = work.in(connection);
      connection.commit();
      open.put(database, connection);
      return result;
    } catch (Throwable e) {
      try (connection) { // rolls back; a failure of close() is added to the first one as suppressed
        throw e;
      }
    }
  }

  /** Never throws: all work is committed or rolled back, so a failure to close has no effect. */
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
