package dev.jlondiste.log;

import ch.qos.logback.classic.Level;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The two line formats that operators' scripts read. */
public enum LineStyle {
  /** {@code 2026-11-20 20:05:31,308 4711 INFO text}. */
  LONDISTE("yyyy-MM-dd HH:mm:ss,SSS", "%s %d %s ", "INFO", "TRACE", "CRITICAL"),

  /** {@code 2026-11-20 20:05:31.308 UTC [4711] LOG text}. */
  TICKER("yyyy-MM-dd HH:mm:ss.SSS zzz", "%s [%d] %s ", "LOG", "NOISE", "FATAL");

  private final DateTimeFormatter time;
  private final String prefix;
  private final String info;
  private final String trace;
  private final String fatal;

  LineStyle(String time, String prefix, String info, String trace, String fatal) {
    this.time = DateTimeFormatter.ofPattern(time, Locale.ROOT);
    this.prefix = prefix;
    this.info = info;
    this.trace = trace;
    this.fatal = fatal;
  }

  DateTimeFormatter time() {
    return time;
  }

  /** A format with three parameters: time, process id and level. */
  String prefix() {
    return prefix;
  }

  String levelName(Level level, boolean isFatal) {
    return switch (level.toInt()) {
      case Level.ERROR_INT -> isFatal ? fatal : "ERROR";
      case Level.WARN_INT -> "WARNING";
      case Level.INFO_INT -> info;
      case Level.DEBUG_INT -> "DEBUG";
      default -> trace;
    };
  }
}
