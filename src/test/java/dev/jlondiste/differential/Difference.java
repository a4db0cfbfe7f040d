package dev.jlondiste.differential;

/**
 * Where the two sides part.
 *
 * @param at number of the step, or the count of steps when it shows only in what they left
 * @param what the step's SQL, or what was looked at
 */
record Difference(int at, String what, String why, Answer reference, Answer ours) {
  @Override
  public String toString() {
    return "%s%n  at step %d: %s%n  reference: %s%n  ours:      %s"
        .formatted(why, at + 1, what, reference, ours);
  }
}
