package dev.jlondiste.admin.tables;

import java.util.Optional;

/**
 * The node that rows and structure come from; the provider unless something else is wished.
 *
 * @param node a named one
 * @param search the first node on the way to the root that has the table with data
 */
public record CopyFrom(Optional<String> node, boolean search) {
  public static final CopyFrom PROVIDER = new CopyFrom(Optional.empty(), false);

  /** Value of the table attribute {@code copy_node}. */
  Optional<String> attribute() {
    return search ? Optional.of("?") : node;
  }
}
