package dev.jlondiste.loop;

import dev.jlondiste.fault.UserError;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * Rules for a job that is not essential, such as listening for ticks: failures are logged at DEBUG
 * only. A {@link UserError} ends the loop, with a warning.
 */
public final class SideJobFaults implements FaultRules {
  private static final Duration REPEAT_PERIOD = Duration.ofMinutes(5);

  private final String job;
  private final Backoff backoff;
  private final Logger log;

  private SideJobFaults(String job, Backoff backoff, Logger log) {
    this.job = job;
    this.backoff = backoff;
    this.log = log;
  }

  /** {@code job} is the prefix of each log line. */
  public static RetryPolicy policy(String job, Backoff backoff, Logger log, InstantSource clock) {
    FaultLog faultLog = new FaultLog(log, job + ":", REPEAT_PERIOD, clock);
    return new RetryPolicy(new SideJobFaults(job, backoff, log), faultLog);
  }

  @Override
  public Optional<String> endsLoop(Exception failure) {
    if (failure instanceof UserError wrong) {
      log.warn("{} ended: {}", job, wrong.text());
      return Optional.of(wrong.problem());
    }
    return Optional.empty();
  }

  @Override
  public Optional<FailedAttempt> attempt(Exception failure, int number) {
    return Optional.of(FailedAttempt.of(failure, number, backoff));
  }

  @Override
  public FaultReport report(FailedAttempt attempt) {
    return FaultReport.of(Level.DEBUG, attempt.message(), job + ": " + attempt.message());
  }
}
