package dev.jlondiste.cascade;

import dev.jlondiste.db.SqlFaults;
import java.sql.SQLException;
import java.util.Set;

/** A way in which a batch fails, and the failures that may be reported for it. */
enum Cut {
  WRONG_ROW,
  HANDLER,
  INTERRUPT,
  COMMIT,
  CANCEL_PROVIDER,
  CANCEL_LEAF,
  TERMINATE_PROVIDER,
  TERMINATE_LEAF,
  CANCEL_PROVIDER_SOMETIME,
  CANCEL_LEAF_SOMETIME,
  TERMINATE_PROVIDER_SOMETIME,
  TERMINATE_LEAF_SOMETIME;

  /** The exception that the handler throws. */
  static final String THROWN = "thrown by the test's handler";

  private static final Set<String> TERMINATED = Set.of("57P01", "08006", "08003", "08000");

  /** At any moment, not at an event. */
  boolean isTimed() {
    return name().endsWith("_SOMETIME");
  }

  boolean isTermination() {
    return name().startsWith("TERMINATE");
  }

  /**
   * Whether the failure is the expected one, and not the result of reading the reply to another
   * query.
   *
   * @param key of the row that is wrong on the leaf
   */
  boolean explains(Throwable failure, int key) {
    String text = String.valueOf(failure.getMessage());
    String state = failure instanceof SQLException e ? SqlFaults.state(e) : "";
    return switch (this) {
      case WRONG_ROW -> state.equals("23505") && text.contains("(" + key + ")");
      case HANDLER -> text.contains(THROWN);
      case INTERRUPT -> failure instanceof InterruptedException;
      case COMMIT -> text.contains("commit refused");
      case CANCEL_PROVIDER, CANCEL_LEAF, CANCEL_PROVIDER_SOMETIME, CANCEL_LEAF_SOMETIME ->
          state.equals("57014");
      case TERMINATE_PROVIDER,
          TERMINATE_LEAF,
          TERMINATE_PROVIDER_SOMETIME,
          TERMINATE_LEAF_SOMETIME ->
          TERMINATED.contains(state);
    };
  }
}
