package dev.jlondiste.companion;

import dev.jlondiste.cascade.QuietFailures;
import dev.jlondiste.config.CompanionSettings;
import dev.jlondiste.fault.Hint;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.loop.Backoff;
import dev.jlondiste.loop.FailedAttempt;
import dev.jlondiste.loop.FaultLog;
import dev.jlondiste.loop.FaultReport;
import dev.jlondiste.loop.FaultRules;
import dev.jlondiste.loop.RetryPolicy;
import dev.jlondiste.metrics.Meters;
import dev.jlondiste.pgq.consumer.HandlerFailure;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Retries the failures of a program indefinitely, with pauses that grow up to {@code
 * exception_sleep}: to skip an event would lose it. Called by the program's loop only.
 */
public final class CompanionFaults implements FaultRules {
  private static final Logger log = LoggerFactory.getLogger(CompanionFaults.class);
  private static final Duration REPEAT_PERIOD = Duration.ofMinutes(5);

  private final Supplier<CompanionSettings> settings;
  private final Meters meters;
  private final QuietFailures quiet;

  private CompanionFaults(Supplier<CompanionSettings> settings, Meters meters, Clock clock) {
    this.settings = settings;
    this.meters = meters;
    this.quiet = new QuietFailures(clock);
  }

  /** Creates the policy for the loop of a program. */
  public static RetryPolicy policy(
      Supplier<CompanionSettings> settings, Meters meters, Clock clock) {
    String job = "Job " + settings.get().job().jobName() + ":";
    return new RetryPolicy(
        new CompanionFaults(settings, meters, clock), new FaultLog(log, job, REPEAT_PERIOD, clock));
  }

  @Override
  public Optional<FailedAttempt> attempt(Exception failure, int number) {
    Backoff backoff = Backoff.upTo(settings.get().job().exceptionSleep());
    return Optional.of(FailedAttempt.of(failure, number, backoff));
  }

  @Override
  public FaultReport report(FailedAttempt attempt) {
    Exception cause = cause(attempt.failure());
    String kind = cause instanceof SQLException ? "got error on connection" : "crashed";
    String text =
        "Job %s %s: %s (retrying in %d s)"
            .formatted(
                settings.get().job().jobName(), kind, attempt.message(), attempt.pauseSeconds());
    Level level = quiet.isQuiet(cause, settings.get().job()) ? Level.WARN : Level.ERROR;
    return FaultReport.of(level, attempt.message(), Hint.after(text, hint(cause).orElse(null)))
        .traced(cause instanceof RuntimeException && !(cause instanceof UserError));
  }

  @Override
  public void failed(FailedAttempt attempt) {
    meters.failure(settings.get().consumerName());
  }

  private static Exception cause(Exception failure) {
    return failure instanceof HandlerFailure && failure.getCause() instanceof Exception cause
        ? cause
        : failure;
  }

  private Optional<String> hint(Exception cause) {
    if (cause instanceof UserError wrong) {
      return Optional.ofNullable(wrong.hint());
    }
    String message = String.valueOf(cause.getMessage());
    if (message.contains("Not subscriber to queue")) {
      return Optional.of("register the consumer: option --register");
    }
    return message.contains("Event queue not found")
        ? Optional.of("create the queue: qadmin -c 'create queue NAME'")
        : Optional.empty();
  }
}
