package dev.jlondiste.bench;

import dev.jlondiste.cluster.CutOverLoad;
import dev.jlondiste.servers.PgBouncer;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import dev.jlondiste.servers.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The pause that clients notice when their database moves from one server to another and back,
 * under a load of writes. It has servers of its own, because they differ in their versions.
 */
final class CutOver implements Workload {
  private static final int CLIENTS = 8;
  private static final int PER_SECOND = 1_000;
  private static final String OLD = System.getProperty("bench.cutover.old", Servers.OLDEST);
  private static final String NEW = System.getProperty("bench.cutover.new", Servers.NEWEST);
  private static final Duration TIMEOUT = Duration.ofMinutes(5);

  private static final String[] SETTINGS = {
    "wal_level = logical", "max_replication_slots = 20", "max_connections = 200"
  };

  /** How clients find the open database. */
  enum Way {
    /** They know both servers and try the other one after an error. */
    DIRECT,
    /** The driver chooses the server that is not read-only. */
    HOST_LIST,
    PGBOUNCER;

    String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private final Way way;
  private final int rounds;

  /** One round is there and back. */
  CutOver(Way way, int rounds) {
    this.way = way;
    this.rounds = rounds;
  }

  @Override
  public String name() {
    return "cutover-" + way.label();
  }

  @Override
  public Set<Ability> needs() {
    return way == Way.HOST_LIST ? Set.of(Ability.CUT_OVER) : Set.of(Ability.TAKEOVER);
  }

  @Override
  public void run(Stage stage, Contender contender, Cell cell) throws Exception {
    Path directory = Files.createDirectories(stage.directory().resolve("cutover"));
    try (TestServer old = Servers.start(contender.oldestForCutOver(OLD), SETTINGS);
        TestServer fresh = Servers.start(NEW, SETTINGS);
        TestDatabase first = old.createDatabase();
        TestDatabase second = fresh.createDatabaseNamed(first.name())) {
      first.execute(CutOverLoad.SCHEMA);
      second.execute(CutOverLoad.SCHEMA);
      CutOverLoad.prepare(first, CLIENTS);
      if (way == Way.PGBOUNCER) {
        behindPgBouncer(stage, contender, cell, first, second, directory);
      } else {
        List<String> urls = way == Way.DIRECT ? direct(first, second) : hostList(first, second);
        List<String> options = way == Way.DIRECT ? List.of() : List.of("--fence=database");
        try (RootMover mover = contender.mover(first, second, directory, options)) {
          measure(stage, cell, mover, urls);
        }
      }
    }
  }

  private void behindPgBouncer(
      Stage stage,
      Contender contender,
      Cell cell,
      TestDatabase first,
      TestDatabase second,
      Path directory)
      throws Exception {
    String entry =
        "app = host=%s port=%d dbname=%s"
            .formatted(first.server().host(), first.server().port(), first.name());
    Path own =
        Files.createTempDirectory("jlondiste-bench-pgbouncer-"); // it must be able to read it
    try (PgBouncer pooler = PgBouncer.with(List.of(entry), own, "transaction")) {
      List<String> options =
          List.of(
              "--pgbouncer=" + pooler.console(),
              "--pgbouncer-database=app",
              "--pgbouncer-ini=" + pooler.ini());
      try (RootMover mover = contender.mover(first, second, directory, options)) {
        measure(stage, cell, mover, List.of(pooler.jdbcUrl("app") + "&prepareThreshold=0"));
      }
    } finally {
      deleteFiles(own);
    }
  }

  private static void deleteFiles(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      files.forEach(file -> file.toFile().delete());
    }
    Files.delete(directory);
  }

  private static List<String> direct(TestDatabase first, TestDatabase second) {
    return List.of(first.jdbcUrl(), second.jdbcUrl());
  }

  private static List<String> hostList(TestDatabase first, TestDatabase second) {
    return List.of(
        "jdbc:postgresql://%s:%d,%s:%d/%s?user=postgres&targetServerType=primary&hostRecheckSeconds=0"
            .formatted(
                first.server().host(),
                first.server().port(),
                second.server().host(),
                second.server().port(),
                first.name()));
  }

  private void measure(Stage stage, Cell cell, RootMover mover, List<String> urls)
      throws Exception {
    List<Double> pauses = new ArrayList<>();
    try (CutOverLoad load = CutOverLoad.start(urls, CLIENTS, PER_SECOND)) {
      load.awaitProgress();
      Cell.Measured measured =
          cell.measure(
              stage,
              () -> {
                for (int i = 0; i < 2 * rounds; i++) {
                  load.takePauses();
                  mover.move();
                  load.awaitProgress();
                  pauses.addAll(load.takePauses());
                }
              });
      load.close();
      TestDatabase closed = mover.closed();
      mover.move(); // the closed database has everything then, and is the open one
      Pause.until("all received", Pause.FINE, TIMEOUT, () -> sameRows(closed, mover.closed()));
      report(cell, measured, pauses, load.check(closed), load.check(mover.closed()));
    }
  }

  private static boolean sameRows(TestDatabase one, TestDatabase other) {
    return one.count("ledger") == other.count("ledger");
  }

  private static void report(
      Cell cell,
      Cell.Measured measured,
      List<Double> pauses,
      CutOverLoad.Result one,
      CutOverLoad.Result other) {
    double[] sorted = pauses.stream().mapToDouble(pause -> pause).sorted().toArray();
    cell.figure("pause p50", Unit.MILLISECONDS, Latency.percentile(sorted, 50), measured);
    cell.figure("pause p99", Unit.MILLISECONDS, Latency.percentile(sorted, 99), measured);
    cell.figure("pause max", Unit.MILLISECONDS, sorted[sorted.length - 1], measured);
    cell.figure("failed", Unit.TRANSACTIONS, (double) one.failed(), measured);
    cell.figure("lost", Unit.TRANSACTIONS, (double) Math.max(one.lost(), other.lost()), measured);
    cell.figure(
        "doubled", Unit.TRANSACTIONS, (double) Math.max(one.doubled(), other.doubled()), measured);
    cell.figure("numbers twice", Unit.TRANSACTIONS, (double) one.numbersUsedTwice(), measured);
    cell.note(one.acknowledged() + " transactions");
    for (CutOverLoad.Result result : List.of(one, other)) {
      if (!result.isExact()) {
        cell.differences(List.of(result.toString()));
      }
    }
  }
}
