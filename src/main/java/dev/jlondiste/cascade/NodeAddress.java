package dev.jlondiste.cascade;

import dev.jlondiste.fault.UserError;
import java.util.Optional;

/**
 * A node that has not been connected to yet.
 *
 * @param location the connect string that another node has stored for it; empty if only the name is
 *     known
 */
public record NodeAddress(String node, Optional<String> location) {
  public static NodeAddress of(String node) {
    return new NodeAddress(node, Optional.empty());
  }

  public static NodeAddress of(String node, String location) {
    return new NodeAddress(node, Optional.of(location));
  }

  /** The provider of a node that is not a root. */
  static NodeAddress ofProvider(NodeInfo node) {
    String provider =
        node.provider()
            .orElseThrow(
                () -> new UserError("node '" + node.name() + "' has no provider", "see 'members'"));
    return new NodeAddress(provider, node.providerLocation());
  }

  /** The stored connect string; throws {@link UserError} if none is known. */
  public String requireLocation() {
    return location.orElseThrow(
        () -> new UserError("no location is known for node '" + node + "'", "see 'members'"));
  }
}
