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
      "Administers the queues of a database by commands; 'show help;' lists them.",
      "Without -c and -f, commands are read from standard input."
    },
    footer = {
      "",
      "Keywords of -d override other options, which override the PG* variables. Keep passwords in"
          + " ~/.pgpass.",
      "",
      "Results go to standard output, errors to standard error. At a terminal an error is printed"
          + " and you can type the next command; otherwise the first error ends the program."
          + " Exit code 0: all commands succeeded, 1: a command failed, 2: wrong options."
    })
final class QadminOptions {
  /** Where commands are to be read from. */
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
      description = "run these commands; repeatable, in the order of all -c and -f")
  void addCommands(String commands) {
    inputs.add(new Input(false, commands));
  }

  @Option(
      names = "-f",
      order = 2,
      paramLabel = "FILE",
      description = "run the commands in FILE, - is standard input; repeatable")
  void addFile(String file) {
    inputs.add(new Input(true, file));
  }

  /** As libpq's programs do it: what -d says in a connect string wins. */
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
