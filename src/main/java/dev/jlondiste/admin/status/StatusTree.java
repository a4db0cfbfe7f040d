package dev.jlondiste.admin.status;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The current status of the whole cascade.
 *
 * @param localNode empty if the local database has no node for the queue
 * @param roots the root, and every node whose provider is unknown
 */
public record StatusTree(String queue, Optional<String> localNode, List<NodeStatus> roots) {
  /** Every node, in the order of the tree. */
  public Stream<NodeStatus> nodes() {
    return roots.stream().flatMap(NodeStatus::withDescendants);
  }

  /** Live nodes that did not answer, sorted by name. */
  public List<NodeStatus> failures() {
    return nodes()
        .filter(node -> node.failure().isPresent())
        .sorted(Comparator.comparing(NodeStatus::name))
        .toList();
  }
}
