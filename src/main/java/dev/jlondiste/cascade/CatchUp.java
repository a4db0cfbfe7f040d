package dev.jlondiste.cascade;

import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.pgq.Batch;
import dev.jlondiste.pgq.BatchWish;
import java.time.Clock;
import java.time.Duration;

/**
 * While a node lags, many small ticks are better taken as one batch: fewer commits, fewer round
 * trips. How many events one batch may collect is bounded, so that a batch stays a matter of
 * seconds.
 */
final class CatchUp {
  private static final Duration LAGGING = Duration.ofSeconds(10);
  private static final int EVENTS = 10_000;

  private final Clock clock;
  private boolean lagging;

  CatchUp(Clock clock) {
    this.clock = clock;
  }

  /** What the ini file asks for. */
  BatchWish configured(NodeSettings settings) {
    int events = settings.consumer().batchCollectEvents();
    return new BatchWish(
        settings.consumer().keepLag().orElse(null),
        events > 0 ? events : null,
        settings.consumer().batchCollectInterval().orElse(null));
  }

  /** What to ask for now. */
  BatchWish wish(NodeSettings settings, boolean mayMerge) {
    BatchWish wish = configured(settings);
    boolean merge = mayMerge && lagging && wish.minCount() == null && wish.minInterval() == null;
    return merge ? new BatchWish(wish.minLag(), EVENTS, null) : wish;
  }

  /** There is less than a merged batch would hold. */
  BatchWish caughtUp(NodeSettings settings) {
    lagging = false;
    return configured(settings);
  }

  void applied(Batch batch) {
    lagging = batch.currentTime().plus(LAGGING).isBefore(clock.instant());
  }
}
