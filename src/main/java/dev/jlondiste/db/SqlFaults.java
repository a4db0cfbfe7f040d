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

  /** True when the database code that was called is not installed in that database. */
  public static boolean isUndefinedObject(SQLException e) {
    return UNDEFINED.contains(state(e));
  }

  /** True when the same transaction may well succeed if it is tried again. */
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
   * True when the server has no room for what one transaction or statement does: its lock table
   * (max_locks_per_transaction) or memory is full, a limit of the program or of time is reached. To
   * repeat it as it is may well end in the same way.
   */
  public static boolean isTooLarge(SQLException e) {
    String state = state(e);
    return TOO_LARGE.contains(state) || state.startsWith("54");
  }

  /** True when the session is gone, and with it whatever it was about to do. */
  public static boolean isLostConnection(SQLException e) {
    String state = state(e);
    return state.isEmpty() ? isTransient(e) : state.startsWith("08") || state.startsWith("57P");
  }

  /** The SQLSTATE of the failure, or of what caused it; empty when nobody gives one. */
  public static String state(SQLException e) {
    for (@Nullable Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof SQLException sql && sql.getSQLState() != null) {
        return sql.getSQLState();
      }
    }
    return "";
  }
}
