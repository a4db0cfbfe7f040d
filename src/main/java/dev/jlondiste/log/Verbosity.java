package dev.jlondiste.log;

import ch.qos.logback.classic.Level;

/** The amount of log output that {@code -q} and {@code -v} request. */
public enum Verbosity {
  QUIET,
  NORMAL,
  VERBOSE,
  TRACE;

  /**
   * {@code verbose} is the number of {@code -v} options; {@code -q} has an effect only without
   * them.
   */
  public static Verbosity of(boolean quiet, int verbose) {
    if (verbose > 0) {
      return verbose == 1 ? VERBOSE : TRACE;
    }
    return quiet ? QUIET : NORMAL;
  }

  /** True if failures are logged with their stack traces. */
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
