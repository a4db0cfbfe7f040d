package dev.jlondiste.log;

import ch.qos.logback.classic.Level;

/** What {@code -q} and {@code -v} ask for. */
public enum Verbosity {
  QUIET,
  NORMAL,
  VERBOSE,
  TRACE;

  /** {@code -v} given so many times; {@code -q} counts only without it. */
  public static Verbosity of(boolean quiet, int verbose) {
    if (verbose > 0) {
      return verbose == 1 ? VERBOSE : TRACE;
    }
    return quiet ? QUIET : NORMAL;
  }

  /** True when failures come with their stack traces. */
  public boolean showsTraces() {
    return this == VERBOSE || this == TRACE;
  }

  Level level() {
    return switch (this) {
      case QUIET -> Level.WARN;
      case NORMAL -> Level.INFO;
      case VERBOSE -> Level.DEBUG;
      case TRACE -> Level.TRACE;
    };
  }
}
