package dev.jlondiste.cluster;

import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.daemon.NodeDaemon;
import dev.jlondiste.db.TableName;
import dev.jlondiste.loop.Loops;
import dev.jlondiste.loop.StopSignal;
import dev.jlondiste.replica.LondisteFunctions;
import dev.jlondiste.servers.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A node of a test's cascade: a database, an ini file, and a worker that can run in this JVM. */
public final class TestNode implements AutoCloseable {
  public static final String QUEUE = "testq";

  private final String name;
  private final TestDatabase database;
  private final Path ini;
  private @Nullable Loops loops;
  private @Nullable NodeDaemon daemon;

  public TestNode(String name, TestDatabase database, Path directory, String... settings) {
    this.name = name;
    this.database = database;
    this.ini = directory.resolve(name + ".ini");
    try {
      Files.writeString(
          ini,
          """
          [londiste3]
          db = %s
          queue_name = %s
          loop_delay = 0.1
          exception_sleep = 1
          pidfile = %s
          logfile = %s
          %s
          """
              .formatted(
                  database.connectString(),
                  QUEUE,
                  directory.resolve(name + ".pid"),
                  directory.resolve(name + ".log"),
                  String.join("\n", settings)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String name() {
    return name;
  }

  public TestDatabase database() {
    return database;
  }

  public Path ini() {
    return ini;
  }

  public NodeSettings settings() {
    return NodeSettings.read(ini, Map.of(), List.of("londiste3")).settings();
  }

  /** Installs the SQL and makes the root. */
  public void createRoot() throws SQLException {
    install();
    try (Connection db = database.connect()) {
      db.setAutoCommit(false);
      NodeFunctions.registerLocation(db, QUEUE, name, database.connectString(), false).orThrow();
      NodeFunctions.createNode(db, QUEUE, NodeType.ROOT, name, name, null, null, null).orThrow();
      db.commit();
    }
    database.execute("select pgq.set_queue_config('testq', 'ticker_max_lag', '100 milliseconds')");
    database.execute("select pgq.set_queue_config('testq', 'ticker_idle_period', '1 second')");
  }

  public void createBelow(NodeType type, TestNode root, TestNode provider) throws SQLException {
    install();
    try (Connection here = database.connect();
        Connection top = root.database.connect();
        Connection above = provider.database.connect()) {
      NodeFunctions.registerLocation(top, QUEUE, name, database.connectString(), false).orThrow();
      NodeFunctions.registerLocation(above, QUEUE, name, database.connectString(), false).orThrow();
      long watermark =
          NodeFunctions.registerSubscriber(above, QUEUE, name, name, null)
              .globalWatermark()
              .orElseThrow();
      here.setAutoCommit(false);
      for (var member : NodeFunctions.getQueueLocations(top, QUEUE)) {
        NodeFunctions.registerLocation(here, QUEUE, member.node(), member.location(), false)
            .orThrow();
      }
      NodeFunctions.createNode(here, QUEUE, type, name, name, provider.name, watermark, null)
          .orThrow();
      for (var table : LondisteFunctions.getTables(above, QUEUE)) {
        LondisteFunctions.globalAddTable(here, QUEUE, table.name()).orThrow();
      }
      here.commit();
    }
  }

  private void install() {
    database.load(Path.of("sql/install.sql"));
  }

  public void addTables(List<String> tables) throws SQLException {
    try (Connection db = database.connect()) {
      for (String table : tables) {
        LondisteFunctions.globalAddTable(db, QUEUE, TableName.parse(table)).orThrow();
        LondisteFunctions.localAddTable(db, QUEUE, TableName.parse(table), List.of(), null, null)
            .orThrow();
      }
    }
  }

  /** Runs the worker in this JVM. */
  public void start() {
    Loops running = new Loops(new StopSignal(), end -> {});
    NodeDaemon service = new NodeDaemon(settings(), this::settings);
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
    database.close();
  }
}
