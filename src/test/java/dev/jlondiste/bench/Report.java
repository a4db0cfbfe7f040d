package dev.jlondiste.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The report as a text table. */
final class Report {
  private static final List<String> HEADER =
      List.of(
          "workload",
          "figure",
          "system",
          "median",
          "min",
          "max",
          "unit",
          "n",
          "ours/it",
          "source",
          "target",
          "daemons",
          "client",
          "RSS MB",
          "heap MB");

  private Report() {}

  static void print(Map<String, String> conditions, Results results, PrintStream out) {
    conditions.forEach((name, value) -> out.println(name + ": " + value));
    out.println();
    out.println(
        "ours/it: jlondiste's median divided by that system's. source to client: CPU seconds,"
            + " medians. RSS: daemons' biggest process.");
    out.println();
    List<List<String>> rows = new ArrayList<>(List.of(HEADER));
    List<Summary> summaries = results.summaries();
    Summary before = null;
    for (Summary summary : summaries) {
      rows.add(row(summary, summaries, before != null && before.sameFigure(summary)));
      before = summary;
    }
    printTable(rows, out);
    for (Measurement fault : results.faults()) {
      out.printf(
          "%s: %s, %s, round %d: %s%n",
          fault.verdict(),
          fault.workload(),
          fault.contender().label(),
          fault.round(),
          fault.note());
    }
  }

  private static List<String> row(Summary summary, List<Summary> all, boolean sameFigure) {
    List<String> row = new ArrayList<>();
    row.add(sameFigure ? "" : summary.workload());
    row.add(sameFigure ? "" : summary.figure());
    row.add(summary.contender().label());
    row.add(number(summary.median()));
    row.add(number(summary.min()));
    row.add(number(summary.max()));
    row.add(summary.unit().label());
    row.add(Integer.toString(summary.rounds()));
    row.add(
        summary.ratio(all).isPresent()
            ? String.format(Locale.ROOT, "%.2f", summary.ratio(all).getAsDouble())
            : "");
    for (Part part : Part.values()) {
      row.add(String.format(Locale.ROOT, "%.2f", summary.usage(part).cpuSeconds()));
    }
    row.add(megabytes(summary.usage(Part.DAEMONS).peakRss()));
    row.add(megabytes(summary.peakHeap()));
    return row;
  }

  private static String megabytes(long bytes) {
    return bytes == 0 ? "" : Long.toString(bytes >> 20);
  }

  /** Formats a number with four significant digits. */
  static String number(double value) {
    double size = Math.abs(value);
    String format = size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f";
    return String.format(Locale.ROOT, format, value);
  }

  private static void printTable(List<List<String>> rows, PrintStream out) {
    int[] widths = new int[HEADER.size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        boolean text = i < 3 || i == 6;
        line.append(String.format("%" + (text ? "-" : "") + widths[i] + "s  ", row.get(i)));
      }
      out.println(line.toString().stripTrailing());
    }
  }
}
