package dev.jlondiste.admin;

import dev.jlondiste.fault.UserError;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says what a command waits for, so that no wait is silent: after 10 seconds, then whenever the
 * causes change, and once a minute. Every command that waits asks it to {@link #look} in its loop.
 * Used by one thread.
 */
public final class WaitNotice {
  private static final Logger log = LoggerFactory.getLogger(WaitNotice.class);
  private static final Duration FIRST = Duration.ofSeconds(10);
  private static final Duration REPEAT = Duration.ofMinutes(1);

  /** Before it says anything: what should happen and does not shows only the next time. */
  private static final Duration FIRST_LOOK = Duration.ofSeconds(4);

  /** The causes are not free to find out. */
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);

  private final String goal;
  private final Causes causes;
  private final InstantSource clock;
  private final Instant started;
  private Instant nextLook;
  private Instant nextRepeat = Instant.MIN;
  private List<String> said = List.of();

  /** Finds out what holds the wait up. */
  @FunctionalInterface
  public interface Causes {
    /** Empty when nothing is wrong: then it just takes its time. */
    List<Obstacle> now() throws SQLException;
  }

  /**
   * The wait starts now.
   *
   * @param goal completes the sentence "Still waiting ... for"
   */
  public WaitNotice(String goal, Causes causes) {
    this(goal, causes, InstantSource.system());
  }

  WaitNotice(String goal, Causes causes, InstantSource clock) {
    this.goal = goal;
    this.causes = causes;
    this.clock = clock;
    this.started = clock.instant();
    this.nextLook = started.plus(FIRST_LOOK);
  }

  /** May be called as often as the wait looks at its goal. */
  public void look() {
    Instant now = clock.instant();
    if (now.isBefore(nextLook)) {
      return;
    }
    List<Obstacle> found = find();
    nextLook = clock.instant().plus(BETWEEN_LOOKS);
    if (now.isBefore(started.plus(FIRST))) {
      return;
    }
    List<String> kinds = found.stream().map(Obstacle::cause).toList();
    if (kinds.equals(said) && now.isBefore(nextRepeat)) {
      return;
    }
    said = kinds;
    nextRepeat = now.plus(REPEAT);
    log.warn(
        "Still waiting ({} s) for {}{}",
        Duration.between(started, now).toSeconds(),
        goal,
        found.isEmpty() ? ": nothing is wrong, it takes its time" : ":");
    found.forEach(obstacle -> log.warn("  {}", obstacle.text()));
  }

  private List<Obstacle> find() {
    try {
      return causes.now();
    } catch (SQLException | UserError e) {
      String line = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      return List.of(Obstacle.of("cannot find out why: " + line));
    }
  }
}
