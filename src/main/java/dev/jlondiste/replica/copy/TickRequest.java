package dev.jlondiste.replica.copy;

import dev.jlondiste.cascade.NodeAddress;
import dev.jlondiste.cascade.ReachedNode;
import dev.jlondiste.cascade.RemoteNodes;
import dev.jlondiste.pgq.PgqFunctions;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests a tick from the root, so that a copied table does not wait for an idle queue, which
 * ticks once a minute. Used by one thread only.
 */
final class TickRequest {
  private static final Duration MIN_INTERVAL = Duration.ofSeconds(2);

  private static final Logger log = LoggerFactory.getLogger(TickRequest.class);

  private final String queue;
  private final RemoteNodes remote;
  private final Clock clock;
  private Instant lastRequest = Instant.MIN;

  TickRequest(String queue, RemoteNodes remote, Clock clock) {
    this.queue = queue;
    this.remote = remote;
    this.clock = clock;
  }

  /** Requests a tick from the root of {@code node}, which may be the root itself. */
  void above(NodeAddress node) {
    if (lastRequest.isAfter(clock.instant().minus(MIN_INTERVAL))) {
      return;
    }
    lastRequest = clock.instant();
    try {
      ReachedNode root = remote.upstream(node, queue).root();
      root.database().run(db -> PgqFunctions.forceTick(db, queue));
    } catch (SQLException | RuntimeException e) {
      // The root may be unreachable from here; its ticker creates a tick anyway.
      log.debug("cannot ask for a tick: {}", e.getMessage());
    }
  }
}
