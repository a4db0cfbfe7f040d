package dev.jlondiste.admin.status;

import dev.jlondiste.cascade.NodeLocation;
import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.fault.UserError;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A node in its place in the tree.
 *
 * @param report empty for a node that is dead or did not answer
 * @param failure why it did not answer
 * @param provider empty on a root, and where nobody alive knows it
 * @param lag how far it is behind the root; of the root, the age of its last tick
 * @param children sorted: small subtrees first
 */
public record NodeStatus(
    NodeLocation member,
    Optional<NodeReport> report,
    Optional<String> failure,
    Optional<String> provider,
    Optional<Duration> lag,
    List<NodeStatus> children) {

  public String name() {
    return member.node();
  }

  /** root, branch, leaf or dead. */
  public String type() {
    return report.map(r -> r.node().type().sqlName()).orElse("dead");
  }

  /**
   * The name in a service file by which the node is reached; empty when it is reached otherwise.
   */
  public String service() {
    try {
      return ConnectionString.parse(member.location()).service().orElse("");
    } catch (UserError e) {
      return ""; // a location that cannot be read is told as the node's failure
    }
  }

  /** How many levels are below this node. */
  int depth() {
    return children.stream().mapToInt(child -> child.depth() + 1).max().orElse(0);
  }

  long descendants() {
    return withDescendants().count() - 1;
  }

  /** This node and all below it, in the order of the tree. */
  public Stream<NodeStatus> withDescendants() {
    return Stream.concat(Stream.of(this), children.stream().flatMap(NodeStatus::withDescendants));
  }
}
