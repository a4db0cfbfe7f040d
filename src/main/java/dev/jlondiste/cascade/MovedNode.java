package dev.jlondiste.cascade;

import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.db.SqlExplanation;
import dev.jlondiste.db.SqlFaults;
import dev.jlondiste.fault.UserError;
import java.sql.SQLException;

/**
 * A node that does not answer at its stored location, or another one that answers there: errors
 * about it also say how to store the new location of a node that has moved.
 */
public final class MovedNode {
  private MovedNode() {}

  /** The hint for a node whose stored location is wrong. */
  public static String hint(String node) {
    return "has node '%1$s' moved to another host or database? 'set-location %1$s CONNSTR', run on any node, stores its new location on all"
        .formatted(node);
  }

  /** True if the failure may be that of a node which is no longer at its location. */
  public static boolean isPossible(SQLException e) {
    String state = SqlFaults.state(e);
    return state.startsWith("08") || state.equals("3D000");
  }

  /** Explains a failure of another node's database. */
  public static UserError explain(SQLException e, ConnectionString location, String node) {
    UserError failure = SqlExplanation.of(e, location);
    if (!isPossible(e)) {
      return failure;
    }
    String known = failure.hint();
    return new UserError(
        failure.problem(), known == null ? hint(node) : known + "; " + hint(node), e);
  }
}
