package dev.jlondiste.replica.obfuscation;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of a value from which its hash is computed: the one that COPY writes in time zone UTC.
 * Native capture writes booleans and times as JSON does, with the offset of the writing session. A
 * value has the same hash either way, because the hash depends only on this text.
 */
final class ValueText {
  private static final int MIN_TIME_LENGTH = "2026-11-30T12:00:00".length();

  private static final Pattern TIME =
      Pattern.compile(
          "(\\d{4,6})-(\\d{2})-(\\d{2})T(\\d{2}):(\\d{2}):(\\d{2})(\\.\\d+)?"
              + "(?:Z|([+-])(\\d{2})(?::?(\\d{2}))?(?::?(\\d{2}))?)?( BC)?");

  private static final int FRACTION = 7;
  private static final int SIGN = 8;
  private static final int BEFORE_CHRIST = 12;
  private static final int SECONDS_PER_MINUTE = 60;

  private static final DateTimeFormatter AFTER_YEAR =
      DateTimeFormatter.ofPattern("-MM-dd HH:mm:ss", Locale.ROOT);

  private ValueText() {}

  static byte[] canonical(byte[] value) {
    if (mayDiffer(value)) {
      String text = new String(value, StandardCharsets.ISO_8859_1);
      return canonical(text).getBytes(StandardCharsets.ISO_8859_1);
    }
    return value;
  }

  /** False for most texts, at little cost. */
  private static boolean mayDiffer(byte[] value) {
    return value.length == "true".length()
        || value.length == "false".length()
        || (value.length >= MIN_TIME_LENGTH && Character.isDigit(value[0]));
  }

  private static String canonical(String text) {
    if (text.equals("true")) {
      return "t";
    }
    if (text.equals("false")) {
      return "f";
    }
    Matcher match = TIME.matcher(text);
    return match.matches() ? time(match, text) : text;
  }

  private static String time(Matcher match, String text) {
    boolean hasOffset = match.group(SIGN) != null || text.contains("Z");
    try {
      LocalDateTime time =
          LocalDateTime.of(
                  match.group(BEFORE_CHRIST) == null ? number(match, 1) : 1 - number(match, 1),
                  number(match, 2),
                  number(match, 3),
                  number(match, 4),
                  number(match, 5),
                  number(match, 6))
              .minusSeconds(offset(match));
      int year = time.getYear();
      return String.format(Locale.ROOT, "%04d", year > 0 ? year : 1 - year)
          + AFTER_YEAR.format(time)
          + (match.group(FRACTION) == null ? "" : match.group(FRACTION))
          + (hasOffset ? "+00" : "")
          + (year > 0 ? "" : " BC");
    } catch (DateTimeException e) {
      return text; // not a time
    }
  }

  private static long offset(Matcher match) {
    long seconds =
        ((long) number(match, SIGN + 1) * SECONDS_PER_MINUTE + number(match, SIGN + 2))
                * SECONDS_PER_MINUTE
            + number(match, SIGN + 3);
    return "-".equals(match.group(SIGN)) ? -seconds : seconds;
  }

  private static int number(Matcher match, int group) {
    String digits = match.group(group);
    return digits == null ? 0 : Integer.parseInt(digits);
  }
}
