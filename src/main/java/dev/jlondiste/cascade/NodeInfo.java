package dev.jlondiste.cascade;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The local node of a queue, as {@code pgq_node.get_node_info} returns it.
 *
 * @param globalWatermark the tick that every node of the cascade has reached; empty on a leaf
 * @param localWatermark the tick that every consumer of this node has reached
 * @param provider the node's own name on a root
 * @param combinedQueue the queue a merge leaf feeds
 * @param attributes url-encoded dictionary
 * @param targetFor queues that are merged into this one
 */
public record NodeInfo(
    NodeType type,
    String name,
    OptionalLong globalWatermark,
    OptionalLong localWatermark,
    Optional<String> provider,
    Optional<String> providerLocation,
    Optional<String> combinedQueue,
    Optional<NodeType> combinedType,
    String worker,
    boolean paused,
    boolean uptodate,
    OptionalLong lastTick,
    Optional<String> attributes,
    List<String> targetFor) {
  public boolean isRoot() {
    return type == NodeType.ROOT;
  }
}
