package dev.jlondiste.db;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Runs single statements. Stateless; the caller owns the transaction. Strings are sent untyped (all
 * connections have {@code stringtype=unspecified}), so the server infers their type.
 */
public final class Sql {
  private Sql() {}

  /** All rows. */
  public static <T> List<T> list(
      Connection db, String sql, RowReader<T> reader, @Nullable Object... parameters)
      throws SQLException {
    try (PreparedStatement statement = db.prepareStatement(sql)) {
      bind(statement, parameters);
      try (ResultSet rows = statement.executeQuery()) {
        return all(rows, reader);
      }
    }
  }

  /** All rows of a query without parameters, in which a question mark is an operator. */
  public static <T> List<T> plain(Connection db, String sql, RowReader<T> reader)
      throws SQLException {
    try (Statement statement = db.createStatement()) {
      statement.setEscapeProcessing(false);
      try (ResultSet rows = statement.executeQuery(sql)) {
        return all(rows, reader);
      }
    }
  }

  private static <T> List<T> all(ResultSet rows, RowReader<T> reader) throws SQLException {
    List<T> result = new ArrayList<>();
    while (rows.next()) {
      result.add(reader.read(rows));
    }
    return result;
  }

  /** The first row, if there is one. The reader must not return null. */
  public static <T> Optional<T> first(
      Connection db, String sql, RowReader<T> reader, @Nullable Object... parameters)
      throws SQLException {
    List<T> rows = list(db, sql, reader, parameters);
    return rows.isEmpty() ? Optional.empty() : Optional.of(rows.get(0));
  }

  /** The only row; any other number of rows is a bug of the caller. */
  public static <T> T one(
      Connection db, String sql, RowReader<T> reader, @Nullable Object... parameters)
      throws SQLException {
    List<T> rows = list(db, sql, reader, parameters);
    if (rows.size() != 1) {
      throw new IllegalStateException("expected one row, got " + rows.size() + ": " + sql);
    }
    return rows.get(0);
  }

  /** Runs a statement and discards its rows; returns the update count, 0 for a query. */
  public static int run(Connection db, String sql, @Nullable Object... parameters)
      throws SQLException {
    try (PreparedStatement statement = db.prepareStatement(sql)) {
      bind(statement, parameters);
      return statement.execute() ? 0 : Math.max(0, statement.getUpdateCount());
    }
  }

  private static void bind(PreparedStatement statement, @Nullable Object... parameters)
      throws SQLException {
    for (int i = 0; i < parameters.length; i++) {
      if (parameters[i] == null) {
        statement.setNull(i + 1, Types.NULL);
      } else if (parameters[i] instanceof List<?> list) {
        statement.setArray(i + 1, statement.getConnection().createArrayOf("text", list.toArray()));
      } else {
        statement.setObject(i + 1, parameters[i]);
      }
    }
  }
}
