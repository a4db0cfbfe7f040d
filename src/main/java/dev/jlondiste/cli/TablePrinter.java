package dev.jlondiste.cli;

import java.io.PrintStream;
import java.util.List;

/**
 * Prints rows under headers: left-aligned columns, at least 15 characters wide and two blanks
 * apart, then two empty lines. Prints nothing for an empty list.
 */
public final class TablePrinter {
  private static final int MIN_WIDTH = 15;

  private TablePrinter() {}

  public static void print(
      PrintStream out, String title, List<String> columns, List<List<String>> rows) {
    if (rows.isEmpty()) {
      return;
    }
    int[] widths = new int[columns.size()];
    for (int i = 0; i < widths.length; i++) {
      int column = i;
      widths[i] =
          rows.stream()
              .mapToInt(row -> row.get(column).length())
              .reduce(Math.max(MIN_WIDTH, columns.get(i).length()), Math::max);
    }
    if (!title.isEmpty()) {
      out.println(title);
    }
    printRow(out, widths, columns);
    printRow(out, widths, java.util.Arrays.stream(widths).mapToObj("-"::repeat).toList());
    rows.forEach(row -> printRow(out, widths, row));
    out.println();
    out.println();
  }

  /** The last column is not padded. */
  private static void printRow(PrintStream out, int[] widths, List<String> cells) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String cell = cells.get(i);
      line.append(cell);
      if (i < widths.length - 1) {
        line.append(" ".repeat(widths[i] - cell.length() + 2));
      }
    }
    out.println(line);
  }
}
