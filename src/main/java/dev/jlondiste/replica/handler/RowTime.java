package dev.jlondiste.replica.handler;

import dev.jlondiste.fault.UserError;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Dates and times as the server and event formats write them: {@code 2026-11-30}, {@code 2026-11-30
 * 12:30:00.5}, {@code 2026-11-30T12:30:00+02:00}.
 */
final class RowTime {
  private static final Pattern FORMAT =
      Pattern.compile(
          "(\\d{4})-(\\d{2})-(\\d{2})(?:[ T](\\d{2}):(\\d{2})(?::(\\d{2})(?:\\.\\d+)?)?)?"
              + " ?(?:(Z)|([+-]\\d{2}(?::?\\d{2}(?::?\\d{2})?)?))?");

  /** What to do about an event without a time: it stays as it is, whatever happens on the root. */
  static final String REMEDY =
      "on this node: change-handler with another part_mode, such as event_time; or remove-table";

  private RowTime() {}

  /**
   * Parses a value. One with an offset is a point in time, converted to {@code zone}; one without
   * has no zone.
   *
   * @param what the value in messages
   * @throws UserError if it is not a date or time
   */
  static LocalDateTime parse(String text, ZoneId zone, Supplier<String> what) {
    Matcher match = FORMAT.matcher(text);
    if (!match.matches()) {
      throw new UserError(problem(text, what), REMEDY);
    }
    try {
      LocalDateTime time =
          LocalDateTime.of(
              number(match, 1),
              number(match, 2),
              number(match, 3),
              number(match, 4),
              number(match, 5),
              number(match, 6));
      boolean hasOffset = match.group(7) != null || match.group(8) != null;
      return hasOffset
          ? OffsetDateTime.of(time, offset(match)).atZoneSameInstant(zone).toLocalDateTime()
          : time;
    } catch (DateTimeException e) {
      throw new UserError(problem(text, what), REMEDY, e);
    }
  }

  private static int number(Matcher match, int group) {
    String digits = match.group(group);
    return digits == null ? 0 : Integer.parseInt(digits);
  }

  private static ZoneOffset offset(Matcher match) {
    return match.group(7) != null ? ZoneOffset.UTC : ZoneOffset.of(match.group(8));
  }

  private static String problem(String text, Supplier<String> what) {
    return what.get() + " is '" + text + "', which is not a date or time of the years 0001 to 9999";
  }
}
