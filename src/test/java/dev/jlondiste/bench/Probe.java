package dev.jlondiste.bench;

import dev.jlondiste.servers.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

/** Repeats a query in one session, with a prepared statement. */
final class Probe implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofMinutes(60);

  private final Connection connection;
  private final PreparedStatement query;

  Probe(TestDatabase database, String sql) throws SQLException {
    connection = database.connect();
    query = connection.prepareStatement(sql);
  }

  /** Waits until the query returns true. */
  static void await(String what, TestDatabase database, String query) {
    try (Probe probe = new Probe(database, query)) {
      Pause.until(what, Pause.FINE, TIMEOUT, probe::holds);
    } catch (Exception e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  boolean holds() throws SQLException {
    try (ResultSet answer = query.executeQuery()) {
      return answer.next() && answer.getBoolean(1);
    }
  }

  long number() throws SQLException {
    try (ResultSet answer = query.executeQuery()) {
      answer.next();
      return answer.getLong(1);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
