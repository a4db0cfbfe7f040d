package dev.jlondiste.cascade;

import dev.jlondiste.db.Database;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.SqlFaults;
import dev.jlondiste.fault.UserError;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Explains why a worker has no position in its node's database, and which setting is right. */
public final class MissingWorker {
  private static final String CREATE =
      "'create-root', 'create-branch' or 'create-leaf' makes the database a node; is 'db' in the ini"
          + " file the right one?";
  private static final String QUEUES =
      "select queue_name, node_name from pgq_node.node_info order by 1";

  private MissingWorker() {}

  /** Returns empty if the worker {@code consumer} is registered here. */
  public static Optional<UserError> find(Database local, String queue, String consumer)
      throws SQLException {
    try {
      return local.call(db -> find(db, local.target().masked(), queue, consumer));
    } catch (SQLException e) {
      if (SqlFaults.isUndefinedObject(e)) {
        return Optional.of(
            new UserError(
                "this database is not a node yet: schema pgq_node is missing in "
                    + local.target().masked(),
                CREATE,
                e));
      }
      throw e;
    }
  }

  private static Optional<UserError> find(
      Connection db, String where, String queue, String consumer) throws SQLException {
    Optional<NodeInfo> node = NodeFunctions.getNodeInfo(db, queue);
    if (node.isEmpty()) {
      List<String> others =
          Sql.list(
              db,
              QUEUES,
              row -> "queue_name = " + row.getString(1) + " (node " + row.getString(2) + ")");
      return Optional.of(
          new UserError(
              "Unknown queue: " + queue + ": this database has no node of it (" + where + ")",
              others.isEmpty()
                  ? CREATE
                  : CREATE + " It is a node of: " + String.join(", ", others)));
    }
    if (NodeFunctions.getConsumers(db, queue).stream()
        .anyMatch(known -> known.name().equals(consumer))) {
      return Optional.empty();
    }
    String worker = node.get().worker();
    return Optional.of(
        new UserError(
            "Unknown consumer: %s/%s: the worker of node '%s' is registered as '%s'"
                .formatted(queue, consumer, node.get().name(), worker),
            "set job_name = %s in the ini file, or consumer_name = %s beside another job_name"
                .formatted(worker, worker)));
  }
}
