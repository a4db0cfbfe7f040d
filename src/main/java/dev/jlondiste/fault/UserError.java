package dev.jlondiste.fault;

import org.jspecify.annotations.Nullable;

/**
 * Something the operator can repair: printed as {@code ERROR: problem} and {@code HINT: hint},
 * never with a stack trace.
 */
public final class UserError extends RuntimeException {
  private final @Nullable String hint;

  /**
   * {@code problem} says what, where and with which value; {@code hint} says what to do about it.
   */
  public UserError(String problem, @Nullable String hint) {
    super(problem);
    this.hint = hint;
  }

  /** As above, keeping the failure that led here for {@code -v}. */
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

  /** What to do about it; null when the problem says it all. */
  public @Nullable String hint() {
    return hint;
  }
}
