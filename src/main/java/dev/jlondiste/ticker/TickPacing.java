package dev.jlondiste.ticker;

import java.time.Duration;
import java.util.Optional;

/**
 * The poll interval for queues whose {@code ticker_max_lag} is shorter than the ticker period: half
 * of that lag while events arrive, more during a burst or when no event has arrived for a while,
 * and always enough to keep the load of polling small. Used by one thread only.
 */
final class TickPacing {
  private static final Duration MIN_PAUSE = Duration.ofMillis(3);

  /** During a burst: each tick has many events anyway. */
  private static final Duration BURST_PAUSE = Duration.ofMillis(100);

  /** A burst has more events per millisecond than this. */
  private static final int BURST_RATE = 3;

  /** Time over which the rate is measured, since events often arrive together. */
  private static final Duration RATE_WINDOW = Duration.ofMillis(200);

  /** Pause on an idle queue; its first event waits at most this long for a tick. */
  private static final Duration IDLE_PAUSE = Duration.ofMillis(500);

  /** Time without events, after which a queue is idle. */
  private static final Duration IDLE_AFTER = Duration.ofSeconds(2);

  /**
   * The pause is at least this many times the duration of a poll, so that polls and ticks use at
   * most a fifth of the time. When they take long, the server is busy, and each tick also costs
   * every consumer.
   */
  private static final int PAUSE_PER_COST = 4;

  private Optional<Duration> shortestLag = Optional.empty();

  /** Duration of a poll, as a moving average. */
  private Duration pollCost = Duration.ZERO;

  private boolean isBurst;
  private long windowEvents;
  private Duration windowTime = Duration.ZERO;
  private Duration idleTime = Duration.ZERO;

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
    idleTime = events > 0 ? Duration.ZERO : idleTime.plus(since);
    this.shortestLag = shortestLag;
    pollCost = pollCost.multipliedBy(3).plus(took).dividedBy(4);
  }

  private void count(long events, Duration since) {
    windowEvents += events;
    windowTime = windowTime.plus(since);
    if (windowTime.compareTo(RATE_WINDOW) >= 0) {
      isBurst = windowEvents > BURST_RATE * windowTime.toMillis();
      windowEvents = 0;
      windowTime = Duration.ZERO;
    }
  }

  boolean hasLowLatencyQueues() {
    return shortestLag.isPresent();
  }

  /** The pause until the next poll; empty if there is no low-latency queue. */
  Optional<Duration> pause() {
    return shortestLag.map(
        lag -> {
          Duration busy =
              longer(longer(MIN_PAUSE, lag.dividedBy(2)), pollCost.multipliedBy(PAUSE_PER_COST));
          if (isBurst) {
            return longer(busy, BURST_PAUSE);
          }
          return idleTime.compareTo(IDLE_AFTER) > 0 ? longer(busy, IDLE_PAUSE) : busy;
        });
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }
}
