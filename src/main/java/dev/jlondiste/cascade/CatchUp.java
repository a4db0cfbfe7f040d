package dev.jlondiste.cascade;

import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.pgq.Batch;
import dev.jlondiste.pgq.BatchLimits;
import dev.jlondiste.pgq.PgqFunctions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * Merges missed ticks into one batch while a node is behind: this saves commits and round trips,
 * and of many changes of a row only the last is written. The number of events in a batch is
 * bounded, so that a batch takes seconds at most.
 */
public final class CatchUp {
  /** Above this lag there is always more than one tick. */
  private static final Duration MIN_LAG = Duration.ofMillis(30);

  /**
   * Share of the lag that is requested as {@code min_interval}. {@code pgq.next_batch_custom}
   * returns no batch if the queue does not have ticks for the whole interval, and returns up to
   * twice the interval; with this share it reaches the newest tick.
   */
  private static final double LAG_SHARE = 0.6;

  private static final int MAX_EVENTS = 400_000;

  private Duration lag = Duration.ZERO;

  /** The limits that the ini file sets. */
  static BatchLimits configured(NodeSettings settings) {
    int events = settings.consumer().batchCollectEvents();
    return new BatchLimits(
        settings.consumer().keepLag().orElse(null),
        events > 0 ? events : null,
        settings.consumer().batchCollectInterval().orElse(null));
  }

  /**
   * Opens the consumer's next batch: of all missed ticks, or of the size that {@code limits} gives
   * if the node is not behind or the queue does not have such a batch.
   */
  public Optional<Batch> nextBatch(
      Connection provider, String queue, String consumer, BatchLimits limits) throws SQLException {
    Optional<BatchLimits> all = missedTicks(limits);
    return all.isPresent()
        ? PgqFunctions.nextBatch(provider, queue, consumer, all.get(), limits)
        : PgqFunctions.nextBatch(provider, queue, consumer, limits);
  }

  /** Returns empty if the node is not behind, or if the ini file sets the size of a batch. */
  Optional<BatchLimits> missedTicks(BatchLimits limits) {
    if (lag.compareTo(MIN_LAG) < 0 || limits.minCount() != null || limits.minInterval() != null) {
      return Optional.empty();
    }
    String interval = Math.round(lag.toMillis() * LAG_SHARE) + " milliseconds";
    return Optional.of(new BatchLimits(limits.minLag(), MAX_EVENTS, interval));
  }

  /** Records that there was no batch. */
  public void caughtUp() {
    lag = Duration.ZERO;
  }

  /** Records that a batch was applied, and the present age of its tick. */
  public void applied(Duration lag) {
    this.lag = lag;
  }
}
