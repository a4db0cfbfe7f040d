package dev.jlondiste.cascade;

import dev.jlondiste.db.Database;
import dev.jlondiste.fault.UserError;
import java.sql.SQLException;

/** A node whose database was reached, and that database. */
public record ReachedNode(NodeInfo info, Database database) {
  /**
   * Reads the node of a database.
   *
   * @throws UserError if the database has no node for the queue
   */
  public static ReachedNode in(Database database, String queue) throws SQLException {
    NodeInfo info =
        database
            .call(db -> NodeFunctions.getNodeInfo(db, queue))
            .orElseThrow(
                () ->
                    new UserError(
                        "node not initialized: no node for queue '"
                            + queue
                            + "' in "
                            + database.target().masked(),
                        "is queue_name the same on both sides, and was the provider created?"));
    return new ReachedNode(info, database);
  }

  public String name() {
    return info.name();
  }
}
