package dev.jlondiste.bench;

import dev.jlondiste.bench.Measurement.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One workload with one contender in one round. Collects its figures and their validity. */
final class Cell {
  private record Figure(String name, Unit unit, double value, Map<Part, Usage> usage, long heap) {}

  private final String workload;
  private final Kind contender;
  private final int round;
  private final List<Figure> figures = new ArrayList<>();
  private final List<String> differences = new ArrayList<>();
  private String note = "";

  Cell(String workload, Kind contender, int round) {
    this.workload = workload;
    this.contender = contender;
    this.round = round;
  }

  interface Step {
    void run() throws Exception;
  }

  /**
   * The measurement of a step.
   *
   * @param heap peak heap of the contender's JVMs in bytes
   */
  record Measured(Duration time, Map<Part, Usage> usage, long heap) {
    double seconds() {
      return time.toNanos() / 1e9;
    }

    double cpu(Part part) {
      return usage.getOrDefault(part, Usage.NONE).cpuSeconds();
    }

    double cpu() {
      return usage.values().stream().mapToDouble(Usage::cpuSeconds).sum();
    }
  }

  Measured measure(Stage stage, Step step) throws Exception {
    try (Meter meter = Meter.start(stage)) {
      long from = System.nanoTime();
      step.run();
      Duration time = Duration.ofNanos(System.nanoTime() - from);
      return new Measured(time, meter.stop(), HeapLog.peak(stage.directory()));
    }
  }

  void figure(String name, Unit unit, double value, Measured measured) {
    figures.add(new Figure(name, unit, value, measured.usage(), measured.heap()));
  }

  void note(String text) {
    note = text;
  }

  /** Differences between source and target; any makes the figures invalid. */
  void differences(List<String> found) {
    differences.addAll(found);
  }

  List<Measurement> measurements() {
    Verdict verdict = differences.isEmpty() ? Verdict.EQUAL : Verdict.WRONG;
    String text = differences.isEmpty() ? note : String.join("; ", differences);
    return figures.stream()
        .map(
            figure ->
                new Measurement(
                    workload,
                    figure.name(),
                    figure.unit(),
                    contender,
                    round,
                    verdict,
                    figure.value(),
                    figure.usage(),
                    figure.heap(),
                    text))
        .toList();
  }

  /**
   * Marks the cell as failed. Earlier figures become invalid, too, because the tables were not
   * compared.
   */
  Measurement failed(String reason) {
    return new Measurement(
        workload,
        "-",
        Unit.SECONDS,
        contender,
        round,
        Verdict.FAILED,
        Double.NaN,
        Map.of(),
        0,
        reason);
  }
}
