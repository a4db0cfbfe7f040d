package dev.jlondiste.differential;

import java.util.List;

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
        .formatted(why, at + 1, what, without(ours, reference), without(reference, ours));
  }

  /** Rows that both have are of no interest. */
  private static Answer without(Answer other, Answer answer) {
    List<String> common = other.rows().stream().map(Object::toString).toList();
    return new Answer(
        answer.columns(),
        answer.rows().stream().filter(row -> !common.contains(row.toString())).toList(),
        answer.warnings(),
        answer.error());
  }
}
