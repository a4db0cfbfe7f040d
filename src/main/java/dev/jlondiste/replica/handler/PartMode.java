package dev.jlondiste.replica.handler;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The time that selects the partition of a row. */
enum PartMode {
  /** The time of the tick at the end of the batch. */
  BATCH_TIME,
  /** The time of the event. */
  EVENT_TIME,
  /** The value of a column. */
  DATE_FIELD,
  /** The time when the batch is applied. */
  CURRENT_TIME;

  /** The value of argument {@code part_mode}. */
  String value() {
    return name().toLowerCase(Locale.ROOT);
  }

  static List<String> all() {
    return Arrays.stream(values()).map(PartMode::value).toList();
  }

  static PartMode parse(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
