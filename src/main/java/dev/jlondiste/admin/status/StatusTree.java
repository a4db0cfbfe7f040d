package dev.jlondiste.admin.status;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The whole cascade as it is now.
 *
 * @param localNode empty when the local database has no node for the queue
 * @param roots the root, and every node whose place is not known
 */
public record StatusTree(String queue, Optional<String> localNode, List<NodeStatus> roots) {
  /** Every node, in the order of the tree. */
  public Stream<NodeStatus> nodes() {
    return roots.stream().flatMap(NodeStatus::withDescendants);
  }

  /** Nodes that should have answered and did not, by name. */
  public List<NodeStatus> failures() {
    return nodes()
        .filter(node -> node.failure().isPresent())
        .sorted(Comparator.comparing(NodeStatus::name))
        .toList();
  }
}
