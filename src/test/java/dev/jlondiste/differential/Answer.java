package dev.jlondiste.differential;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What came of a step.
 *
 * @param columns names
 * @param warnings texts
 */
record Answer(
    List<String> columns, List<List<Cell>> rows, List<String> warnings, @Nullable Failure error) {
  /** An error of the server. */
  record Failure(String state, String message) {
    @Override
    public String toString() {
      return "ERROR " + state + ": " + message;
    }
  }

  static Answer of(Failure error, List<String> warnings) {
    return new Answer(List.of(), List.of(), warnings, error);
  }

  /** For rows without a defined order. */
  Answer sorted() {
    Comparator<List<Cell>> byText =
        Comparator.comparing(row -> row.stream().map(cell -> "" + cell.text()).toList().toString());
    Comparator<List<Cell>> byClock =
        Comparator.comparing(row -> row.stream().mapToDouble(Cell::seconds).sum());
    return new Answer(
        columns, rows.stream().sorted(byText.thenComparing(byClock)).toList(), warnings, error);
  }

  @Override
  public String toString() {
    String result =
        error != null
            ? error.toString()
            : columns + rows.stream().map(row -> "\n      " + row).collect(Collectors.joining());
    return result + (warnings.isEmpty() ? "" : "\n      warnings: " + warnings);
  }
}
