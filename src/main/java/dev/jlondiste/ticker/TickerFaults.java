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

/** A ticker never gives up: it comes back within ten seconds after its server does. */
final class TickerFaults implements FaultRules {
  private static final Logger log = LoggerFactory.getLogger(TickerFaults.class);
  private static final Backoff BACKOFF = Backoff.upTo(Duration.ofSeconds(10));

  /** Between two lines about the same failure. */
  static final Duration REPEAT_MESSAGE = Duration.ofMinutes(1);

  private final String who;

  private TickerFaults(String who) {
    this.who = who;
  }

  /** {@code who} starts each log line: {@code [db]: retry}. */
  static RetryPolicy policy(String who, InstantSource clock) {
    return new RetryPolicy(new TickerFaults(who), new FaultLog(log, who, REPEAT_MESSAGE, clock));
  }

  @Override
  public Optional<FailedAttempt> attempt(Exception failure, int number) {
    return Optional.of(FailedAttempt.of(failure, number, BACKOFF));
  }

  @Override
  public FaultReport report(FailedAttempt attempt) {
    String message = firstLine(attempt.failure());
    boolean isBug = !(attempt.failure() instanceof SQLException);
    String again = isBug ? "" : " (trying again every %d s)".formatted(BACKOFF.max().toSeconds());
    return FaultReport.of(Level.ERROR, message, who + " " + message + again).traced(isBug);
  }

  @Override
  public void recovered(String count) {
    log.info("{} works again after {}", who, count);
  }

  /** What the server says, without the lines that tell where in its functions it said so. */
  static String firstLine(Exception failure) {
    return FaultReport.firstLine(String.valueOf(failure.getMessage()))
        .replaceFirst("^(ERROR|FATAL): ", "");
  }
}
