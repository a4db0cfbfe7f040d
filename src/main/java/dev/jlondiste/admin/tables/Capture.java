package dev.jlondiste.admin.tables;

import dev.jlondiste.fault.UserError;
import java.util.Arrays;
import java.util.Locale;

/** How a table's changes are captured into the queue. */
public enum Capture {
  /** The best kind that the table allows: STATEMENT, ROW, or else COMPATIBLE. */
  AUTO,
  /** One event-writing statement per statement of the application. */
  STATEMENT,
  /** One event-writing statement per row. */
  ROW,
  /** The trigger functions of Londiste and PgQ. */
  COMPATIBLE;

  /** Parses the value of {@code --capture}; throws UserError for an unknown kind. */
  public static Capture parse(String word) {
    return Arrays.stream(values())
        .filter(capture -> capture.toString().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new UserError(
                    "--capture: unknown kind '" + word + "'", "auto, statement, row, compatible"));
  }

  /** The argument of {@code londiste.create_trigger}. */
  String argument() {
    return "capture=" + this;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
