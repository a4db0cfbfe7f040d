package dev.jlondiste.cascade;

import dev.jlondiste.db.Database;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.row.UrlEncoding;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node attribute {@code sync_watermark}: the subtree of such a branch keeps events as long as
 * the named nodes need them, without holding back the nodes above. The global watermark that
 * arrives in the queue is only remembered. This node's watermark is the lowest of it, the subtree's
 * own, and those of the named nodes. Called by the worker's thread only.
 */
public final class SyncWatermark {
  /** The attribute of a node that lists the other nodes. */
  public static final String ATTRIBUTE = "sync_watermark";

  private static final Logger log = LoggerFactory.getLogger(SyncWatermark.class);
  private static final String GLOBAL = "pgq.global-watermark";

  private final String queue;
  private OptionalLong fromAbove = OptionalLong.empty();

  SyncWatermark(String queue) {
    this.queue = queue;
  }

  static boolean isConfigured(NodeInfo node) {
    return !nodes(node).isEmpty();
  }

  private static List<String> nodes(NodeInfo node) {
    return node.attributes()
        .map(UrlEncoding::decodeDictionary)
        .map(SyncWatermark::nodes)
        .orElse(List.of());
  }

  /** The nodes that the attributes of a node list; empty if the attribute is not set. */
  public static List<String> nodes(Map<String, String> attributes) {
    String list = attributes.getOrDefault(ATTRIBUTE, "");
    return Stream.of(list.split(",")).map(String::trim).filter(n -> !n.isEmpty()).toList();
  }

  void remember(long globalWatermark) {
    fromAbove = OptionalLong.of(globalWatermark);
  }

  /**
   * Returns the event for the branch's own queue, in which the branch's watermark replaces the
   * provider's.
   */
  Event forSubtree(Event event, NodeInfo node) {
    return event.type().equals(GLOBAL) && isConfigured(node)
        ? event.withData(String.valueOf(node.globalWatermark().orElseThrow()))
        : event;
  }

  /**
   * Moves this node's global watermark. Does nothing until the watermark of the provider has
   * arrived.
   */
  void publish(NodeInfo node, Database local, RemoteNodes remote) throws SQLException {
    if (fromAbove.isEmpty() || !isConfigured(node)) {
      return;
    }
    long lowest = Math.min(fromAbove.getAsLong(), node.localWatermark().orElse(0));
    List<NodeLocation> members = local.call(db -> NodeFunctions.getQueueLocations(db, queue));
    for (String name : nodes(node)) {
      List<NodeLocation> found =
          members.stream().filter(member -> member.node().equals(name)).toList();
      if (found.isEmpty()) {
        log.warn("Unknown node in sync_watermark list: {}", name);
      } else if (!found.get(0).dead()) {
        try (Connection there = remote.at(found.get(0).location()).open()) {
          lowest =
              Math.min(
                  lowest,
                  NodeFunctions.getNodeInfo(there, queue)
                      .map(NodeInfo::localWatermark)
                      .orElse(OptionalLong.empty())
                      .orElse(lowest));
        } catch (SQLException e) {
          // The node may still need all events, so the watermark must stay; replication continues.
          log.warn("watermark not moved, node {} does not answer: {}", name, e.getMessage());
          return;
        }
      }
    }
    if (lowest > node.globalWatermark().orElse(0)) {
      long watermark = lowest;
      local.run(db -> NodeFunctions.setGlobalWatermark(db, queue, watermark).orThrow());
    }
  }
}
