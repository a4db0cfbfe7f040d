package dev.jlondiste.cli;

/** What a command leaves to the shell. */
public final class ExitCode {
  /** Done, or nothing was left to do. */
  public static final int DONE = 0;

  /** Refused or failed; the log says why. Wrong arguments and unknown commands count here, too. */
  public static final int FAILED = 1;

  /** An option that does not exist, is ambiguous, or lacks its value. */
  public static final int USAGE = 2;

  /** {@code compare} returns the number of tables that differ, at most this. */
  public static final int MOST_DIFFERENCES = 125;

  /** {@code compare} could not compare. */
  public static final int NOT_COMPARED = 126;

  private ExitCode() {}
}
