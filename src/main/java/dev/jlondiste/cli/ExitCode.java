package dev.jlondiste.cli;

/** Exit codes of the programs. */
public final class ExitCode {
  /** Success, also if there was nothing to do. */
  public static final int DONE = 0;

  /** Refused or failed; the log has the reason. Also for wrong arguments and unknown commands. */
  public static final int FAILED = 1;

  /** An option that does not exist, is ambiguous or has no value. */
  public static final int USAGE = 2;

  /**
   * {@code compare} found tables that differ or could not be compared; {@code check} has findings.
   */
  public static final int DIFFERENT = 3;

  /** {@code check --cut-over} says no. */
  public static final int NOT_READY = 3;

  /** {@code status --check} has found problems. */
  public static final int PROBLEMS = 3;

  /** {@code wait-sync --all-but-failed} ended although some tables cannot be copied. */
  public static final int INCOMPLETE = 3;

  /** {@code takeover} did not fit in its pause; the old root is open. */
  public static final int OVER_BUDGET = 4;

  private ExitCode() {}
}
