package dev.jlondiste.ticker;

import java.time.Duration;
import java.util.Optional;

/**
 * How often to look at queues that want to tick more often than once in a ticker period: twice in
 * the time they allow while events come, less often when they come in crowds, seldom when none have
 * come for a while, and never so often that looking itself becomes a load. Used by one thread only.
 */
final class Looks {
  private static final Duration SHORTEST = Duration.ofMillis(3);

  /** While so much happens that each tick would have many events anyway. */
  private static final Duration CROWDED = Duration.ofMillis(100);

  /** That many events per millisecond are many. */
  private static final int CROWD = 3;

  /** Events often come in bursts: over so long they are counted. */
  private static final Duration WINDOW = Duration.ofMillis(200);

  /** While nothing happens; then an event waits this long for its tick. */
  private static final Duration IDLE = Duration.ofMillis(500);

  /** After so long without events. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /**
   * Looks and ticks take a fifth of the time at most. Where they take long the server is busy, and
   * each tick makes work for every consumer, too.
   */
  private static final int LEISURE = 4;

  private Optional<Duration> hurry = Optional.empty();

  /** Of the last few looks. */
  private Duration cost = Duration.ZERO;

  private boolean crowded;
  private long counted;
  private Duration counting = Duration.ZERO;
  private Duration quiet = Duration.ZERO;

  /**
   * What a look found.
   *
   * @param shortestLag of the queues in a hurry; empty when there are none
   * @param events that were waiting for a tick and got one
   * @param since the time from the end of the last look to the end of this one
   * @param took how long it took, with the ticks
   */
  void looked(Optional<Duration> shortestLag, long events, Duration since, Duration took) {
    count(events, since);
    quiet = events > 0 ? Duration.ZERO : quiet.plus(since);
    hurry = shortestLag;
    cost = cost.multipliedBy(3).plus(took).dividedBy(4);
  }

  private void count(long events, Duration since) {
    counted += events;
    counting = counting.plus(since);
    if (counting.compareTo(WINDOW) >= 0) {
      crowded = counted > CROWD * counting.toMillis();
      counted = 0;
      counting = Duration.ZERO;
    }
  }

  boolean isHurried() {
    return hurry.isPresent();
  }

  /** Until the next look; empty when no queue is in a hurry. */
  Optional<Duration> pause() {
    return hurry.map(
        lag -> {
          Duration busy = longer(longer(SHORTEST, lag.dividedBy(2)), cost.multipliedBy(LEISURE));
          if (crowded) {
            return longer(busy, CROWDED);
          }
          return quiet.compareTo(PATIENCE) > 0 ? longer(busy, IDLE) : busy;
        });
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }
}
