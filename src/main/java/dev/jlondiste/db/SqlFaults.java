package dev.jlondiste.db;

import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a SQLSTATE means for a program: whether to try again. */
public final class SqlFaults {
  private static final Set<String> TRANSIENT =
      Set.of(
          "57014", // cancelled, or a statement timeout
          "57P01", // server is shutting down
          "57P02", "57P03", // server is starting up
          "57P05", // idle session timeout
          "25P03", // idle in transaction timeout
          "25P04", // transaction timeout
          "40001", // serialization failure
          "40P01", // deadlock
          "40003", // lost reply to a commit
          "55P03"); // lock timeout

  private static final Set<String> TOO_LARGE =
      Set.of(
          "53200", // out of memory, also of shared memory: the lock table
          "57014", // cancelled, or a statement timeout
          "25P04"); // transaction timeout

  /** Undefined schema, table or function. */
  private static final Set<String> UNDEFINED = Set.of("3F000", "42P01", "42883");

  private SqlFaults() {}

  /** True if the called database code is not installed in that database. */
  public static boolean isUndefinedObject(SQLException e) {
    return UNDEFINED.contains(state(e));
  }

  /** True if the same transaction can succeed when it is repeated. */
  public static boolean isTransient(SQLException e) {
    String state = state(e);
    if (state.isEmpty()) {
      return e instanceof SQLTransientException
          || e instanceof SQLRecoverableException
          || e.getCause() instanceof IOException;
    }
    return state.startsWith("08") || state.startsWith("53") || TRANSIENT.contains(state);
  }

  /**
   * True if the transaction or statement is too large for the server: its lock table
   * (max_locks_per_transaction) or memory is exhausted, or a program limit or a timeout is reached.
   * Without a change a repetition is likely to fail, too.
   */
  public static boolean isTooLarge(SQLException e) {
    String state = state(e);
    return TOO_LARGE.contains(state) || state.startsWith("54");
  }

  /** True if the session has ended, and its transaction with it. */
  public static boolean isLostConnection(SQLException e) {
    String state = state(e);
    return state.isEmpty() ? isTransient(e) : state.startsWith("08") || state.startsWith("57P");
  }

  /** The SQLSTATE of the failure, or else of its cause; empty if there is none. */
  public static String state(SQLException e) {
    for (@Nullable Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof SQLException sql && sql.getSQLState() != null) {
        return sql.getSQLState();
      }
    }
    return "";
  }
}
