package dev.jlondiste.differential;

import dev.jlondiste.differential.Answer.Failure;
import java.util.List;
import java.util.Optional;

/** Compares two answers. */
final class Comparison {
  private Comparison() {}

  /** Says what is different first. */
  static Optional<String> difference(Answer reference, Answer ours) {
    Failure error = reference.error();
    Failure ourError = ours.error();
    if (error == null && ourError != null) {
      return Optional.of("only ours fails");
    } else if (error != null && ourError == null) {
      return Optional.of("only the reference fails");
    } else if (error != null && ourError != null) {
      if (!error.message().equals(ourError.message())) {
        return Optional.of("different error messages");
      }
      if (!error.state().substring(0, 2).equals(ourError.state().substring(0, 2))) {
        return Optional.of("different SQLSTATE classes");
      }
    }
    if (!reference.warnings().equals(ours.warnings())) {
      return Optional.of("different warnings");
    } else if (!reference.columns().equals(ours.columns())) {
      return Optional.of("different columns");
    } else if (reference.rows().size() != ours.rows().size()) {
      return Optional.of(
          "%d rows and %d rows".formatted(reference.rows().size(), ours.rows().size()));
    }
    for (int i = 0; i < ours.rows().size(); i++) {
      List<Cell> row = reference.rows().get(i);
      List<Cell> ourRow = ours.rows().get(i);
      for (int j = 0; j < row.size(); j++) {
        if (!row.get(j).agreesWith(ourRow.get(j))) {
          return Optional.of(
              "row %d, column %s: %s and %s"
                  .formatted(i + 1, ours.columns().get(j), row.get(j), ourRow.get(j)));
        }
      }
    }
    return Optional.empty();
  }
}
