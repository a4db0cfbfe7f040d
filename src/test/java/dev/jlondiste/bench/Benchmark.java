package dev.jlondiste.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/** Runs each workload with each contender in turn, once in each round. */
public final class Benchmark {
  private static final int DONE = 0;
  private static final int INVALID_RESULTS = 1;
  private static final int WRONG_USAGE = 2;

  private final Options options;
  private final PrintStream out;
  private final Results results = new Results();

  private Benchmark(Options options, PrintStream out) {
    this.options = options;
    this.out = out;
  }

  public static void main(String[] arguments) throws IOException {
    System.exit(run(System.out, arguments));
  }

  /** Returns the exit code: 0 if every result is valid. */
  static int run(PrintStream out, String... arguments) throws IOException {
    Options options = new Options();
    CommandLine commandLine = new CommandLine(options);
    try {
      if (CommandLine.printHelpIfRequested(commandLine.parseArgs(arguments))) {
        return DONE;
      }
    } catch (CommandLine.ParameterException e) {
      out.println(e.getMessage());
      return WRONG_USAGE;
    }
    if (options.wantsList()) {
      Workloads.all(options.scale()).forEach(workload -> out.println(workload.name()));
      return DONE;
    }
    if (!options.unknown().isEmpty()) {
      out.println("No such workload or system: " + String.join(", ", options.unknown()));
      return WRONG_USAGE;
    }
    return new Benchmark(options, out).run();
  }

  private int run() throws IOException {
    try (Arena arena =
        Arena.start(options.fsync(), options.distribution(), options.logs().orElse(null))) {
      Map<String, String> conditions = conditions(arena);
      for (int round = 1; round <= options.rounds(); round++) {
        for (Workload workload : options.workloads()) {
          runAll(arena, workload, round);
          JsonReport.write(conditions, results, options.json());
        }
      }
      out.println();
      Report.print(conditions, results, out);
      out.println("JSON: " + options.json());
    }
    return results.faults().isEmpty() ? DONE : INVALID_RESULTS;
  }

  private void runAll(Arena arena, Workload workload, int round) {
    for (Kind kind : options.systems()) {
      if (kind.offers(workload.needs())) {
        List<Measurement> found = runOne(arena, workload, kind, round);
        results.add(found);
        found.forEach(this::report);
      }
    }
  }

  /** Reports a failure of the cell, so that the others run. */
  private static List<Measurement> runOne(Arena arena, Workload workload, Kind kind, int round) {
    Cell cell = new Cell(workload.name(), kind, round);
    try (Stage stage = new Stage(arena);
        Contender contender = kind.on(stage)) {
      try {
        workload.run(stage, contender, cell);
      } catch (Exception | AssertionError e) {
        throw new IllegalStateException(e.getMessage() + stage.problems(), e);
      }
    } catch (RuntimeException | AssertionError e) {
      return List.of(cell.failed(String.valueOf(e.getMessage())));
    }
    return cell.measurements();
  }

  private void report(Measurement measurement) {
    out.printf(
        "%s round %d  %s %s  %s: %s %s  %s%n",
        Instant.now().toString().substring(11, 19),
        measurement.round(),
        measurement.workload(),
        measurement.figure(),
        measurement.contender().label(),
        measurement.counts() ? Report.number(measurement.value()) : measurement.verdict().name(),
        measurement.counts() ? measurement.unit().label() : "",
        measurement.note());
    out.flush();
  }

  private Map<String, String> conditions(Arena arena) {
    Map<String, String> conditions = new LinkedHashMap<>();
    conditions.put("started", Instant.now().toString());
    conditions.put("machine", machine());
    conditions.put("server", arena.version() + ", twice: source and target");
    conditions.put("settings", String.join(", ", arena.settings()));
    conditions.put("distribution", options.distribution().toAbsolutePath().toString());
    conditions.put(
        "jlondiste", Program.run(List.of(arena.program("jlondiste"), "--version")).strip());
    conditions.put(
        "systems", String.join(", ", options.systems().stream().map(Kind::label).toList()));
    conditions.put("rounds", Integer.toString(options.rounds()));
    conditions.put("scale", Double.toString(options.scale()));
    return conditions;
  }

  private static String machine() {
    return Runtime.getRuntime().availableProcessors()
        + " processors, "
        + System.getProperty("os.name")
        + " "
        + System.getProperty("os.version")
        + ", Java "
        + System.getProperty("java.version");
  }
}
