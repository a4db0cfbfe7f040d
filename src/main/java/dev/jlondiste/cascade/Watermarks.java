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
 * Reports the watermarks: each node reports to its provider the lowest tick that its subtree still
 * needs, and the root publishes the lowest tick of the whole tree. Watermarks only delay the
 * cleanup of queues, so a long interval is sufficient. Called by the worker's thread only.
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

  /** Publishes the global watermark. Called on the root. */
  void publishGlobal(Connection root, NodeSettings settings) throws SQLException {
    if (isDue(settings.globalWatermarkPeriod())) {
      NodeFunctions.setGlobalWatermark(root, queue, null).orThrow();
      published = clock.instant();
    }
  }

  /** True if {@link #reportLocal} is due. */
  boolean isLocalDue(NodeSettings settings) {
    return isDue(settings.localWatermarkPeriod());
  }

  /**
   * Reports the local watermark. Called on the other nodes after a batch was applied; the caller
   * commits on the provider.
   *
   * @param wanted the position to report; never above the batch that was just read
   */
  void reportLocal(Connection provider, String node, long wanted, Batch batch) throws SQLException {
    Reply reply =
        NodeFunctions.setSubscriberWatermark(
            provider, queue, node, Math.min(wanted, batch.currentTick()));
    if (reply.isRefusal()) {
      // 405: the stored watermark is already higher, because it was moved manually.
      log.warn("watermark of node {} not set: {}", node, reply.note());
    }
    published = clock.instant();
  }

  private boolean isDue(Duration period) {
    return published.equals(Instant.MIN) || !published.plus(period).isAfter(clock.instant());
  }
}
