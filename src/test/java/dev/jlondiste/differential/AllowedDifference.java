package dev.jlondiste.differential;

import dev.jlondiste.differential.Answer.Failure;
import java.util.Arrays;

/** All that may differ, and why. Anything else is a fault. */
enum AllowedDifference {
  SQLSTATE_IS_SPECIFIC(
      "The reference raises P0001 from PL/pgSQL and XX000 from C; ours may say what it is.") {
    @Override
    boolean covers(Failure reference, Failure ours) {
      return (reference.state().equals("P0001") || reference.state().equals("XX000"))
          && reference.message().equals(ours.message());
    }
  };

  private final String reason;

  AllowedDifference(String reason) {
    this.reason = reason;
  }

  abstract boolean covers(Failure reference, Failure ours);

  static boolean anyCovers(Failure reference, Failure ours) {
    return Arrays.stream(values()).anyMatch(allowed -> allowed.covers(reference, ours));
  }

  @Override
  public String toString() {
    return name() + ": " + reason;
  }
}
