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
 * A ticker never gives up: it comes back within ten seconds after its server does. The same message
 * is logged once a minute, so that a night without server leaves a readable log.
 */
final class TickerFaults implements FaultPolicy {
  private static final Logger log = LoggerFactory.getLogger(TickerFaults.class);
  private static final Duration REPEAT_MESSAGE = Duration.ofMinutes(1);

  private static final Duration MAX_PAUSE = Duration.ofSeconds(10);

  private final String who;
  private final InstantSource clock;
  private final Backoff backoff = new Backoff(Duration.ofSeconds(1), MAX_PAUSE);
  private String lastMessage = "";
  private Instant lastLogged = Instant.EPOCH;

  /** {@code who} starts each log line: {@code [db]: retry}. */
  TickerFaults(String who, InstantSource clock) {
    this.who = who;
    this.clock = clock;
  }

  @Override
  public Reaction onFailure(Exception failure) {
    Duration pause = backoff.next();
    String message = firstLine(failure);
    Instant now = clock.instant();
    if (!message.equals(lastMessage) || lastLogged.plus(REPEAT_MESSAGE).isBefore(now)) {
      lastMessage = message;
      lastLogged = now;
      if (failure instanceof SQLException) {
        log.error("{} {} (trying again every {} s)", who, message, MAX_PAUSE.toSeconds());
        log.debug("{} stack trace", who, failure);
      } else {
        log.error("{} {}", who, message, failure); // a bug of ours: say where
      }
    }
    return Reaction.retryAfter(pause);
  }

  @Override
  public void onSuccess() {
    if (!lastMessage.isEmpty()) {
      log.info("{} works again", who);
      lastMessage = "";
    }
    backoff.reset();
  }

  /** What the server says, without the lines that tell where in its functions it said so. */
  static String firstLine(Exception failure) {
    return String.valueOf(failure.getMessage())
        .lines()
        .findFirst()
        .orElse("")
        .replaceFirst("^(ERROR|FATAL): ", "");
  }
}
