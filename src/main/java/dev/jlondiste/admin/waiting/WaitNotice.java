package dev.jlondiste.admin.waiting;

import dev.jlondiste.fault.UserError;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what a {@link Wait} waits for: after 10 seconds, then whenever the causes change, and once a
 * minute. Used by one thread.
 */
public final class WaitNotice {
  private static final Logger log = LoggerFactory.getLogger(WaitNotice.class);
  private static final Duration FIRST_REPORT = Duration.ofSeconds(10);
  private static final Duration REPEAT = Duration.ofMinutes(1);

  /**
   * The first check is before the first report, because some obstacles are found only by comparing
   * two checks.
   */
  private static final Duration FIRST_CHECK = Duration.ofSeconds(4);

  /** Finding the causes costs queries on several nodes. */
  private static final Duration BETWEEN_CHECKS = Duration.ofSeconds(2);

  private final String goal;
  private final Causes causes;
  private final InstantSource clock;
  private final Instant started;
  private Instant nextCheck;
  private Instant nextRepeat = Instant.MIN;
  private List<String> reported = List.of();

  /** Finds the obstacles of a wait. */
  @FunctionalInterface
  public interface Causes {
    /** Returns empty if nothing is wrong and the wait only takes time. */
    List<Obstacle> now() throws SQLException;
  }

  /**
   * The wait starts now.
   *
   * @param goal completes the sentence "Still waiting ... for"
   */
  WaitNotice(String goal, Causes causes) {
    this(goal, causes, InstantSource.system());
  }

  WaitNotice(String goal, Causes causes, InstantSource clock) {
    this.goal = goal;
    this.causes = causes;
    this.clock = clock;
    this.started = clock.instant();
    this.nextCheck = started.plus(FIRST_CHECK);
  }

  /** Logs a notice when one is due. Called at every poll. */
  void update() {
    Instant now = clock.instant();
    if (now.isBefore(nextCheck)) {
      return;
    }
    List<Obstacle> found = find(causes);
    nextCheck = clock.instant().plus(BETWEEN_CHECKS);
    if (now.isBefore(started.plus(FIRST_REPORT))) {
      return;
    }
    List<String> kinds = found.stream().map(Obstacle::cause).toList();
    if (kinds.equals(reported) && now.isBefore(nextRepeat)) {
      return;
    }
    reported = kinds;
    nextRepeat = now.plus(REPEAT);
    log.warn(
        "Still waiting ({} s) for {}{}",
        Duration.between(started, now).toSeconds(),
        goal,
        found.isEmpty() ? ": nothing is wrong, it takes its time" : ":");
    found.forEach(obstacle -> log.warn("  {}", obstacle.text()));
  }

  /** Returns the causes. An error while finding them is reported as a cause. */
  static List<Obstacle> find(Causes causes) {
    try {
      return causes.now();
    } catch (SQLException | UserError e) {
      String line = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      return List.of(Obstacle.of("cannot find out why: " + line));
    }
  }
}
