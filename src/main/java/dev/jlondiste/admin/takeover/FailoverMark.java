package dev.jlondiste.admin.takeover;

import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.pgq.row.UrlEncoding;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A node attribute that names the procedure a node is in the middle of, so that a repeated command
 * knows what an interrupted one may have left, such as paused workers. Stateless; the caller owns
 * the transaction.
 */
public final class FailoverMark {
  /** On a new root: the name of the dead root, until all its subscribers have been moved. */
  public static final FailoverMark TAKEOVER = new FailoverMark("failover");

  private final String key;

  /** A mark of its own; {@code key} is the name of the attribute. */
  public FailoverMark(String key) {
    this.key = key;
  }

  /** Returns the value of the mark; empty if it is not set. */
  public Optional<String> of(NodeInfo node) {
    return node.attributes().map(UrlEncoding::decodeDictionary).map(all -> all.get(key));
  }

  /** Sets the mark. */
  public void set(Connection db, String queue, String value) throws SQLException {
    Map<String, String> attributes = attributes(db, queue);
    attributes.put(key, value);
    store(db, queue, attributes);
  }

  /** Removes the mark if it is set. */
  public void remove(Connection db, String queue) throws SQLException {
    Map<String, String> attributes = attributes(db, queue);
    if (attributes.remove(key) != null) {
      store(db, queue, attributes);
    }
  }

  private static Map<String, String> attributes(Connection db, String queue) throws SQLException {
    return NodeFunctions.getNodeInfo(db, queue)
        .flatMap(NodeInfo::attributes)
        .map(UrlEncoding::decodeDictionary)
        .map(LinkedHashMap::new)
        .orElseGet(LinkedHashMap::new);
  }

  private static void store(Connection db, String queue, Map<String, String> attributes)
      throws SQLException {
    NodeFunctions.setNodeAttributes(
            db, queue, attributes.isEmpty() ? null : UrlEncoding.encode(attributes))
        .orThrow();
  }
}
