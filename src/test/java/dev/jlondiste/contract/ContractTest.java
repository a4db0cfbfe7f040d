package dev.jlondiste.contract;

import dev.jlondiste.servers.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * A test of one SQL function, on each {@link Installation}. All tests of a class share a database,
 * so each takes queues and tables of its own names.
 */
@ParameterizedClass(name = "{0}")
@EnumSource
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ContractTest {
  @Parameter private @Nullable Installation parameter;

  private @Nullable TestDatabase database;

  protected Installation installation() {
    return Objects.requireNonNull(parameter);
  }

  /** Every call is a transaction of its own, so ticks see what was done before. */
  protected TestDatabase db() {
    TestDatabase existing = database;
    if (existing == null) {
      existing = installation().createDatabase();
      database = existing;
    }
    return existing;
  }

  @AfterParameterizedClassInvocation
  void dropDatabase() {
    if (database != null) {
      database.close();
      database = null;
    }
  }

  /**
   * What came of a query.
   *
   * @param rows its values, as the server writes them
   * @param warnings texts of all notices and warnings, each after its severity: {@code "WARNING:
   *     batch 1 not found"}
   */
  public record Answer(List<List<@Nullable String>> rows, List<String> warnings) {}

  /**
   * An error of the server.
   *
   * @param state SQLSTATE
   */
  public record Failure(
      String state, String message, @Nullable String detail, @Nullable String hint) {}

  /** A further session; the caller closes it. */
  protected Session open() {
    try {
      return new Session(db().connect());
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** Runs a query that may warn. */
  protected Answer ask(String sql, @Nullable Object... parameters) {
    try (Connection connection = db().connect();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      return run(statement, parameters);
    } catch (SQLException e) {
      throw new AssertionError(e.getMessage() + "\n  in: " + sql, e);
    }
  }

  /** Runs a query that has to fail; nothing of it stays. */
  protected Failure failure(String sql, @Nullable Object... parameters) {
    try (Connection connection = db().connect()) {
      return failureOn(connection, sql, parameters);
    } catch (SQLException e) {
      throw new AssertionError(e.getMessage() + "\n  in: " + sql, e);
    }
  }

  /** As {@link #failure}, in a session of the caller's. */
  protected static Failure failureOn(
      Connection connection, String sql, @Nullable Object... parameters) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      Answer answer = run(statement, parameters);
      throw new AssertionError("no error, but " + answer.rows() + "\n  of: " + sql);
    } catch (PSQLException e) {
      ServerErrorMessage error = e.getServerErrorMessage();
      if (error == null) {
        throw e;
      }
      return new Failure(
          error.getSQLState(), error.getMessage(), error.getDetail(), error.getHint());
    }
  }

  static Answer run(PreparedStatement statement, @Nullable Object... parameters)
      throws SQLException {
    for (int i = 0; i < parameters.length; i++) {
      statement.setObject(i + 1, parameters[i]);
    }
    List<List<@Nullable String>> rows = new ArrayList<>();
    if (statement.execute()) {
      try (ResultSet result = statement.getResultSet()) {
        int columns = result.getMetaData().getColumnCount();
        while (result.next()) {
          List<@Nullable String> row = new ArrayList<>();
          for (int i = 1; i <= columns; i++) {
            row.add(result.getString(i));
          }
          rows.add(row);
        }
      }
    }
    List<String> warnings = new ArrayList<>();
    for (SQLWarning w = statement.getWarnings(); w != null; w = w.getNextWarning()) {
      if (w instanceof org.postgresql.util.PSQLWarning warning) {
        ServerErrorMessage text = warning.getServerErrorMessage();
        warnings.add(text.getSeverity() + ": " + text.getMessage());
      }
    }
    return new Answer(rows, warnings);
  }
}
