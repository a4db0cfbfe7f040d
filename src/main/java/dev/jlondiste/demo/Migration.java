package dev.jlondiste.demo;

import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.db.Database;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.loop.StopSignal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** The steps of the demo, from two empty servers to two equal databases. */
final class Migration {
  private static final String OLD = "9.6";
  private static final String NEW = "18";
  private static final String QUEUE = "shopq";
  private static final Duration POLL_INTERVAL = Duration.ofMillis(200);
  private static final Duration LOAD_AFTER_MIGRATION = Duration.ofSeconds(2);
  private static final Duration MAX_STALL = Duration.ofMinutes(2);

  private final DemoOptions options;
  private final Screen screen;
  private final DemoEnvironment environment;
  private final Programs programs;
  private final StopSignal noStop = new StopSignal();
  private final long begin = System.nanoTime();

  Migration(DemoOptions options, Screen screen, DemoEnvironment environment) {
    this.options = options;
    this.screen = screen;
    this.environment = environment;
    this.programs = new Programs(environment.directory(), screen);
  }

  /** Returns true if both databases are equal at the end. */
  boolean run(Path jars) throws IOException, SQLException, InterruptedException {
    screen.heading("Migrate a shop database from PostgreSQL " + OLD + " to " + NEW + " under load");
    CompletableFuture<EmbeddedServer> starting =
        CompletableFuture.supplyAsync(() -> server(OLD, jars));
    EmbeddedServer newServer = server(NEW, jars);
    EmbeddedServer oldServer = join(starting);
    Database source = createShop(oldServer);
    Database target = createShop(newServer);
    SampleShop.createTables(source);
    SampleShop.createTables(target);
    SampleShop.fill(source, options.rows());
    Map<String, Long> rows = SampleShop.count(source);
    screen.note(
        String.format(
            Locale.ROOT,
            "old server: %s   %,d rows in %d tables",
            shop(oldServer),
            total(rows),
            rows.size()));
    screen.note("new server: " + shop(newServer) + "   the same tables, empty");

    try (ShopLoad load = ShopLoad.start(source)) {
      screen.note("Two clients write to the old server from now on.");
      replicate(shop(oldServer), shop(newServer));
      Replica replica = new Replica(QUEUE, "target", source, target);
      showCopy(replica, rows, load);
      programs.run("londiste3", "target.ini", "status");
      double maxLag = showLag(replica, load);
      load.close();

      screen.heading("Stop the load, and compare");
      programs.run("londiste3", "target.ini", "wait-root");
      long events = replica.lag().events(); // before compare, whose forced ticks skip numbers
      boolean equal = programs.exitCodeOf("londiste3", "target.ini", "compare") == 0;
      if (equal && !options.keep()) {
        openOnNewServer(target);
      }
      summarize(equal, total(rows), events, load.transactions(), maxLag);
      if (equal && options.keep()) {
        keepRunning(source, shop(oldServer), shop(newServer));
      }
      return equal;
    }
  }

  private EmbeddedServer server(String major, Path jars) {
    try {
      return environment.add(EmbeddedServer.start(major, jars));
    } catch (IOException e) {
      throw new UserError("cannot start PostgreSQL " + major + ": " + e.getMessage(), null, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UserError("interrupted", null, e);
    }
  }

  private static EmbeddedServer join(CompletableFuture<EmbeddedServer> starting) {
    try {
      return starting.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof UserError fault ? fault : e;
    }
  }

  private static Database createShop(EmbeddedServer server) throws SQLException {
    server.createDatabase(SampleShop.DATABASE);
    return Database.direct(ConnectionString.parse(shop(server)), "demo");
  }

  private static String shop(EmbeddedServer server) {
    return server.connectString(SampleShop.DATABASE);
  }

  private void replicate(String source, String target) throws IOException, InterruptedException {
    screen.heading("Set up replication");
    write("pgqd.ini", "pgqd", "base_connstr = " + source, "database_list = shop");
    write("source.ini", "londiste3", "db = " + source, "queue_name = " + QUEUE, "loop_delay = 0.2");
    write("target.ini", "londiste3", "db = " + target, "queue_name = " + QUEUE, "loop_delay = 0.2");
    screen.command("cat target.ini");
    Files.readAllLines(environment.directory().resolve("target.ini")).forEach(screen::output);
    programs.run("londiste3", "source.ini", "create-root", "source", source);
    programs.run("pgqd", "-d", "pgqd.ini");
    programs.run("londiste3", "-d", "source.ini", "worker");
    programs.run(
        "londiste3", "target.ini", "create-leaf", "target", target, "--provider=" + source);
    programs.run("londiste3", "-d", "target.ini", "worker");
    programs.run("londiste3", "source.ini", "add-table", "--all");
    programs.run("londiste3", "source.ini", "add-seq", "--all");
    programs.run("londiste3", "target.ini", "add-table", "--all");
    programs.run("londiste3", "target.ini", "add-seq", "--all");
  }

  private void write(String file, String section, String... lines) throws IOException {
    String job = file.substring(0, file.indexOf('.'));
    Files.writeString(
        environment.directory().resolve(file),
        "["
            + section
            + "]\n"
            + String.join("\n", lines)
            + "\nlogfile = "
            + job
            + ".log\npidfile = "
            + job
            + ".pid\n");
  }

  private void showCopy(Replica replica, Map<String, Long> rows, ShopLoad load)
      throws SQLException, InterruptedException, IOException {
    screen.heading("The target copies the tables, and catches up");
    long stallDeadline = System.nanoTime() + MAX_STALL.toNanos();
    Replica.CopyState last = new Replica.CopyState(-1, 0, null);
    while (true) {
      Replica.CopyState now = replica.copyState(rows);
      boolean done = now.tables() == rows.size();
      screen.progress(
          String.format(
              Locale.ROOT,
              "%s  %,d rows  %d of %d tables in sync  %,d sales",
              ProgressBar.of(now.rows(), total(rows)),
              now.rows(),
              now.tables(),
              rows.size(),
              load.transactions()),
          done);
      if (done) {
        return;
      }
      if (!now.equals(last)) {
        last = now;
        stallDeadline = System.nanoTime() + MAX_STALL.toNanos();
      } else if (System.nanoTime() > stallDeadline) {
        throw stalled("the copy makes no progress");
      }
      noStop.await(POLL_INTERVAL);
    }
  }

  /** Returns the maximum lag in seconds. */
  private double showLag(Replica replica, ShopLoad load) throws SQLException, InterruptedException {
    screen.heading("The target follows the source");
    double maxLag = 0;
    long before = load.transactions();
    long start = System.nanoTime();
    while (true) {
      double elapsed = (System.nanoTime() - start) / 1e9;
      boolean done = elapsed >= options.seconds();
      Replica.Lag lag = replica.lag();
      maxLag = Math.max(maxLag, lag.seconds());
      screen.progress(
          String.format(
              Locale.ROOT,
              "%4.0f s  %,6d sales (%.0f per second)  target: %,d changes, lag %.1f s",
              elapsed,
              load.transactions(),
              elapsed > 0.5 ? (load.transactions() - before) / elapsed : 0,
              lag.events(),
              lag.seconds()),
          done);
      SQLException failure = load.failure();
      if (failure != null) {
        throw failure;
      }
      if (done) {
        return maxLag;
      }
      noStop.await(POLL_INTERVAL);
    }
  }

  /** Drops the node, so that the tables accept writes, and shows that the sequences continue. */
  private void openOnNewServer(Database target)
      throws IOException, SQLException, InterruptedException {
    screen.heading("Resume the load on the new server");
    programs.run("londiste3", "target.ini", "drop-node", "target");
    try (ShopLoad load = ShopLoad.start(target)) {
      noStop.await(LOAD_AFTER_MIGRATION);
      load.close();
      SQLException failure = load.failure();
      if (failure != null) {
        throw failure;
      }
      if (load.transactions() == 0) {
        throw new UserError("the load on the new server has no committed transaction", null);
      }
      screen.note(String.format(Locale.ROOT, "%,d sales so far", load.transactions()));
    }
  }

  private void summarize(boolean equal, long rows, long events, long transactions, double maxLag) {
    screen.heading(equal ? "Done: both databases are equal" : "Failed: the databases differ");
    screen.note(
        String.format(
            Locale.ROOT,
            """
            %,d rows were copied, and %,d changes of %,d sales replicated, with a lag of at most
            %.1f s. Total time: %.0f s.\
            """,
            rows,
            events,
            transactions,
            maxLag,
            (System.nanoTime() - begin) / 1e9));
    if (!options.keep()) {
      screen.note("To keep the servers running: jlondiste demo --keep");
    }
  }

  private void keepRunning(Database source, String oldShop, String newShop)
      throws InterruptedException {
    screen.heading("The load continues until Ctrl-C. In another terminal:");
    screen.note(
        """
        cd %s
        %s target.ini status
        psql '%s'
        psql '%s'
        tail -f target.log\
        """
            .formatted(
                environment.directory(), programs.commandLine("londiste3"), oldShop, newShop));
    try (ShopLoad load = ShopLoad.start(source)) {
      while (!noStop.await(Duration.ofDays(1))) {
        screen.note("running, " + load.transactions() + " sales so far");
      }
    }
  }

  private UserError stalled(String problem) throws IOException {
    List<String> log = Files.readAllLines(environment.directory().resolve("target.log"));
    return new UserError(
        problem + "; end of target.log:\n" + tail(log),
        "this is a bug: please report it with the log");
  }

  private static String tail(List<String> lines) {
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
  }

  private static long total(Map<String, Long> rows) {
    return rows.values().stream().mapToLong(Long::longValue).sum();
  }
}
