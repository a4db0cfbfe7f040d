package dev.jlondiste.cascade;

import dev.jlondiste.loop.FaultLog;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The fault that stops a worker, from the first failed attempt until a batch succeeds. The first
 * failure is kept as the cause. A failure of a later attempt (a lost connection, a server that
 * restarts) is reported in addition. Only a failure that names its event replaces the cause: either
 * it is the same failure with more detail, or the first was repaired and this is the next. Used by
 * one thread only.
 */
final class Trouble {
  private static final Pattern STORED =
      Pattern.compile(
          "(?<cause>.*) \\(since (?<since>\\S+), (?<count>\\d{1,9}) failed attempts?.*\\)");
  private static final Pattern EVENT = Pattern.compile("ev_id (\\d{1,18}), .*");

  /**
   * The cause of the fault.
   *
   * @param event id of the event; 0 if not known
   * @param line location and reason, in one line
   * @param reason reason only, in one line
   * @param more further lines, for instance DETAIL
   */
  private record Cause(long event, String line, String reason, String more) {
    static Cause of(Exception failure) {
      String text =
          failure instanceof RefusedEvent refused
              ? refused.reason()
              : String.valueOf(failure.getMessage());
      String[] parts = text.split("\n", 2);
      String more = parts.length > 1 ? parts[1] : "";
      return failure instanceof RefusedEvent refused
          ? new Cause(refused.eventId(), refused.where() + ": " + parts[0], parts[0], more)
          : new Cause(0, parts[0], parts[0], more);
    }
  }

  private @Nullable Cause cause;
  private String latest = "";
  private String progress = "";
  private Instant since = Instant.EPOCH;
  private int attempts;

  boolean isOpen() {
    return cause != null;
  }

  /** Restores the fault that an earlier process has stored, unless an attempt has failed since. */
  void remember(String stored, Instant now) {
    if (cause != null) {
      return;
    }
    String[] parts = stored.split("\n", 2);
    Matcher matcher = STORED.matcher(parts[0]);
    String line = matcher.matches() ? matcher.group("cause") : parts[0];
    since = matcher.matches() ? instant(matcher.group("since"), now) : now;
    attempts = matcher.matches() ? Integer.parseInt(matcher.group("count")) : 0;
    Matcher event = EVENT.matcher(line);
    long id = event.matches() ? Long.parseLong(event.group(1)) : 0;
    int end = id == 0 ? -1 : line.indexOf(": ");
    cause =
        new Cause(
            id, line, line.substring(end < 0 ? 0 : end + 2), parts.length > 1 ? parts[1] : "");
  }

  private static Instant instant(String text, Instant otherwise) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      return otherwise;
    }
  }

  /** Sets the progress inside a tick; empty if the node is between two ticks. */
  void progress(String text) {
    progress = text;
  }

  /** Counts a failed attempt. Returns the location and reason of the failure in one line. */
  String failed(Exception failure, Instant now) {
    Cause next = Cause.of(failure);
    Cause known = cause;
    attempts++;
    latest = "";
    if (known == null) {
      begin(next, now);
    } else if (next.event() != 0 && next.event() != known.event()) {
      if (known.event() != 0) {
        attempts = 1;
        since = now;
      }
      cause = next;
    } else if (!next.reason().equals(known.reason())) {
      latest = next.reason();
    }
    return next.line();
  }

  private void begin(Cause first, Instant now) {
    cause = first;
    since = now;
    attempts = 1;
  }

  /** The text for {@code status}: a summary in the first line, then further lines of the cause. */
  String text() {
    Cause known = cause;
    if (known == null) {
      return "";
    }
    return known.line()
        + " (since "
        + since.truncatedTo(ChronoUnit.SECONDS)
        + ", "
        + attempts
        + (attempts == 1 ? " failed attempt" : " failed attempts")
        + (latest.isEmpty() ? "" : "; now: " + latest)
        + (progress.isEmpty() ? "" : "; " + progress)
        + ")"
        + (known.more().isEmpty() ? "" : "\n" + known.more());
  }

  /** {@code 14 failed attempts, 3 min}. */
  String count(Instant now) {
    return FaultLog.count(attempts, since, now);
  }

  /**
   * Ends the fault after a successful batch. Returns the number of attempts and their duration;
   * empty if no attempt had failed.
   */
  Optional<String> end(Instant now) {
    if (cause == null) {
      return Optional.empty();
    }
    String count = count(now);
    cause = null;
    latest = "";
    progress = "";
    attempts = 0;
    return Optional.of(count);
  }
}
