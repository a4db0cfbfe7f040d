package dev.jlondiste.replica.handler;

import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The width of a partition. */
enum Period {
  DAY("_%(year)s_%(month)s_%(day)s"),
  MONTH("_%(year)s_%(month)s"),
  YEAR("_%(year)s"),
  HOUR("_%(year)s_%(month)s_%(day)s_%(hour)s");

  private final String suffix;

  Period(String suffix) {
    this.suffix = suffix;
  }

  /** The value of argument {@code period}, which SQL functions know as well. */
  String sqlName() {
    return name().toLowerCase(Locale.ROOT);
  }

  static List<String> sqlNames() {
    return Arrays.stream(values()).map(Period::sqlName).toList();
  }

  static Period parse(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }

  /** The template of partition names; {@code drop_obsolete_partitions} expects this form. */
  String nameTemplate() {
    return "%(parent)s" + suffix;
  }

  /** When the partition begins that contains {@code time}. */
  LocalDateTime start(LocalDateTime time) {
    return switch (this) {
      case HOUR -> time.truncatedTo(ChronoUnit.HOURS);
      case DAY -> time.truncatedTo(ChronoUnit.DAYS);
      case MONTH -> time.truncatedTo(ChronoUnit.DAYS).withDayOfMonth(1);
      case YEAR -> time.truncatedTo(ChronoUnit.DAYS).withDayOfYear(1);
    };
  }
}
