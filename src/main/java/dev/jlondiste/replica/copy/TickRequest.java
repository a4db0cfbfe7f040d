package dev.jlondiste.replica.copy;

import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.cascade.RemoteNodes;
import dev.jlondiste.pgq.PgqFunctions;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for a tick: an idle queue makes one a minute, and nobody should wait so long for a table.
 * Ticks are made on the root only, so that is where it asks. Used by one thread only.
 */
final class TickRequest {
  private static final Duration AT_MOST_EVERY = Duration.ofSeconds(2);

  private static final Logger log = LoggerFactory.getLogger(TickRequest.class);

  private final String queue;
  private final RemoteNodes remote;
  private final Clock clock;
  private Instant asked = Instant.MIN;

  TickRequest(String queue, RemoteNodes remote, Clock clock) {
    this.queue = queue;
    this.remote = remote;
    this.clock = clock;
  }

  /** {@code location} is a node that may, or may not, be the root. */
  void up(String location) {
    if (asked.isAfter(clock.instant().minus(AT_MOST_EVERY))) {
      return;
    }
    asked = clock.instant();
    Set<String> seen = new HashSet<>();
    Optional<String> next = Optional.of(location);
    try {
      while (next.isPresent() && seen.add(next.get())) {
        next = askOrPassOn(next.get());
      }
    } catch (SQLException | RuntimeException e) {
      // The root may not be reachable from here, and ticks without being asked to.
      log.debug("cannot ask for a tick: {}", e.getMessage());
    }
  }

  /** Empty when the node is the root, else where to ask next. */
  private Optional<String> askOrPassOn(String location) throws SQLException {
    return remote
        .at(location)
        .call(
            node -> {
              Optional<NodeInfo> info = NodeFunctions.getNodeInfo(node, queue);
              if (info.isPresent() && !info.get().isRoot()) {
                return info.get().providerLocation();
              }
              PgqFunctions.forceTick(node, queue);
              return Optional.<String>empty();
            });
  }
}
