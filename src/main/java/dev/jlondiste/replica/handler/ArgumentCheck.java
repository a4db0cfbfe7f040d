package dev.jlondiste.replica.handler;

import dev.jlondiste.db.Quoting;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.SqlFaults;
import dev.jlondiste.fault.UserError;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Checks the values of arguments that only a database can judge, before they are stored: functions,
 * intervals and columns. Without it the worker would fail at the first event.
 */
public final class ArgumentCheck {
  private static final String NAME = "jlondiste_argument";

  private ArgumentCheck() {}

  /**
   * Checks the arguments of a table. Functions are called on nodes that apply events, so those of a
   * root need not exist.
   *
   * @param local this node's database; in a transaction, which is aborted if a value is not valid
   * @throws UserError if a value is not valid here
   */
  public static void run(Connection local, TriggerPlace place, HandlerContext context)
      throws SQLException {
    if (place.root() && place.tableExists()) {
      LocalColumns columns = LocalColumns.read(local, context.destination());
      requireColumns(context, columns.names(), context.destination().full());
    }
    for (HandlerArgument argument : context.description().arguments()) {
      Optional<String> value = given(context, argument);
      if (value.isEmpty()) {
        continue;
      }
      if (argument.type() == HandlerArgument.Type.INTERVAL) {
        parse(
            local,
            argument,
            value.get(),
            "select %s::interval".formatted(Quoting.literal(value.get())),
            "an interval of PostgreSQL, such as '30 days'");
      } else if (!argument.parameters().isEmpty() && !place.root()) {
        parse(
            local,
            argument,
            value.get(),
            argument.parameters().stream()
                .map(type -> "null::" + type)
                .collect(Collectors.joining(", ", "select " + value.get() + "(", ")")),
            "create function %s(%s) on this node first"
                .formatted(value.get(), String.join(", ", argument.parameters())));
      }
    }
  }

  /**
   * Checks that columns exist that arguments name.
   *
   * @param columns the columns of the table that rows come from
   * @param table which table that is
   * @throws UserError if one does not exist
   */
  static void requireColumns(HandlerContext context, Collection<String> columns, String table) {
    for (HandlerArgument argument : context.description().arguments()) {
      Optional<String> value = given(context, argument);
      if (argument.type() == HandlerArgument.Type.COLUMN
          && value.isPresent()
          && !columns.contains(value.get())) {
        throw new UserError(
            "handler argument %s=%s: table %s has no such column"
                .formatted(argument.name(), value.get(), table),
            "its columns: " + String.join(", ", columns));
      }
    }
  }

  private static Optional<String> given(HandlerContext context, HandlerArgument argument) {
    return Optional.ofNullable(context.description().value(context.arguments(), argument.name()));
  }

  /** The server parses the statement, and executes nothing. */
  private static void parse(
      Connection local, HandlerArgument argument, String value, String sql, String hint)
      throws SQLException {
    try {
      Sql.run(local, "prepare " + NAME + " as " + sql);
    } catch (SQLException e) {
      if (SqlFaults.isLostConnection(e)) {
        throw e;
      }
      throw new UserError(
          "handler argument %s=%s: %s".formatted(argument.name(), value, firstLine(e)), hint, e);
    }
    Sql.run(local, "deallocate " + NAME);
  }

  /** Without the position in the statement. */
  private static String firstLine(SQLException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
