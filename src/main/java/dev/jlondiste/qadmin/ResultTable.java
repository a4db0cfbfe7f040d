package dev.jlondiste.qadmin;

import java.io.PrintStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Prints rows as psql does: aligned, numbers to the right, nulls as empty, with a row count. */
final class ResultTable {
  /** A column; numbers are aligned to the right. */
  record Column(String name, boolean numeric) {
    static Column text(String name) {
      return new Column(name, false);
    }

    static Column number(String name) {
      return new Column(name, true);
    }
  }

  /** Marks a value that continues in the next line. */
  private static final String CONTINUED = "+";

  private final List<Column> columns;
  private final List<List<@Nullable String>> rows;
  private final int[] widths;

  private ResultTable(List<Column> columns, List<List<@Nullable String>> rows) {
    this.columns = columns;
    this.rows = rows;
    this.widths = columns.stream().mapToInt(column -> width(column.name())).toArray();
    for (List<@Nullable String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        for (String line : lines(row.get(i))) {
          widths[i] = Math.max(widths[i], width(line));
        }
      }
    }
  }

  /** Prints headers, rows, the row count such as {@code (2 rows)}, and an empty line. */
  static void print(PrintStream out, List<Column> columns, List<List<@Nullable String>> rows) {
    ResultTable table = new ResultTable(columns, rows);
    table.header(out);
    table.body(out);
    footer(out, rows.size());
  }

  /** Prints headers and rows of a part of a result. */
  static void printPart(PrintStream out, List<Column> columns, List<List<@Nullable String>> rows) {
    ResultTable table = new ResultTable(columns, rows);
    table.header(out);
    table.body(out);
  }

  static void footer(PrintStream out, long rows) {
    out.println("(" + rows + (rows == 1 ? " row)" : " rows)"));
    out.println();
  }

  private void header(PrintStream out) {
    StringBuilder names = new StringBuilder();
    StringBuilder rule = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String name = columns.get(i).name();
      int gap = widths[i] - width(name);
      names.append(i == 0 ? " " : "| ");
      names.append(" ".repeat(gap / 2)).append(name).append(" ".repeat(gap - gap / 2 + 1));
      rule.append(i == 0 ? "" : "+").append("-".repeat(widths[i] + 2));
    }
    out.println(names);
    out.println(rule);
  }

  private void body(PrintStream out) {
    for (List<@Nullable String> row : rows) {
      List<List<String>> cells = row.stream().map(ResultTable::lines).toList();
      int height = cells.stream().mapToInt(List::size).max().orElse(1);
      for (int i = 0; i < height; i++) {
        out.println(line(cells, i));
      }
    }
  }

  private String line(List<List<String>> cells, int number) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      List<String> lines = cells.get(i);
      String line = number < lines.size() ? lines.get(number) : "";
      String gap = " ".repeat(widths[i] - width(line));
      boolean continued = number < lines.size() - 1;
      boolean last = i == widths.length - 1;
      text.append(i == 0 ? " " : "| ");
      text.append(columns.get(i).numeric() ? gap + line : line + (last && !continued ? "" : gap));
      text.append(continued ? CONTINUED : last ? "" : " ");
    }
    return text.toString();
  }

  private static List<String> lines(@Nullable String value) {
    return value == null ? List.of("") : List.of(printable(value).split("\n", -1));
  }

  /** Replaces control characters by escapes, so that they do not affect the terminal. */
  private static String printable(String value) {
    if (value.chars().noneMatch(c -> c != '\n' && Character.isISOControl(c))) {
      return value;
    }
    StringBuilder text = new StringBuilder();
    value
        .codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '\n' -> text.append('\n');
                case '\t' -> text.append("\\t");
                case '\r' -> text.append("\\r");
                default -> {
                  if (Character.isISOControl(c)) {
                    text.append("\\x%02X".formatted(c));
                  } else {
                    text.appendCodePoint(c);
                  }
                }
              }
            });
    return text.toString();
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }
}
