package dev.jlondiste.cascade;

import dev.jlondiste.fault.UserError;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * Walks from a node to the root of its cascade, provider by provider. Each node is queried only
 * when the caller asks for it, so a caller that stops early does not depend on the nodes above.
 *
 * <pre>{@code
 * while (walk.upcoming().isPresent()) {
 *   ReachedNode node = walk.next();
 *   ...
 * }
 * }</pre>
 *
 * <p>The {@link Reader} connects to a node by its name or its stored location. It throws if the
 * node is tagged as dead, does not answer, or is not initialized; {@link #next} passes that on, and
 * {@link #upcoming} still returns that node. Used by one thread.
 */
public final class UpstreamWalk {
  private final Reader reader;
  private final List<String> passed = new ArrayList<>();
  private Optional<NodeAddress> upcoming;

  /** Connects to a node and reads it. */
  @FunctionalInterface
  public interface Reader {
    ReachedNode read(NodeAddress address) throws SQLException;
  }

  private UpstreamWalk(Optional<NodeAddress> first, Reader reader) {
    this.upcoming = first;
    this.reader = reader;
  }

  /** Starts at the node {@code first}. */
  public static UpstreamWalk from(NodeAddress first, Reader reader) {
    return new UpstreamWalk(Optional.of(first), reader);
  }

  /** The node that {@link #next} will query; empty after the root. */
  public Optional<NodeAddress> upcoming() {
    return upcoming;
  }

  /**
   * Returns the next node of the walk.
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

  /** Walks to the root and returns it. Must not be called after the root was returned. */
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
          MovedNode.hint(address.node()));
    }
  }
}
