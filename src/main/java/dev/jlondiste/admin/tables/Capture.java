package dev.jlondiste.admin.tables;

import dev.jlondiste.fault.UserError;
import java.util.Arrays;
import java.util.Locale;

/** How a table's changes get into the queue. */
public enum Capture {
  /** As well as the table allows: the next two, or else the last. */
  AUTO,
  /** One event-writing statement per statement of the application. */
  STATEMENT,
  /** One per row. */
  ROW,
  /** The trigger functions that the reference has, too. */
  COMPATIBLE;

  /** As an operator writes it. */
  public static Capture parse(String word) {
    return Arrays.stream(values())
        .filter(capture -> capture.toString().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new UserError(
                    "--capture: unknown kind '" + word + "'", "auto, statement, row, compatible"));
  }

  /** As {@code londiste.create_trigger} takes it. */
  String argument() {
    return "capture=" + this;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
