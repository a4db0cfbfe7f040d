package dev.jlondiste.cascade;

import dev.jlondiste.config.JobSettings;
import java.time.Clock;
import java.time.Instant;

/**
 * Decides which failures are logged as warnings: those listed in {@code exception_quiet}, during
 * {@code exception_grace} after the first failure. Used by one thread only.
 */
public final class QuietFailures {
  private final Clock clock;
  private Instant graceStart = Instant.MIN;
  private Instant lastFailure = Instant.MIN;

  /** Creates an instance that has seen no failure. */
  public QuietFailures(Clock clock) {
    this.clock = clock;
  }

  /** Counts the failure; returns true if it is only a warning. */
  public boolean isQuiet(Exception failure, JobSettings job) {
    Instant now = clock.instant();
    if (lastFailure.equals(Instant.MIN) || lastFailure.plus(job.exceptionReset()).isBefore(now)) {
      graceStart = now;
    }
    lastFailure = now;
    return now.isBefore(graceStart.plus(job.exceptionGrace()))
        && (job.exceptionQuiet().contains("ALL")
            || LondisteErrorNames.of(failure).stream().anyMatch(job.exceptionQuiet()::contains));
  }
}
