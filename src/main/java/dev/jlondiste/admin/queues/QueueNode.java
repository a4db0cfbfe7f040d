package dev.jlondiste.admin.queues;

import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.config.Spelling;
import dev.jlondiste.db.Sql;
import dev.jlondiste.fault.UserError;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A member of a cascade, as recorded in the local database.
 *
 * @param location connect string with its password; {@link #masked} is for display
 */
public record QueueNode(String queue, String node, String location, boolean dead) {
  private static final String QUEUES =
      "select distinct queue_name from pgq_node.node_location order by queue_name";

  /**
   * Lists the members of all cascades, or of one. Throws {@link UserError} if the queue is not
   * cascaded.
   */
  public static List<QueueNode> list(Connection db, Optional<String> queue) throws SQLException {
    Presence.requireSchema(db, "pgq_node");
    List<String> cascades = Sql.list(db, QUEUES, row -> row.getString(1));
    if (queue.isPresent() && !cascades.contains(queue.get())) {
      throw new UserError(
          "queue \"%s\" is not cascaded in this database%s"
              .formatted(queue.get(), Spelling.guess(queue.get(), cascades)),
          cascades.isEmpty()
              ? "this database has no cascaded queue"
              : "cascaded queues: " + String.join(", ", cascades));
    }
    List<QueueNode> nodes = new ArrayList<>();
    for (String name : queue.map(List::of).orElse(cascades)) {
      NodeFunctions.getQueueLocations(db, name).stream()
          .map(found -> new QueueNode(name, found.node(), found.location(), found.dead()))
          .sorted(Comparator.comparing(QueueNode::node))
          .forEach(nodes::add);
    }
    return nodes;
  }

  /**
   * The members named {@code node}, one for each cascade. Throws {@link UserError} if there is
   * none.
   */
  public static List<QueueNode> named(Connection db, Optional<String> queue, String node)
      throws SQLException {
    List<QueueNode> all = list(db, queue);
    List<QueueNode> found = all.stream().filter(one -> one.node().equals(node)).toList();
    if (found.isEmpty()) {
      List<String> names = all.stream().map(QueueNode::node).distinct().toList();
      throw new UserError(
          "node not found: \"%s\"%s".formatted(node, Spelling.guess(node, names)),
          "list the nodes: show node *;");
    }
    return found;
  }

  /** The location without its password. */
  public String masked() {
    return ConnectionString.mask(location);
  }
}
