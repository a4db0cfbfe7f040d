package dev.jlondiste.ticker;

import java.time.Duration;
import java.util.Optional;

/**
 * How often to look at queues that want to tick more often than once in a ticker period: twice in
 * the time they allow while events come, less often when they come in crowds, seldom when none have
 * come for a while, and never so often that looking itself becomes a load. Used by one thread only.
 */
final class Looks {
  private static final Duration SHORTEST = Duration.ofMillis(5);

  /** While so much happens that each tick would have many events anyway. */
  private static final Duration CROWDED = Duration.ofMillis(100);

  /** That many events per millisecond are many. */
  private static final int CROWD = 3;

  /** While nothing happens; then an event waits this long for its tick. */
  private static final Duration IDLE = Duration.ofMillis(500);

  /** After so long without events. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** A server that is slow to answer is left alone for as long as it took. */
  private Optional<Duration> hurry = Optional.empty();

  private Duration cost = Duration.ZERO;
  private boolean crowded;
  private Duration quiet = Duration.ZERO;

  /**
   * What a look found.
   *
   * @param shortestLag of the queues in a hurry; empty when there are none
   * @param events that were waiting for a tick
   * @param took how long it took, with the ticks
   */
  void looked(Optional<Duration> shortestLag, long events, Duration took) {
    Duration since = pause().orElse(IDLE).plus(took);
    crowded = events > CROWD * since.toMillis();
    quiet = events > 0 ? Duration.ZERO : quiet.plus(since);
    hurry = shortestLag;
    cost = took;
  }

  boolean isHurried() {
    return hurry.isPresent();
  }

  /** Until the next look; empty when no queue is in a hurry. */
  Optional<Duration> pause() {
    return hurry.map(
        lag -> {
          Duration busy = longer(longer(SHORTEST, lag.dividedBy(2)), cost);
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
