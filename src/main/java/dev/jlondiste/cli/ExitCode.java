package dev.jlondiste.cli;

/** What a command leaves to the shell. */
public final class ExitCode {
  /** Done, or nothing was left to do. */
  public static final int DONE = 0;

  /** Refused or failed; the log says why. Wrong arguments and unknown commands count here, too. */
  public static final int FAILED = 1;

  /** An option that does not exist, is ambiguous, or lacks its value. */
  public static final int USAGE = 2;

  /**
   * {@code compare} found tables that differ or could not compare some; {@code check} found
   * something.
   */
  public static final int DIFFERENT = 3;

  /** {@code wait-sync --all-but-failed} left tables behind that cannot be copied. */
  public static final int INCOMPLETE = 3;

  private ExitCode() {}
}
