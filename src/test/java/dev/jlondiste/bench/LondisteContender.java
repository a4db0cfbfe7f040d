package dev.jlondiste.bench;

import dev.jlondiste.servers.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The common part of jlondiste and Londiste: commands, nodes, positions and the queue. */
abstract class LondisteContender extends Contender {
  static final String QUEUE = "bench";

  private @Nullable QueueDrain reader;

  LondisteContender(Stage stage) {
    super(stage);
  }

  abstract String londiste();

  /** Starts the ticker if it is a separate program; returns lines for the root's ini file. */
  abstract List<String> rootSettings();

  abstract void startTicker();

  /** Environment of workers. */
  Map<String, String> workerEnvironment() {
    return Map.of();
  }

  void installInto(TestDatabase database) {}

  private Path ini(String node) {
    return stage.directory().resolve(node + ".ini");
  }

  private void writeIni(String node, TestDatabase database, List<String> settings) {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "[londiste]",
                "db = " + database.connectString(),
                "queue_name = " + QUEUE,
                "job_name = " + node,
                "pidfile = " + stage.directory().resolve(node + ".pid"),
                "logfile = " + stage.directory().resolve(node + ".log")));
    lines.addAll(settings);
    try {
      Files.write(ini(node), lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void command(String node, String... words) {
    Program.run(
        Stream.concat(Stream.of(londiste(), ini(node).toString()), Stream.of(words)).toList());
  }

  private void startWorker(String node) {
    Map<String, String> environment = new HashMap<>(workerEnvironment());
    environment.replaceAll((name, value) -> value.replace("%node", node));
    stage.start(node, environment, List.of(londiste(), ini(node).toString(), "worker"));
  }

  private void createRoot() {
    installInto(stage.source());
    writeIni("root", stage.source(), rootSettings());
    command("root", "create-root", "root", stage.source().connectString());
    startTicker();
    startWorker("root");
  }

  private void createLeaves(List<TestDatabase> targets) {
    for (TestDatabase target : targets) {
      String leaf = leaf(target);
      installInto(target);
      writeIni(leaf, target, stage.options().workerSettings());
      command(
          leaf,
          "create-leaf",
          leaf,
          target.connectString(),
          "--provider=" + stage.source().connectString());
      startWorker(leaf);
    }
  }

  private String leaf(TestDatabase target) {
    return "leaf" + (stage.targets().indexOf(target) + 1);
  }

  private void addTables(String node, List<String> tables, String... options) {
    List<String> words = new ArrayList<>(List.of("add-table"));
    words.addAll(List.of(options));
    words.addAll(tables);
    command(node, words.toArray(String[]::new));
  }

  @Override
  void capture(List<String> tables) {
    createRoot();
    addTables("root", tables);
    reader = new QueueDrain(stage.source(), QUEUE);
  }

  @Override
  ChangeReader reader() {
    if (reader == null) {
      throw new IllegalStateException("capture first");
    }
    reader.start();
    return reader;
  }

  @Override
  void follow(List<String> tables, List<TestDatabase> targets) {
    List<String> handler = stage.options().handler();
    List<String> handled = handler.isEmpty() ? List.of() : without(tables, List.of(Marker.TABLE));
    List<String> plain = without(tables, handled);
    createRoot();
    addTables("root", plain);
    addHandled("root", handled, handler);
    createLeaves(targets);
    for (TestDatabase target : targets) {
      addTables(leaf(target), plain, "--expect-sync");
      addHandled(
          leaf(target),
          handled,
          Stream.concat(Stream.of("--expect-sync"), handler.stream()).toList());
    }
  }

  private void addHandled(String node, List<String> tables, List<String> options) {
    if (!tables.isEmpty()) {
      addTables(node, tables, options.toArray(String[]::new));
    }
  }

  private static List<String> without(List<String> tables, List<String> others) {
    return tables.stream().filter(table -> !others.contains(table)).toList();
  }

  @Override
  void captureMore(List<String> tables) {
    addTables("root", tables);
  }

  @Override
  void prepareCopy(CopyJob job) {
    stage.source().execute(job.index());
    stage.target().execute(job.create());
    stage.target().execute(job.index());
    createRoot();
    addTables("root", job.tables());
    createLeaves(List.of(stage.target()));
  }

  @Override
  void copy(CopyJob job) {
    addTables(leaf(stage.target()), job.tables());
    Probe.await(
        "all tables ok",
        stage.target(),
        """
        select count(*) = %d from londiste.table_info
         where local and merge_state = 'ok' and dropped_ddl is null
        """
            .formatted(job.tables().size()));
  }

  @Override
  void compare(String table) {
    command(leaf(stage.target()), "compare", table);
  }

  @Override
  void pause() {
    stage.targets().forEach(target -> switchWorker(target, true));
    stage
        .targets()
        .forEach(
            target ->
                Probe.await(
                    "paused",
                    target,
                    "select bool_and(paused and uptodate) from pgq_node.local_state"
                        + " where queue_name = 'bench'"));
  }

  @Override
  void resume() {
    stage.targets().forEach(target -> switchWorker(target, false));
  }

  private void switchWorker(TestDatabase target, boolean paused) {
    target.rows(
        "select * from pgq_node.set_consumer_paused('bench', '" + leaf(target) + "', ?)", paused);
  }

  /** Forces a tick after the last event, as the ticker of a busy queue would insert. */
  @Override
  void seal() {
    long last = stage.source().number("select pgq.force_tick('bench')");
    Probe.await(
        "ticked",
        stage.source(),
        "select max(tick_id) > "
            + last
            + " from pgq.tick join pgq.queue on queue_id = tick_queue where queue_name = 'bench'");
  }

  @Override
  public void close() {
    if (reader != null) {
      reader.close();
    }
    stage.stopPrograms();
  }
}
