package dev.jlondiste.admin.takeover;

import dev.jlondiste.admin.topology.UnfinishedTakeover;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.row.UrlEncoding;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The mark of an unfinished takeover, which is stored in the attributes of both nodes: who takes
 * over from whom, and which run of the command does. A step that opens a node happens in a
 * transaction that also checks the mark. A later command replaces the mark, so an earlier one that
 * still runs, perhaps delayed by the network, can no longer open anything.
 *
 * @param id identifies the run of the command
 */
public record TakeoverMark(String oldNode, String newNode, String id) {
  /** The key of the mark in the node's attributes. */
  public static final String KEY = UnfinishedTakeover.KEY;

  /** The mark of a new run. */
  public static TakeoverMark create(String oldNode, String newNode) {
    return new TakeoverMark(oldNode, newNode, UUID.randomUUID().toString());
  }

  /** True if {@code other} is the mark of another run of the same takeover. */
  boolean hasSameNodes(TakeoverMark other) {
    return oldNode.equals(other.oldNode) && newNode.equals(other.newNode);
  }

  /** The mark of a node; empty if no takeover is unfinished there. */
  public static Optional<TakeoverMark> of(NodeInfo node) {
    return Optional.ofNullable(attributes(node).get(KEY)).flatMap(TakeoverMark::parse);
  }

  private static Optional<TakeoverMark> parse(String text) {
    String[] parts = text.split(":", -1);
    return parts.length == 3
        ? Optional.of(new TakeoverMark(decode(parts[0]), decode(parts[1]), parts[2]))
        : Optional.empty();
  }

  private static Map<String, String> attributes(NodeInfo node) {
    return node.attributes()
        .map(UrlEncoding::decodeDictionary)
        .map(LinkedHashMap::new)
        .orElseGet(LinkedHashMap::new);
  }

  /** Puts this mark on a node in place of any other. The transaction must be repeatable read. */
  void putOn(Connection db, String queue, NodeInfo node) throws SQLException {
    Map<String, String> attributes = attributes(node);
    attributes.put(KEY, encode(oldNode) + ":" + encode(newNode) + ":" + id);
    store(db, queue, attributes);
  }

  /**
   * Removes the mark from a node. The transaction must be repeatable read. Writes the row also if
   * there is no mark, so that a concurrent step which relies on the mark fails.
   */
  static void removeFrom(Connection db, String queue, NodeInfo node) throws SQLException {
    Map<String, String> attributes = attributes(node);
    attributes.remove(KEY);
    store(db, queue, attributes);
  }

  private static void store(Connection db, String queue, Map<String, String> attributes)
      throws SQLException {
    NodeFunctions.setNodeAttributes(
            db, queue, attributes.isEmpty() ? null : UrlEncoding.encode(attributes))
        .orThrow();
  }

  /**
   * Checks that a node still has this mark.
   *
   * @throws UserError if another command has replaced or removed it
   */
  void requireOn(NodeInfo node) {
    if (!of(node).filter(this::equals).isPresent()) {
      throw new UserError(
          "another takeover command has replaced this one on node '" + node.name() + "'",
          "see 'status'; this command has stopped and opens nothing");
    }
  }

  private static String encode(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8);
  }

  private static String decode(String name) {
    return URLDecoder.decode(name, StandardCharsets.UTF_8);
  }
}
