package dev.jlondiste.admin.tables;

import java.util.Optional;

/**
 * The node that rows and structure are copied from; the provider if neither option is given.
 *
 * @param node the name of the node; empty if not named
 * @param search use the first node on the way to the root that has the table with data
 */
public record CopyFrom(Optional<String> node, boolean search) {
  public static final CopyFrom PROVIDER = new CopyFrom(Optional.empty(), false);

  /** The value of the table attribute {@code copy_node}. */
  Optional<String> attribute() {
    return search ? Optional.of("?") : node;
  }
}
