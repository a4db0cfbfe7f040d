package dev.jlondiste.cli;

import dev.jlondiste.daemon.DaemonSignal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The options that every command has. */
@Command(name = "londiste3")
final class CommonOptions {
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

  @Option(names = "--queue", paramLabel = "QUEUE", description = "override queue_name")
  @Nullable String queue;

  @Option(
      names = "--lock-wait",
      paramLabel = "SECONDS",
      description = "override lock_timeout: how long to try to lock tables")
  @Nullable String lockWait;

  @Option(
      names = "--dead",
      paramLabel = "NODE",
      description = "treat NODE as dead in this run: do not connect to it; repeatable")
  List<String> dead = new ArrayList<>();

  @Option(names = "--copy-condition", hidden = true, paramLabel = "COND")
  @Nullable String copyCondition;

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
    if (queue != null) {
      values.put("queue_name", queue);
    }
    if (lockWait != null) {
      values.put("lock_timeout", lockWait);
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
}
