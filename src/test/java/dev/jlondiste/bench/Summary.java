package dev.jlondiste.bench;

import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** One figure of one contender over all rounds. */
record Summary(
    String workload,
    String figure,
    Unit unit,
    Kind contender,
    int rounds,
    double median,
    double min,
    double max,
    Map<Part, Usage> usage,
    long peakHeap) {

  /** Statistics of the valid measurements, of which there is at least one. */
  static Summary of(List<Measurement> all) {
    Measurement any = all.get(0);
    DoubleSummaryStatistics values =
        all.stream().mapToDouble(Measurement::value).summaryStatistics();
    Map<Part, Usage> usage = new EnumMap<>(Part.class);
    for (Part part : Part.values()) {
      usage.put(
          part,
          new Usage(
              median(all, one -> of(one, part).cpuSeconds()),
              all.stream().mapToLong(one -> of(one, part).peakRss()).max().orElse(0)));
    }
    return new Summary(
        any.workload(),
        any.figure(),
        any.unit(),
        any.contender(),
        all.size(),
        median(all, Measurement::value),
        values.getMin(),
        values.getMax(),
        usage,
        all.stream().mapToLong(Measurement::peakHeap).max().orElse(0));
  }

  Usage usage(Part part) {
    return usage.getOrDefault(part, Usage.NONE);
  }

  private static Usage of(Measurement one, Part part) {
    return one.usage().getOrDefault(part, Usage.NONE);
  }

  private static double median(List<Measurement> all, ToDoubleFunction<Measurement> value) {
    double[] sorted = all.stream().mapToDouble(value).toArray();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  boolean sameFigure(Summary other) {
    return workload.equals(other.workload) && figure.equals(other.figure);
  }

  /**
   * Jlondiste's median divided by this median; empty for jlondiste itself, and if a value is
   * missing.
   */
  OptionalDouble ratio(List<Summary> all) {
    if (contender == Kind.JLONDISTE || median == 0) {
      return OptionalDouble.empty();
    }
    return all.stream()
        .filter(other -> other.contender == Kind.JLONDISTE && sameFigure(other))
        .mapToDouble(ours -> ours.median / median)
        .findFirst();
  }
}
