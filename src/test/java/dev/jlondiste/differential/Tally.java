package dev.jlondiste.differential;

import java.util.Map;
import java.util.TreeMap;

/** Counts of the steps and of their results on the original. */
final class Tally {
  private final Map<String, Integer> succeeded = new TreeMap<>();
  private int steps;
  private int errors;
  private int rows;

  void count(Step step, Answer answer) {
    steps++;
    rows += answer.rows().size();
    if (answer.error() != null) {
      errors++;
    } else if (!step.what().isEmpty()) {
      succeeded.merge(step.what(), 1, Integer::sum);
    }
  }

  int steps() {
    return steps;
  }

  int errors() {
    return errors;
  }

  /** Functions, and how often they succeeded. */
  Map<String, Integer> succeeded() {
    return succeeded;
  }

  @Override
  public String toString() {
    return "%d steps, %d of them errors, %d rows; successful calls: %s"
        .formatted(steps, errors, rows, succeeded);
  }
}
