package dev.jlondiste.cascade;

import dev.jlondiste.fault.UserError;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * The way from a node to the root of its cascade, provider by provider. A node is asked when it is
 * its turn, so a caller that has found what it looks for does not depend on the nodes above.
 *
 * <pre>{@code
 * while (walk.upcoming().isPresent()) {
 *   ReachedNode node = walk.next();
 *   ...
 * }
 * }</pre>
 *
 * <p>How a node is reached is up to the {@link Reader}: by its name or its stored location, from a
 * command or the daemon. The reader throws if the node is tagged as dead, does not answer, or is
 * not initialized; {@link #next} throws that, and {@link #upcoming} is still that node. Used by one
 * thread.
 */
public final class UpstreamWalk {
  private final Reader reader;
  private final List<String> passed = new ArrayList<>();
  private Optional<NodeAddress> upcoming;

  /** Reaches one node. */
  @FunctionalInterface
  public interface Reader {
    ReachedNode read(NodeAddress address) throws SQLException;
  }

  private UpstreamWalk(Optional<NodeAddress> first, Reader reader) {
    this.upcoming = first;
    this.reader = reader;
  }

  /** Begins with the node at {@code first}. */
  public static UpstreamWalk from(NodeAddress first, Reader reader) {
    return new UpstreamWalk(Optional.of(first), reader);
  }

  /** The node that {@link #next} will ask; empty above the root. */
  public Optional<NodeAddress> upcoming() {
    return upcoming;
  }

  /**
   * The next node on the way.
   *
   * @throws UserError if providers lead in a circle, or a stored location leads to another node
   */
  public ReachedNode next() throws SQLException {
    NodeAddress address =
        upcoming.orElseThrow(() -> new NoSuchElementException("above the root there is no node"));
    requireNoCircle(address.node());
    ReachedNode node = reader.read(address);
    requireSame(address, node);
    passed.add(node.name());
    upcoming =
        node.info().isRoot() ? Optional.empty() : Optional.of(NodeAddress.ofProvider(node.info()));
    return node;
  }

  /** Walks on to the root. Must not be called when the root was passed. */
  public ReachedNode root() throws SQLException {
    ReachedNode node = next();
    while (upcoming.isPresent()) {
      node = next();
    }
    return node;
  }

  private void requireNoCircle(String name) {
    if (passed.contains(name)) {
      throw new UserError(
          "no root above: providers lead in a circle: "
              + String.join(" -> ", passed)
              + " -> "
              + name,
          "see 'status'; 'change-provider' on one of these nodes opens the circle");
    }
  }

  private static void requireSame(NodeAddress address, ReachedNode found) {
    if (!found.name().equals(address.node())) {
      throw new UserError(
          "the location of node '%s' leads to node '%s': %s"
              .formatted(address.node(), found.name(), found.database().target().masked()),
          "see 'members'; pgq_node.register_location corrects a location");
    }
  }
}
