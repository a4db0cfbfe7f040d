package dev.jlondiste.admin.readiness;

import dev.jlondiste.fault.Hint;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is in the way of a takeover, or worth knowing before it.
 *
 * @param text the problem with its values
 * @param hint the command or action that fixes it; null if the text says enough
 */
public record ReadinessFinding(Severity severity, Check check, String text, @Nullable String hint) {

  public boolean isBlocker() {
    return severity == Severity.BLOCKER;
  }

  /** The text and, in the line below it, the hint. */
  public String full() {
    return Hint.after(text, hint);
  }
}
