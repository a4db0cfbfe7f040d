package dev.jlondiste.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The benchmark's command line. */
@Command(
    name = "benchmark",
    mixinStandardHelpOptions = true,
    description = "Compares jlondiste with other replication systems.")
final class Options {
  @Option(
      names = "--workloads",
      split = ",",
      description = "names or their prefixes; default: all; 'list' prints them",
      defaultValue = "all")
  private List<String> workloads = List.of();

  @Option(
      names = "--systems",
      split = ",",
      description = "default: all installed ones",
      defaultValue = "all")
  private List<String> systems = List.of();

  @Option(names = "--rounds", description = "default: ${DEFAULT-VALUE}", defaultValue = "5")
  private int rounds;

  @Option(
      names = "--scale",
      description = "factor for all sizes; default: ${DEFAULT-VALUE}",
      defaultValue = "1")
  private double scale;

  @Option(
      names = "--distribution",
      description = "the measured build; default: ${DEFAULT-VALUE}",
      defaultValue = "target/jlondiste")
  private Path distribution = Path.of(".");

  @Option(
      names = "--json",
      description = "file for the results in JSON; default: ${DEFAULT-VALUE}",
      defaultValue = "target/benchmark.json")
  private Path json = Path.of(".");

  @Option(names = "--logs", description = "keep the logs of all programs below this directory")
  private @Nullable Path logs;

  @Option(
      names = "--fsync",
      arity = "1",
      description = "of both servers; default: ${DEFAULT-VALUE}",
      defaultValue = "true")
  private boolean fsync;

  boolean wantsList() {
    return workloads.equals(List.of("list"));
  }

  List<Workload> workloads() {
    return Workloads.all(scale).stream()
        .filter(
            workload ->
                workloads.equals(List.of("all"))
                    || workloads.stream().anyMatch(workload.name()::startsWith))
        .toList();
  }

  /** The selected systems in their order, without those that are not installed. */
  List<Kind> systems() {
    return Arrays.stream(Kind.values())
        .filter(kind -> systems.equals(List.of("all")) || systems.contains(kind.label()))
        .filter(Kind::isInstalled)
        .toList();
  }

  /** Arguments that match no workload or system. */
  List<String> unknown() {
    List<String> known = Arrays.stream(Kind.values()).map(Kind::label).toList();
    List<String> names = Workloads.all(scale).stream().map(Workload::name).toList();
    List<String> unknown = new ArrayList<>();
    systems.stream()
        .filter(word -> !word.equals("all") && !known.contains(word))
        .forEach(unknown::add);
    workloads.stream()
        .filter(word -> !word.equals("all") && !word.equals("list"))
        .filter(word -> names.stream().noneMatch(name -> name.startsWith(word)))
        .forEach(unknown::add);
    return unknown;
  }

  int rounds() {
    return rounds;
  }

  double scale() {
    return scale;
  }

  Path distribution() {
    return distribution;
  }

  Path json() {
    return json;
  }

  Optional<Path> logs() {
    return Optional.ofNullable(logs);
  }

  boolean fsync() {
    return fsync;
  }
}
