package dev.jlondiste.fault;

import org.jspecify.annotations.Nullable;

/**
 * A problem that the operator can fix: printed as {@code ERROR: problem} and {@code HINT: hint},
 * never with a stack trace.
 */
public final class UserError extends RuntimeException {
  private final @Nullable String hint;

  /**
   * An error without a cause.
   *
   * @param problem what failed, where, and with which values
   * @param hint the command or action that fixes it; null if the problem says enough
   */
  public UserError(String problem, @Nullable String hint) {
    super(problem);
    this.hint = hint;
  }

  /** As above; {@code cause} is shown with {@code -v}. */
  public UserError(String problem, @Nullable String hint, Throwable cause) {
    super(problem, cause);
    this.hint = hint;
  }

  /** The text after {@code ERROR: }. */
  public String problem() {
    return String.valueOf(getMessage());
  }

  /** The problem and, in the line below it, the hint. */
  public String text() {
    return Hint.after(problem(), hint);
  }

  /** The text after {@code HINT: }; null if the problem says enough. */
  public @Nullable String hint() {
    return hint;
  }
}
