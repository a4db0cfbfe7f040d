package dev.jlondiste.cascade;

import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.pgq.Batch;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the provider below which tick this node's subtree needs nothing, and on the root tells
 * everyone below which tick nobody does. Both only hold back the cleanup of queues, so now and then
 * is enough. Called by the worker's thread only.
 */
final class Watermarks {
  private static final Logger log = LoggerFactory.getLogger(Watermarks.class);

  private final String queue;
  private final Clock clock;
  private Instant published = Instant.MIN;

  Watermarks(String queue, Clock clock) {
    this.queue = queue;
    this.clock = clock;
  }

  /** On the root. */
  void publishGlobal(Connection root, NodeSettings settings) throws SQLException {
    if (isDue(settings.globalWatermarkPeriod())) {
      NodeFunctions.setGlobalWatermark(root, queue, null).orThrow();
      published = clock.instant();
    }
  }

  /** True when it is time for {@link #reportLocal}. */
  boolean isLocalDue(NodeSettings settings) {
    return isDue(settings.localWatermarkPeriod());
  }

  /**
   * On the other nodes, after the batch has been applied; the caller commits the provider.
   *
   * @param wanted the position to report; never more than the batch that was just read
   */
  void reportLocal(Connection provider, String node, long wanted, Batch batch) throws SQLException {
    Reply reply =
        NodeFunctions.setSubscriberWatermark(
            provider, queue, node, Math.min(wanted, batch.currentTick()));
    if (reply.isRefusal()) {
      // A watermark that would go back (405) is one that somebody moved ahead: no reason to stop.
      log.warn("watermark of node {} not set: {}", node, reply.note());
    }
    published = clock.instant();
  }

  private boolean isDue(Duration period) {
    return published.equals(Instant.MIN) || !published.plus(period).isAfter(clock.instant());
  }
}
