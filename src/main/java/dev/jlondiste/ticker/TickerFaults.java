package dev.jlondiste.ticker;

import dev.jlondiste.loop.Backoff;
import dev.jlondiste.loop.FaultPolicy;
import dev.jlondiste.loop.Reaction;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A ticker retries without limit, and resumes within ten seconds after its server returns. A
 * repeated message is logged once a minute, so that a long outage does not fill the log.
 */
final class TickerFaults implements FaultPolicy {
  private static final Logger log = LoggerFactory.getLogger(TickerFaults.class);
  private static final Duration MESSAGE_INTERVAL = Duration.ofMinutes(1);

  private static final Duration MAX_PAUSE = Duration.ofSeconds(10);

  private final String prefix;
  private final InstantSource clock;
  private final Backoff backoff = new Backoff(Duration.ofSeconds(1), MAX_PAUSE);
  private String lastMessage = "";
  private Instant lastLogged = Instant.EPOCH;

  /** {@code prefix} starts each log line: {@code [db]: retry}. */
  TickerFaults(String prefix, InstantSource clock) {
    this.prefix = prefix;
    this.clock = clock;
  }

  @Override
  public Reaction onFailure(Exception failure) {
    Duration pause = backoff.next();
    String message = firstLine(failure);
    Instant now = clock.instant();
    if (!message.equals(lastMessage) || lastLogged.plus(MESSAGE_INTERVAL).isBefore(now)) {
      lastMessage = message;
      lastLogged = now;
      if (failure instanceof SQLException) {
        log.error("{} {} (retrying every {} s)", prefix, message, MAX_PAUSE.toSeconds());
        log.debug("{} stack trace", prefix, failure);
      } else {
        log.error("{} {}", prefix, message, failure); // a bug: log the stack trace
      }
    }
    return Reaction.retryAfter(pause);
  }

  @Override
  public void onSuccess() {
    if (!lastMessage.isEmpty()) {
      log.info("{} works again", prefix);
      lastMessage = "";
    }
    backoff.reset();
  }

  /** The server's message, without the lines about the context in which it occurred. */
  static String firstLine(Exception failure) {
    return String.valueOf(failure.getMessage())
        .lines()
        .findFirst()
        .orElse("")
        .replaceFirst("^(ERROR|FATAL): ", "");
  }
}
