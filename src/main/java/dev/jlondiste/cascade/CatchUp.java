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
 * While a node is behind, the ticks it has missed are better taken as one batch: fewer commits,
 * fewer round trips, and of many changes of a row only the last is written. How many events one
 * batch may collect is bounded, so that a batch stays a matter of seconds.
 */
public final class CatchUp {
  /** So far behind there is always more than one tick. */
  private static final Duration BEHIND = Duration.ofMillis(30);

  /**
   * A wish for a longer time than there are ticks for is not granted, and {@code
   * pgq.next_batch_custom} gives up to twice as much: by this part of the lag it reaches the newest
   * tick.
   */
  private static final double PART = 0.6;

  private static final int MAX_EVENTS = 400_000;

  private Duration lag = Duration.ZERO;

  /** What the ini file asks for. */
  static BatchLimits configured(NodeSettings settings) {
    int events = settings.consumer().batchCollectEvents();
    return new BatchLimits(
        settings.consumer().keepLag().orElse(null),
        events > 0 ? events : null,
        settings.consumer().batchCollectInterval().orElse(null));
  }

  /**
   * Opens the consumer's next batch: of all ticks that were missed, or what {@code wish} says when
   * that is not granted, or when nothing is to be caught up with.
   */
  public Optional<Batch> nextBatch(
      Connection provider, String queue, String consumer, BatchLimits wish) throws SQLException {
    Optional<BatchLimits> all = ofAllMissed(wish);
    return all.isPresent()
        ? PgqFunctions.nextBatch(provider, queue, consumer, all.get(), wish)
        : PgqFunctions.nextBatch(provider, queue, consumer, wish);
  }

  /**
   * Empty when nothing is to be caught up with, or somebody has said how large a batch has to be.
   */
  Optional<BatchLimits> ofAllMissed(BatchLimits wish) {
    if (lag.compareTo(BEHIND) < 0 || wish.minCount() != null || wish.minInterval() != null) {
      return Optional.empty();
    }
    String most = Math.round(lag.toMillis() * PART) + " milliseconds";
    return Optional.of(new BatchLimits(wish.minLag(), MAX_EVENTS, most));
  }

  /** There was no batch. */
  public void caughtUp() {
    lag = Duration.ZERO;
  }

  /** A batch was applied, whose tick is that old by now. */
  public void applied(Duration lag) {
    this.lag = lag;
  }
}
