package dev.jlondiste.bench;

import dev.jlondiste.servers.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

/** Asks one question again and again, in a session that stays, by a prepared statement. */
final class Probe implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(60);

  private final Connection connection;
  private final PreparedStatement question;

  Probe(TestDatabase database, String sql) throws SQLException {
    connection = database.connect();
    question = connection.prepareStatement(sql);
  }

  /** Returns when the answer is yes. */
  static void await(String what, TestDatabase database, String question) {
    try (Probe probe = new Probe(database, question)) {
      Pause.until(what, Pause.FINE, PATIENCE, probe::holds);
    } catch (Exception e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  boolean holds() throws SQLException {
    try (ResultSet answer = question.executeQuery()) {
      return answer.next() && answer.getBoolean(1);
    }
  }

  long number() throws SQLException {
    try (ResultSet answer = question.executeQuery()) {
      answer.next();
      return answer.getLong(1);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
