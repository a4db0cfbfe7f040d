package dev.jlondiste.replica;

import dev.jlondiste.db.SqlFaults;
import java.sql.SQLException;
import java.util.Set;

/** Decides whether a failure was caused by an event, so that it helps not to apply the event. */
final class FaultOfEvent {
  /**
   * Classes of SQLSTATE whose cause is the event, the row or the table: data, constraints,
   * structure, privileges, row limits, and errors that triggers and views of the table raise.
   */
  private static final Set<String> OF_THE_TABLE =
      Set.of("0A", "21", "22", "23", "27", "2B", "2F", "39", "42", "44", "54", "55", "P0");

  private FaultOfEvent() {}

  /**
   * True if the event is the cause, and no connection, lock, resource or concurrent transaction. An
   * event that was refused before it reached the server could not be decoded.
   */
  static boolean is(SQLException failure) {
    String state = SqlFaults.state(failure);
    return !SqlFaults.isTransient(failure)
        && (state.isEmpty() || OF_THE_TABLE.contains(state.substring(0, 2)));
  }
}
