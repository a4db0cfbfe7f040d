package dev.jlondiste.admin.topology;

import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.db.Sql;
import dev.jlondiste.pgq.row.UrlEncoding;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A node attribute that is set while a command has paused a worker of the node. After kill -9 it
 * tells the repeated command that the pause is its own and has to end; a pause by an operator
 * stays. Its value is the worker. The caller owns the transaction.
 */
enum CommandMark {
  /** The node's type is being changed. */
  CONVERSION("converting"),
  /** The worker's provider is being changed. */
  MOVE("moving");

  /** Locks the row where it may, because other commands keep attributes of their own in it. */
  private static final String READ =
      "select coalesce(node_attrs, '') from pgq_node.node_info where queue_name = ?";

  private static final String MAY_LOCK =
      "select pg_catalog.has_table_privilege('pgq_node.node_info', 'update')";

  private final String key;

  CommandMark(String key) {
    this.key = key;
  }

  boolean isSet(Connection db, String queue, String worker) throws SQLException {
    return worker.equals(attributes(db, queue).get(key));
  }

  void set(Connection db, String queue, String worker) throws SQLException {
    Map<String, String> attributes = attributes(db, queue);
    if (!worker.equals(attributes.put(key, worker))) {
      write(db, queue, attributes);
    }
  }

  void remove(Connection db, String queue, String worker) throws SQLException {
    Map<String, String> attributes = attributes(db, queue);
    if (attributes.remove(key, worker)) {
      write(db, queue, attributes);
    }
  }

  private static Map<String, String> attributes(Connection db, String queue) throws SQLException {
    boolean locks = Sql.one(db, MAY_LOCK, row -> row.getBoolean(1));
    Optional<String> text =
        Sql.first(db, locks ? READ + " for update" : READ, row -> row.getString(1), queue);
    return new LinkedHashMap<>(UrlEncoding.decodeDictionary(text.orElse("")));
  }

  private static void write(Connection db, String queue, Map<String, String> attributes)
      throws SQLException {
    NodeFunctions.setNodeAttributes(
            db, queue, attributes.isEmpty() ? null : UrlEncoding.encode(attributes))
        .orThrow();
  }
}
