package dev.jlondiste.fault;

import org.jspecify.annotations.Nullable;

/** The one place that formats a hint below a problem, as {@code psql} prints it. */
public final class Hint {
  private static final String LABEL = "HINT:  ";

  private Hint() {}

  /** {@code problem}, and in a line of its own {@code hint} if there is one. */
  public static String after(String problem, @Nullable String hint) {
    return hint == null || hint.isEmpty() ? problem : problem + "\n" + line(hint);
  }

  /** The line alone, for output that has printed the problem. */
  public static String line(String hint) {
    return LABEL + hint;
  }
}
