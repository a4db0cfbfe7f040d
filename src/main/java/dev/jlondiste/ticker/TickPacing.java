package dev.jlondiste.ticker;

import java.time.Duration;
import java.util.Optional;

/**
 * How often to poll queues whose {@code ticker_max_lag} is shorter than a ticker period: twice in
 * that lag while events arrive, less often during a burst or when no event has arrived for a while,
 * and never so often that polling itself becomes a load. Used by one thread only.
 */
final class TickPacing {
  private static final Duration MIN_PAUSE = Duration.ofMillis(3);

  /** During a burst: each tick has many events anyway. */
  private static final Duration BURST_PAUSE = Duration.ofMillis(100);

  /** Events per millisecond, above which it is a burst. */
  private static final int BURST_RATE = 3;

  /** Time over which the rate is measured: events often arrive together. */
  private static final Duration RATE_WINDOW = Duration.ofMillis(200);

  /** When no event has arrived for a while; the first one waits this long for its tick. */
  private static final Duration IDLE_PAUSE = Duration.ofMillis(500);

  /** Time without events, after which a queue is idle. */
  private static final Duration IDLE_AFTER = Duration.ofSeconds(2);

  /**
   * Pause at least this many times as long as a poll takes: polls and ticks use at most a fifth of
   * the time. Where they take long the server is busy, and each tick costs every consumer, too.
   */
  private static final int PAUSE_PER_COST = 4;

  private Optional<Duration> shortestLag = Optional.empty();

  /** Moving average over the last few polls. */
  private Duration cost = Duration.ZERO;

  private boolean burst;
  private long counted;
  private Duration counting = Duration.ZERO;
  private Duration quiet = Duration.ZERO;

  /**
   * Records a poll.
   *
   * @param shortestLag of the low-latency queues; empty when there are none
   * @param events that were waiting for a tick and got one
   * @param since time from the end of the previous poll to the end of this one
   * @param took duration of the poll with its ticks
   */
  void polled(Optional<Duration> shortestLag, long events, Duration since, Duration took) {
    count(events, since);
    quiet = events > 0 ? Duration.ZERO : quiet.plus(since);
    this.shortestLag = shortestLag;
    cost = cost.multipliedBy(3).plus(took).dividedBy(4);
  }

  private void count(long events, Duration since) {
    counted += events;
    counting = counting.plus(since);
    if (counting.compareTo(RATE_WINDOW) >= 0) {
      burst = counted > BURST_RATE * counting.toMillis();
      counted = 0;
      counting = Duration.ZERO;
    }
  }

  boolean hasLowLatencyQueues() {
    return shortestLag.isPresent();
  }

  /** Until the next poll; empty when there is no low-latency queue. */
  Optional<Duration> pause() {
    return shortestLag.map(
        lag -> {
          Duration busy =
              longer(longer(MIN_PAUSE, lag.dividedBy(2)), cost.multipliedBy(PAUSE_PER_COST));
          if (burst) {
            return longer(busy, BURST_PAUSE);
          }
          return quiet.compareTo(IDLE_AFTER) > 0 ? longer(busy, IDLE_PAUSE) : busy;
        });
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }
}
