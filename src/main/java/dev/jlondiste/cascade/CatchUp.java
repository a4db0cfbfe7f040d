package dev.jlondiste.cascade;

import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.pgq.Batch;
import dev.jlondiste.pgq.BatchWish;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * While a node lags, many small ticks are better taken as one batch: fewer commits, fewer round
 * trips, and of many changes of a row only the last is written. How many events one batch may
 * collect is bounded, so that a batch stays a matter of seconds.
 */
final class CatchUp {
  private static final Duration LAGGING = Duration.ofSeconds(2);

  /** A wish for many events is not granted while there are fewer: then a smaller one may be. */
  private static final List<Integer> EVENTS = List.of(200_000, 20_000, 2_000);

  private final Clock clock;
  private boolean lagging;

  CatchUp(Clock clock) {
    this.clock = clock;
  }

  /** What the ini file asks for. */
  static BatchWish configured(NodeSettings settings) {
    int events = settings.consumer().batchCollectEvents();
    return new BatchWish(
        settings.consumer().keepLag().orElse(null),
        events > 0 ? events : null,
        settings.consumer().batchCollectInterval().orElse(null));
  }

  /** What to ask for now, the best first. */
  List<BatchWish> wishes(NodeSettings settings, boolean mayMerge) {
    BatchWish wish = configured(settings);
    if (!mayMerge || !lagging || wish.minCount() != null || wish.minInterval() != null) {
      return List.of(wish);
    }
    return Stream.concat(
            EVENTS.stream().map(events -> new BatchWish(wish.minLag(), events, null)),
            Stream.of(wish))
        .toList();
  }

  void applied(Batch batch) {
    lagging = batch.currentTime().plus(LAGGING).isBefore(clock.instant());
  }
}
