package dev.jlondiste.replica.script;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Versions of PostgreSQL, such as {@code >=12}, {@code <9.6} or {@code 14}, which means every minor
 * release of it.
 *
 * @param operator {@code =} for a version without operator
 * @param from the lowest {@code server_version_num} of the version
 * @param to the lowest one of the following version
 */
record ServerVersion(String operator, int from, int to) {
  private static final Pattern TEXT =
      Pattern.compile("(>=|<=|>|<|=)?\\s*(\\d{1,2})(?:\\.(\\d{1,2}))?");

  /** Before this version a major version had two numbers. */
  private static final int ONE_NUMBER = 10;

  /** Throws IllegalArgumentException if the text is no version. */
  static ServerVersion parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "expected a version of PostgreSQL, such as >=12, <18 or 14");
    }
    int major = Integer.parseInt(matcher.group(2));
    int second = matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3));
    boolean hasSecond = matcher.group(3) != null;
    int from = major * 10_000 + (major < ONE_NUMBER ? second * 100 : second);
    int size = !hasSecond ? 10_000 : major < ONE_NUMBER ? 100 : 1;
    return new ServerVersion(matcher.group(1) == null ? "=" : matcher.group(1), from, from + size);
  }

  boolean includes(int serverVersion) {
    return switch (operator) {
      case ">=" -> serverVersion >= from;
      case ">" -> serverVersion >= to;
      case "<" -> serverVersion < from;
      case "<=" -> serverVersion < to;
      default -> serverVersion >= from && serverVersion < to;
    };
  }
}
