package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.daemon.NodeDaemon;
import dev.jlondiste.loop.Loops;
import dev.jlondiste.loop.StopSignal;
import dev.jlondiste.servers.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A node of a test's cascade: a database, an ini file, and a worker that can run in this JVM. */
public final class TestNode implements AutoCloseable {
  public static final String QUEUE = "testq";

  private final String name;
  private final @Nullable TestDatabase database;
  private final Path ini;
  private @Nullable Loops loops;
  private @Nullable NodeDaemon daemon;

  public TestNode(String name, TestDatabase database, Path directory, String... settings) {
    this(name, database, database.connectString(), directory, settings);
  }

  /** Reaches its database in another way, such as through a pooler. */
  public static TestNode through(
      String connectString,
      String name,
      TestDatabase database,
      Path directory,
      String... settings) {
    return new TestNode(name, database, connectString, directory, settings);
  }

  /** Only an ini file, for a database that is not there or not right. */
  public static TestNode withoutDatabase(String name, String connectString, Path directory) {
    return new TestNode(name, null, connectString, directory);
  }

  private TestNode(
      String name,
      @Nullable TestDatabase database,
      String connectString,
      Path directory,
      String... settings) {
    this.name = name;
    this.database = database;
    this.ini = directory.resolve(name + ".ini");
    try {
      Files.writeString(
          ini,
          """
          [londiste]
          db = %s
          pidfile = %s
          logfile = %s
          %s
          """
              .formatted(
                  connectString,
                  directory.resolve(name + ".pid"),
                  directory.resolve(name + ".log"),
                  String.join("\n", settings)
                      + unlessGiven(settings, "queue_name", QUEUE)
                      + unlessGiven(settings, "loop_delay", "0.1")
                      + unlessGiven(settings, "exception_sleep", "1")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String unlessGiven(String[] settings, String key, String value) {
    return List.of(settings).stream().anyMatch(s -> s.startsWith(key))
        ? ""
        : "\n" + key + " = " + value;
  }

  public String name() {
    return name;
  }

  public TestDatabase database() {
    if (database == null) {
      throw new IllegalStateException("node " + name + " has no database");
    }
    return database;
  }

  public Path ini() {
    return ini;
  }

  public NodeSettings settings() {
    return NodeSettings.read(ini, Map.of(), List.of("londiste3", "londiste")).settings();
  }

  /** By the command of that name; with a queue that ticks often enough for impatient tests. */
  public void createRoot() {
    command("create-root", name, database().connectString());
    tickOften();
  }

  /** Lets the queue of a root tick often enough for impatient tests. */
  void tickOften() {
    database()
        .execute("select pgq.set_queue_config('testq', 'ticker_max_lag', '100 milliseconds')");
    database().execute("select pgq.set_queue_config('testq', 'ticker_idle_period', '1 second')");
  }

  public void createBelow(NodeType type, TestNode provider) {
    command(
        "create-" + type,
        name,
        database().connectString(),
        "--provider=" + provider.database().connectString());
  }

  public void addTables(List<String> tables) {
    List<String> words = new ArrayList<>(List.of("add-table"));
    words.addAll(tables);
    command(words.toArray(String[]::new));
  }

  /** As typed by an operator; must succeed. */
  public CommandLine.Outcome command(String... words) {
    CommandLine.Outcome outcome = CommandLine.run(this, words);
    assertThat(outcome.code())
        .as("%s%n%s%s", List.of(words), outcome.out(), outcome.log())
        .isZero();
    return outcome;
  }

  /** Runs the worker in this JVM, which must not run it already. */
  public void start() {
    if (loops != null) {
      throw new IllegalStateException("the worker of node " + name + " runs already");
    }
    NodeDaemon service = new NodeDaemon(settings(), this::settings);
    StopSignal stop = new StopSignal();
    Loops running =
        new Loops(
            stop,
            end -> {
              if (service.stopsAfter(end)) { // as DaemonProcess does
                stop.request();
                service.close();
              }
            });
    service.start(running);
    loops = running;
    daemon = service;
  }

  public void stop() {
    if (loops != null && daemon != null) {
      try {
        loops.stopAll(Duration.ofSeconds(5), Duration.ofSeconds(2));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      daemon.close();
    }
    loops = null;
    daemon = null;
  }

  @Override
  public void close() {
    stop();
    if (database != null) {
      database.close();
    }
  }
}
