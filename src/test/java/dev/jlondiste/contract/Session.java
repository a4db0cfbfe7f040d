package dev.jlondiste.contract;

import dev.jlondiste.contract.ContractTest.Answer;
import dev.jlondiste.contract.ContractTest.Failure;
import dev.jlondiste.servers.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLWarning;
import org.postgresql.util.ServerErrorMessage;

/**
 * A session of a test's own: to be in another role, to leave a transaction open, to be two at once.
 * Every call is a transaction until {@link #begin}. Closing rolls back.
 */
public final class Session implements AutoCloseable {
  private final Connection connection;

  public Session(Connection connection) {
    this.connection = connection;
  }

  public Answer ask(String sql, @Nullable Object... parameters) {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      return run(statement, parameters);
    } catch (SQLException e) {
      throw failed(sql, e);
    }
  }

  public List<List<@Nullable String>> rows(String sql, @Nullable Object... parameters) {
    return ask(sql, parameters).rows();
  }

  /** The only row of a query. */
  public List<@Nullable String> row(String sql, @Nullable Object... parameters) {
    List<List<@Nullable String>> rows = rows(sql, parameters);
    if (rows.size() != 1) {
      throw new AssertionError("expected one row, got " + rows + "\n  of: " + sql);
    }
    return rows.get(0);
  }

  /** The first column of a query. */
  public List<@Nullable String> column(String sql, @Nullable Object... parameters) {
    List<@Nullable String> values = new ArrayList<>();
    rows(sql, parameters).forEach(row -> values.add(row.get(0)));
    return values;
  }

  /** The first value of a query's only row. */
  public @Nullable String value(String sql, @Nullable Object... parameters) {
    return row(sql, parameters).get(0);
  }

  public long number(String sql, @Nullable Object... parameters) {
    String value = value(sql, parameters);
    if (value == null) {
      throw new AssertionError("null instead of a number\n  of: " + sql);
    }
    return Long.parseLong(value);
  }

  /** Runs a query that has to fail; an open transaction is then to be rolled back. */
  public Failure failure(String sql, @Nullable Object... parameters) {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      Answer answer = run(statement, parameters);
      throw new AssertionError("no error, but " + answer.rows() + "\n  of: " + sql);
    } catch (SQLException e) {
      ServerErrorMessage error = e instanceof PSQLException p ? p.getServerErrorMessage() : null;
      if (error == null) {
        throw failed(sql, e);
      }
      return new Failure(
          error.getSQLState(), error.getMessage(), error.getDetail(), error.getHint());
    }
  }

  /** Runs statements, separated by semicolons, in one transaction. */
  public void execute(String sql) {
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(sql);
    } catch (SQLException e) {
      throw failed(sql, e);
    }
  }

  public Session begin() {
    return then(() -> connection.setAutoCommit(false));
  }

  public Session commit() {
    return then(connection::commit);
  }

  public Session rollback() {
    return then(connection::rollback);
  }

  /** From here on with the rights of that role alone. */
  public Session as(String role) {
    ask("set role " + role);
    return this;
  }

  /**
   * Returns when the server has released all locks of the session: closing a connection does not
   * wait for that.
   */
  @Override
  public void close() {
    then(
        () -> {
          try (connection) {
            if (!connection.getAutoCommit()) {
              connection.rollback();
            }
          }
        });
  }

  private static Answer run(PreparedStatement statement, @Nullable Object... parameters)
      throws SQLException {
    for (int i = 0; i < parameters.length; i++) {
      statement.setObject(i + 1, parameters[i]);
    }
    List<List<@Nullable String>> rows = List.of();
    if (statement.execute()) {
      try (ResultSet result = statement.getResultSet()) {
        rows = TestDatabase.read(result);
      }
    }
    List<String> warnings = new ArrayList<>();
    for (SQLWarning w = statement.getWarnings(); w != null; w = w.getNextWarning()) {
      if (w instanceof PSQLWarning warning) {
        ServerErrorMessage text = warning.getServerErrorMessage();
        warnings.add(text.getSeverity() + ": " + text.getMessage());
      }
    }
    return new Answer(rows, warnings);
  }

  private interface Step {
    void run() throws SQLException;
  }

  private Session then(Step step) {
    try {
      step.run();
    } catch (SQLException e) {
      throw failed("transaction control", e);
    }
    return this;
  }

  private static AssertionError failed(String sql, SQLException e) {
    return new AssertionError(e.getMessage() + "\n  in: " + sql, e);
  }
}
