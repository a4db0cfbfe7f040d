package dev.jlondiste.ticker;

import dev.jlondiste.loop.Backoff;
import dev.jlondiste.loop.FailedAttempt;
import dev.jlondiste.loop.FaultLog;
import dev.jlondiste.loop.FaultReport;
import dev.jlondiste.loop.FaultRules;
import dev.jlondiste.loop.RetryPolicy;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * A ticker retries without limit, and resumes within ten seconds after its server returns. A
 * repeated message is logged once a minute, so that a long outage does not fill the log.
 */
final class TickerFaults implements FaultRules {
  private static final Logger log = LoggerFactory.getLogger(TickerFaults.class);
  private static final Backoff BACKOFF = Backoff.upTo(Duration.ofSeconds(10));

  /** Between two lines about the same failure. */
  static final Duration REPEAT_MESSAGE = Duration.ofMinutes(1);

  private final String prefix;

  private TickerFaults(String prefix) {
    this.prefix = prefix;
  }

  /** {@code prefix} starts each log line: {@code [db]: retry}. */
  static RetryPolicy policy(String prefix, InstantSource clock) {
    return new RetryPolicy(
        new TickerFaults(prefix), new FaultLog(log, prefix, REPEAT_MESSAGE, clock));
  }

  @Override
  public Optional<FailedAttempt> attempt(Exception failure, int number) {
    return Optional.of(FailedAttempt.of(failure, number, BACKOFF));
  }

  @Override
  public FaultReport report(FailedAttempt attempt) {
    String message = firstLine(attempt.failure());
    boolean isBug = !(attempt.failure() instanceof SQLException);
    String again = isBug ? "" : " (retrying every %d s)".formatted(BACKOFF.max().toSeconds());
    return FaultReport.of(Level.ERROR, message, prefix + " " + message + again).traced(isBug);
  }

  @Override
  public void recovered(String count) {
    log.info("{} works again after {}", prefix, count);
  }

  /** The server's message, without the lines about the context in which it occurred. */
  static String firstLine(Exception failure) {
    return FaultReport.firstLine(String.valueOf(failure.getMessage()))
        .replaceFirst("^(ERROR|FATAL): ", "");
  }
}
