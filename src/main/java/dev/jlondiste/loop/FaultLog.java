package dev.jlondiste.loop;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;

/**
 * Logs the failures of one job, and keeps the log short while a server is down: each different
 * failure is logged in full once, then at most one line with a count per period; everything else at
 * DEBUG. Used by one thread only.
 */
public final class FaultLog {
  /**
   * Number of different failures that are logged in full; texts with numbers could differ every
   * time.
   */
  private static final int MAX_FULL = 20;

  private final Logger log;
  private final String job;
  private final Duration period;
  private final InstantSource clock;
  private final Set<String> loggedInFull = new HashSet<>();
  private Instant lastLine = Instant.EPOCH;
  private Instant since = Instant.EPOCH;
  private int failures;

  /**
   * Creates a log without failures.
   *
   * @param log the logger of the job's class
   * @param job prefix of the lines about repeated failures, for example {@code Job leaf1:}
   * @param period between two repeats
   */
  public FaultLog(Logger log, String job, Duration period, InstantSource clock) {
    this.log = log;
    this.job = job;
    this.period = period;
    this.clock = clock;
  }

  /** Counts the failure, and logs it if a line is due. */
  public void failed(Exception failure, FaultReport report) {
    Instant now = clock.instant();
    if (failures++ == 0) {
      since = now;
    }
    if (loggedInFull.size() < MAX_FULL && loggedInFull.add(report.key())) {
      lastLine = now;
      full(failure, report);
    } else if (Duration.between(lastLine, now).compareTo(period) >= 0) {
      lastLine = now;
      log.atLevel(report.level())
          .log("{} still failing, {}: {}", job, count(report, now), report.brief());
    } else {
      log.debug("{} failed again, {}", job, count(report, now), failure);
    }
  }

  private void full(Exception failure, FaultReport report) {
    if (report.isTraced()) {
      log.atLevel(report.level()).setCause(failure).log(report.full());
    } else {
      log.atLevel(report.level()).log(report.full());
      log.debug("{} stack trace", job, failure);
    }
  }

  private String count(FaultReport report, Instant now) {
    return report.count().orElseGet(() -> count(failures, since, now));
  }

  /**
   * Ends the series of failures after a success. Returns the count of failures, empty if there was
   * none.
   */
  public Optional<String> succeeded() {
    if (failures == 0) {
      return Optional.empty();
    }
    String count = count(failures, since, clock.instant());
    failures = 0;
    loggedInFull.clear();
    return Optional.of(count);
  }

  /** {@code 14 failed attempts, 3 min}. */
  public static String count(int attempts, Instant since, Instant now) {
    Duration time = Duration.between(since, now);
    String shown =
        time.toMinutes() >= 2 ? time.toMinutes() + " min" : Math.max(0, time.toSeconds()) + " s";
    return attempts + (attempts == 1 ? " failed attempt, " : " failed attempts, ") + shown;
  }
}
