package dev.jlondiste.differential;

import dev.jlondiste.differential.Answer.Failure;
import dev.jlondiste.servers.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** One of the two databases, with its sessions. */
final class Side implements AutoCloseable {
  /**
   * A session that has to wait for a lock would wait for another session of the same sequence,
   * which does nothing meanwhile. It therefore fails at once, on both sides.
   */
  private static final String SETTINGS =
      "set lock_timeout = '20ms'; set client_min_messages = warning; set timezone = 'UTC';"
          // The original writes names in definitions as the caller's path has them, ours in full.
          + " set search_path = pg_catalog";

  private static final int OUTSIDE = -1;
  private static final Set<String> ENDS = Set.of("commit", "rollback");

  private final TestDatabase database;
  private final Map<Integer, Connection> sessions = new HashMap<>();

  /** Session to the first step of its open transaction. */
  private final Map<Integer, Integer> begun = new HashMap<>();

  private Transactions transactions = new Transactions();
  private Reading reading = new Reading(transactions);

  Side(TestDatabase database) {
    this.database = database;
  }

  Transactions transactions() {
    return transactions;
  }

  Answer perform(Step step, int number) {
    try {
      Connection session = session(step.session());
      if (step.kind() == Step.Kind.CONTROL) {
        return control(session, step);
      } else if (step.session() == Step.ALONE) {
        return alone(session, step, number);
      }
      return inTransaction(session, step, number);
    } catch (SQLException e) {
      throw new IllegalStateException(database + ": " + e.getMessage() + "\n  in: " + step, e);
    }
  }

  /** Outside of the sequence. */
  Answer look(String sql) {
    return perform(Step.alone(sql), OUTSIDE);
  }

  /** A failure here ends the transaction: no later step could continue it. */
  private Answer control(Connection session, Step step) throws SQLException {
    Answer answer = run(session, step.sql());
    if (answer.error() != null) {
      session.rollback();
    }
    if (answer.error() != null || ENDS.contains(step.sql())) {
      begun.remove(step.session());
    }
    return answer;
  }

  private Answer alone(Connection session, Step step, int number) throws SQLException {
    Answer answer = statement(session, step);
    if (answer.error() == null) {
      remember(session, number);
      Answer commit = run(session, "commit");
      if (commit.error() != null) {
        answer = commit;
      }
    }
    session.rollback();
    return answer;
  }

  private Answer inTransaction(Connection session, Step step, int number) throws SQLException {
    run(session, "savepoint step");
    Answer answer = statement(session, step);
    run(session, answer.error() == null ? "release savepoint step" : "rollback to savepoint step");
    remember(session, begun.computeIfAbsent(step.session(), missing -> number));
    return answer;
  }

  private Answer statement(Connection session, Step step) throws SQLException {
    if (step.kind() != Step.Kind.RUN_ANSWER) {
      return run(session, step.sql());
    }
    Answer text = run(session, step.sql());
    if (text.error() != null || text.rows().isEmpty()) {
      return text;
    }
    String sql = text.rows().get(0).get(0).text();
    return sql == null || sql.isEmpty() ? text : run(session, sql);
  }

  private void remember(Connection session, int number) throws SQLException {
    try (Statement statement = session.createStatement();
        ResultSet result = statement.executeQuery("select txid_current_if_assigned()")) {
      result.next();
      long id = result.getLong(1);
      if (!result.wasNull() && number != OUTSIDE) {
        transactions.add(id, number);
      }
    }
  }

  private Answer run(Connection session, String sql) throws SQLException {
    try (Statement statement = session.createStatement()) {
      statement.setEscapeProcessing(false);
      try {
        if (statement.execute(sql)) {
          try (ResultSet result = statement.getResultSet()) {
            return reading.read(result, warnings(statement));
          }
        }
        return new Answer(List.of(), List.of(), warnings(statement), null);
      } catch (PSQLException e) {
        ServerErrorMessage error = e.getServerErrorMessage();
        if (error == null) {
          throw e;
        }
        return Answer.of(
            new Failure("" + error.getSQLState(), "" + error.getMessage()), warnings(statement));
      }
    }
  }

  private static List<String> warnings(Statement statement) throws SQLException {
    List<String> warnings = new ArrayList<>();
    for (SQLWarning w = statement.getWarnings(); w != null; w = w.getNextWarning()) {
      warnings.add(w.getMessage());
    }
    return warnings;
  }

  private Connection session(int number) throws SQLException {
    Connection existing = sessions.get(number);
    if (existing == null) {
      // Simple mode: a step of several statements is one message, and settings of the driver's
      // concern may change within it.
      existing =
          DriverManager.getConnection(
              database.jdbcUrl() + "&preferQueryMode=simple&allowEncodingChanges=true");
      existing.setAutoCommit(true);
      run(existing, SETTINGS);
      existing.setAutoCommit(false);
      sessions.put(number, existing);
    }
    return existing;
  }

  /** Ends the transactions that are still open. */
  void rollBackAll() {
    try {
      for (Connection session : sessions.values()) {
        session.rollback();
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Makes the database as it was, by SQL: it is ten times faster than a new one. */
  void refresh(String sql) {
    rollBackAll();
    begun.clear();
    transactions = new Transactions();
    reading = new Reading(transactions);
    Answer answer = look(sql + ";" + SETTINGS);
    if (answer.error() != null) {
      throw new IllegalStateException(database + ": " + answer + "\n  in: " + sql);
    }
  }

  @Override
  public void close() {
    try {
      for (Connection session : sessions.values()) {
        session.close();
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    } finally {
      database.close();
    }
  }
}
