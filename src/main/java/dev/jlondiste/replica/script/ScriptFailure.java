package dev.jlondiste.replica.script;

import dev.jlondiste.db.SqlExplanation;
import dev.jlondiste.db.SqlFaults;
import dev.jlondiste.fault.UserError;
import java.sql.SQLException;

/** A statement of a script that the server has refused. */
public final class ScriptFailure extends SQLException {
  private static final long serialVersionUID = 1;

  private final String hint;

  private ScriptFailure(String message, String hint, SQLException cause) {
    super(message, SqlFaults.state(cause), cause);
    this.hint = hint;
  }

  static ScriptFailure of(String script, ScriptStatement statement, SQLException cause) {
    UserError quoted = SqlExplanation.quote(cause);
    int line = statement.lineOf(SqlExplanation.position(cause).orElse(1));
    String message =
        "%s, line %d: %s\nSTATEMENT:  %s"
            .formatted(script, line, quoted.problem(), statement.brief());
    return new ScriptFailure(message, hint(cause, quoted), cause);
  }

  private static String hint(SQLException cause, UserError quoted) {
    return switch (SqlFaults.state(cause)) {
      case "25001" ->
          "a script is one transaction on every node, and this statement needs to be outside of"
              + " one: remove it from the script and run it by hand on each node, for example with"
              + " psql";
      case "55P04" -> "put the statements that use the new value into a second script";
      default -> quoted.hint() == null ? "" : quoted.hint();
    };
  }

  /** What to do about this failure, if the kind of failure says so; otherwise empty. */
  public String hint() {
    return hint;
  }
}
