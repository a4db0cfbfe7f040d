package dev.jlondiste.admin.status;

import dev.jlondiste.cascade.NodeLocation;
import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.fault.UserError;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A node of the status tree.
 *
 * @param report empty if the node is dead or did not answer
 * @param failure the reason why it did not answer
 * @param provider empty for a root, and if no reachable node knows it
 * @param lag its delay behind the root; for a root, the age of its last tick
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

  /** The service name in its location; empty if there is none. */
  public String service() {
    try {
      return ConnectionString.parse(member.location()).service().orElse("");
    } catch (UserError e) {
      return ""; // an invalid location is reported as the failure of the node
    }
  }

  /** Number of levels below this node. */
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
