package dev.jlondiste.qadmin;

import dev.jlondiste.config.ConnectionString;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of {@code qadmin}. */
@Command(
    name = "qadmin",
    sortOptions = false,
    separator = " ",
    customSynopsis = "Usage: qadmin [options]",
    synopsisHeading = "",
    description = {
      "Manages the queues of a database by commands; 'show help;' lists them.",
      "Without -c and -f, commands are read from standard input."
    },
    footer = {
      "",
      "Keywords in -d override the other options, which override the PG* environment variables."
          + " Passwords belong in ~/.pgpass.",
      "",
      "Results are printed to standard output, errors to standard error. The first error ends the"
          + " program, except at a terminal. Exit code 0: success, 1: a command failed, 2: wrong"
          + " options."
    })
final class QadminOptions {
  /** A source of commands: a file name, or the commands themselves. */
  record Input(boolean isFile, String text) {}

  @Option(
      names = "-h",
      paramLabel = "HOST",
      description = "host of the server, or socket directory")
  private @Nullable String host;

  @Option(names = "-p", paramLabel = "PORT", description = "port of the server")
  private @Nullable String port;

  @Option(names = "-U", paramLabel = "USER", description = "user to log in as")
  private @Nullable String user;

  @Option(
      names = "-d",
      paramLabel = "DATABASE",
      description = "name of the database, or a connect string or URI")
  private @Nullable String database;

  @Option(names = "-Q", paramLabel = "QUEUE", description = "the default queue")
  private @Nullable String queue;

  @Option(names = "--help", order = 3, description = "show this help and exit")
  boolean help;

  @Option(names = "--version", order = 4, description = "print version and exit")
  boolean version;

  private final List<Input> inputs = new ArrayList<>();

  @Option(
      names = "-c",
      order = 1,
      paramLabel = "COMMANDS",
      description = "run these commands; repeatable; all -c and -f are run in their order")
  void addCommands(String commands) {
    inputs.add(new Input(false, commands));
  }

  @Option(
      names = "-f",
      order = 2,
      paramLabel = "FILE",
      description = "run the commands in FILE (- for standard input); repeatable")
  void addFile(String file) {
    inputs.add(new Input(true, file));
  }

  /** As in libpq's programs, keywords of a connect string in -d override other options. */
  ConnectionString target() {
    Map<String, String> given = new LinkedHashMap<>();
    put(given, "host", host);
    put(given, "port", port);
    put(given, "user", user);
    ConnectionString options = ConnectionString.parse("").with(given);
    if (database == null) {
      return options;
    }
    return isConnectString(database)
        ? options.overriddenBy(database)
        : options.withDatabase(database);
  }

  private static void put(Map<String, String> given, String keyword, @Nullable String value) {
    if (value != null) {
      given.put(keyword, value);
    }
  }

  private static boolean isConnectString(String text) {
    return text.contains("=") || text.startsWith("postgresql://") || text.startsWith("postgres://");
  }

  Optional<String> queue() {
    return Optional.ofNullable(queue);
  }

  List<Input> inputs() {
    return List.copyOf(inputs);
  }
}
