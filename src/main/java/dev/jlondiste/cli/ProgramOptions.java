package dev.jlondiste.cli;

import dev.jlondiste.daemon.DaemonSignal;
import dev.jlondiste.log.Verbosity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of every program with an ini file, except {@code pgqd}. */
abstract class ProgramOptions {
  @Option(
      names = {"-h", "--help"},
      description = "show this help, or that of a command, and exit")
  boolean help;

  @Option(
      names = {"-V", "--version"},
      description = "print version and exit")
  boolean version;

  @Option(
      names = {"-q", "--quiet"},
      description = "log only warnings and errors")
  boolean quiet;

  @Option(
      names = {"-v", "--verbose"},
      description = "log more, with stack traces; twice: everything")
  boolean[] verbose = {};

  @Option(
      names = {"-d", "--daemon"},
      description = "run in the background")
  boolean daemon;

  @Option(names = "--ini", description = "print a sample ini file and exit")
  boolean ini;

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "override an ini value")
  List<String> set = new ArrayList<>();

  @Option(
      names = {"-s", "--stop"},
      description = "stop the running worker after its current batch")
  boolean stop;

  @Option(
      names = {"-k", "--kill"},
      description = "stop the running worker at once")
  boolean kill;

  @Option(
      names = {"-r", "--reload"},
      description = "reload the ini file in the running worker")
  boolean reload;

  /** Values that override those of the ini file, in the order given. */
  Map<String, String> overrides() {
    Map<String, String> values = new LinkedHashMap<>();
    for (String pair : set) {
      int equals = pair.indexOf('=');
      if (equals <= 0) {
        throw new UsageError("option --set: expected key=value, got '" + pair + "'");
      }
      values.put(pair.substring(0, equals).strip(), pair.substring(equals + 1).strip());
    }
    return values;
  }

  /** The signal that an option requests. */
  Optional<DaemonSignal> signal() {
    if (stop) {
      return Optional.of(DaemonSignal.FINISH);
    }
    if (kill) {
      return Optional.of(DaemonSignal.STOP_NOW);
    }
    return reload ? Optional.of(DaemonSignal.RELOAD) : Optional.empty();
  }

  Verbosity verbosity() {
    return Verbosity.of(quiet, verbose.length);
  }
}
