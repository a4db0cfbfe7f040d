package dev.jlondiste.qadmin;

import dev.jlondiste.config.Spelling;
import dev.jlondiste.db.SqlExplanation;
import dev.jlondiste.db.SqlFaults;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.qadmin.ResultTable.Column;
import java.io.PrintStream;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLWarning;
import org.postgresql.util.ServerErrorMessage;

/** Sends statements that are not commands to the server, unchanged. */
final class SqlRunner {
  private static final Set<Integer> NUMBERS =
      Set.of(
          Types.SMALLINT,
          Types.INTEGER,
          Types.BIGINT,
          Types.NUMERIC,
          Types.DECIMAL,
          Types.REAL,
          Types.FLOAT,
          Types.DOUBLE);

  private static final Set<String> COUNTED = Set.of("INSERT", "UPDATE", "DELETE", "MERGE", "WITH");
  private static final Set<String> UNRECOGNIZED =
      Set.of(
          "42601", // syntax error
          "42704"); // unknown setting in SHOW

  private final QadminSession session;
  private final PrintStream out;
  private final PrintStream err;

  SqlRunner(QadminSession session, PrintStream out, PrintStream err) {
    this.session = session;
    this.out = out;
    this.err = err;
  }

  /** Prints the rows, or the command tag of the statement; throws {@link UserError} if it fails. */
  void run(Statement statement) throws SQLException {
    try (java.sql.Statement jdbc = session.database().connection().createStatement()) {
      jdbc.setEscapeProcessing(false);
      boolean rows;
      try {
        rows = jdbc.execute(statement.text());
      } catch (SQLException e) {
        throw explained(e, statement);
      }
      warn(jdbc.getWarnings());
      if (rows) {
        print(jdbc.getResultSet());
      } else {
        String verb = statement.word(0).toUpperCase(Locale.ROOT);
        out.println(COUNTED.contains(verb) ? verb + " " + jdbc.getUpdateCount() : verb);
      }
    }
  }

  private void warn(@Nullable SQLWarning first) {
    for (SQLWarning warning = first; warning != null; warning = warning.getNextWarning()) {
      ServerErrorMessage server =
          warning instanceof PSQLWarning driver ? driver.getServerErrorMessage() : null;
      String severity = server == null ? "WARNING" : String.valueOf(server.getSeverity());
      err.println(severity + ":  " + warning.getMessage());
    }
  }

  private void print(ResultSet result) throws SQLException {
    ResultSetMetaData meta = result.getMetaData();
    List<Column> columns = new ArrayList<>();
    for (int i = 1; i <= meta.getColumnCount(); i++) {
      columns.add(new Column(meta.getColumnLabel(i), NUMBERS.contains(meta.getColumnType(i))));
    }
    List<List<@Nullable String>> rows = new ArrayList<>();
    while (result.next()) {
      List<@Nullable String> row = new ArrayList<>();
      for (int i = 1; i <= columns.size(); i++) {
        row.add(result.getString(i));
      }
      rows.add(row);
    }
    ResultTable.print(out, columns, rows);
  }

  /** Converts an error in the statement; throws {@code e} if the connection is lost. */
  private static UserError explained(SQLException e, Statement statement) throws SQLException {
    String state = SqlFaults.state(e);
    if (state.isEmpty() || state.startsWith("08")) {
      throw e;
    }
    UserError quoted = SqlExplanation.quote(e);
    StringBuilder problem = new StringBuilder(quoted.problem());
    SqlExplanation.position(e)
        .ifPresent(position -> problem.append('\n').append(pointAt(statement, position)));
    Optional<String> suggestion =
        UNRECOGNIZED.contains(state) ? CommandParser.nearestCommand(statement) : Optional.empty();
    String hint =
        suggestion
            .map(near -> Spelling.question(near) + " Run 'show help;' for the list of commands")
            .orElse(quoted.hint());
    return new UserError(problem.toString(), hint, e);
  }

  /** The server counts characters; Java strings count UTF-16 code units. */
  private static String pointAt(Statement statement, int position) {
    String text = statement.text();
    int characters = Math.min(position - 1, text.codePointCount(0, text.length()));
    return statement.pointAt(text.offsetByCodePoints(0, characters));
  }
}
