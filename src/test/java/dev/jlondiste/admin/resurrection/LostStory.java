package dev.jlondiste.admin.resurrection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.TestNode;
import dev.jlondiste.cluster.TestTicker;
import dev.jlondiste.pgq.RowChange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Two nodes that lose each other again and again. Each story: the root is written to by overlapping
 * transactions, of which its branch receives a part; the root is lost, the branch takes over, and
 * the old root is resurrected. The story knows what was committed, and which of it the branch does
 * not have: exactly these changes must be the lost events. Then the old root is reconciled by the
 * SQL that the command wrote, and the next story begins with the nodes exchanged.
 */
final class LostStory implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Path directory;
  private final Map<Integer, List<String>> committed = new TreeMap<>();
  private final Set<Integer> keys = new TreeSet<>();
  private final Set<Integer> locked = new TreeSet<>();
  private TestNode root;
  private TestNode branch;
  private int transactions;
  private int values;

  /** A transaction that has not ended. */
  private record Running(
      int number, Connection session, List<String> changes, Set<Integer> locked) {}

  LostStory(TestNode root, TestNode branch, Path directory) {
    this.root = root;
    this.branch = branch;
    this.directory = directory;
    for (TestNode node : List.of(root, branch)) {
      node.database()
          .execute(
              "create table story (id int primary key, v int not null, t text);"
                  + " create table marker (n int primary key)");
    }
    root.createRoot();
    addTables(root);
    tick(root);
    branch.createBelow(NodeType.BRANCH, root);
    branch.start();
    tick(root);
    await().atMost(PATIENCE).until(() -> branch.command("missing").out().contains("public.marker"));
    addTables(branch);
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              tick(root);
              return branch
                  .database()
                  .column("select merge_state from londiste.table_info")
                  .equals(List.of("ok", "ok"));
            });
  }

  private static void addTables(TestNode node) {
    node.command("add-table", "public.story", "public.marker", "--trigger-arg=backup");
  }

  private static void tick(TestNode node) {
    node.database().execute("select pgq.force_tick('testq')");
    node.database().execute("select pgq.ticker()");
  }

  /** One story; the command is ended as by a crash at that step, and repeated. */
  void tell(Random random, Optional<Checkpoint.Step> crash) throws SQLException, IOException {
    List<Running> running = new ArrayList<>();
    work(random, running, 3 + random.nextInt(10), true);
    tick(root);
    synchronize();
    branch.stop();
    root.stop(); // it runs since it was the branch of the story before
    work(random, running, random.nextInt(25), true);
    for (Running left : running) {
      end(random.nextBoolean(), left); // before the sessions are terminated
    }
    root.database().lose();
    branch.start();
    try (TestTicker ticker = new TestTicker(branch.database())) {
      branch.command("takeover", root.name(), "--dead-root");
    }
    root.database().bringBack();
    List<Running> late = new ArrayList<>();
    work(random, late, random.nextInt(5), false);
    for (Running left : late) {
      end(true, left);
    }
    Map<Integer, List<String>> lost = lost();
    String before = content(root);

    Path json = directory.resolve("resurrect-lost-events.json");
    Path sql = directory.resolve("lost.sql");
    if (crash.isPresent()) {
      crashAt(crash.get(), sql);
    }
    resurrect(sql, step -> {});
    assertThat(changes(json)).isEqualTo(changes(lost));
    assertThat(root.database().value("select node_type from pgq_node.node_info"))
        .isEqualTo("branch");
    assertThat(root.database().value("select node_attrs from pgq_node.node_info")).isNull();
    assertThat(content(root)).isEqualTo(before);

    root.database().execute(Files.readString(LostEventsSql.rollbackFile(sql)));
    assertThat(content(root)).isEqualTo(content(branch));
    committed.keySet().removeAll(lost.keySet());
    if (random.nextBoolean()) {
      branch.database().execute(Files.readString(sql));
      assertThat(content(branch)).isEqualTo(before);
      committed.putAll(lost);
    }
    findKeys(branch);
    Files.delete(json);
    root.start();
    root.command("resume");
    TestNode former = root;
    root = branch;
    branch = former;
    tick(root);
    synchronize();
    assertThat(content(branch)).isEqualTo(content(root));
  }

  private void synchronize() {
    long last = root.database().number("select max(tick_id) from pgq.tick");
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(branch.database().number("select max(tick_id) from pgq.tick"))
                    .isEqualTo(last));
  }

  private void work(Random random, List<Running> running, int steps, boolean mayTick)
      throws SQLException {
    for (int i = 0; i < steps; i++) {
      switch (random.nextInt(5)) {
        case 0 -> {
          if (mayTick || random.nextBoolean()) {
            tick(root);
          }
        }
        case 1 -> {
          if (!running.isEmpty()) {
            end(random.nextInt(4) > 0, running.remove(random.nextInt(running.size())));
          }
        }
        case 2 -> running.add(begin(random, 1 + random.nextInt(3)));
        default -> end(random.nextInt(5) > 0, begin(random, 1 + random.nextInt(3)));
      }
    }
  }

  private Running begin(Random random, int changes) throws SQLException {
    Connection session = root.database().connect();
    session.setAutoCommit(false);
    Running running = new Running(++transactions, session, new ArrayList<>(), new TreeSet<>());
    change(
        running,
        "insert into marker values (" + running.number() + ")",
        "INSERT " + running.number());
    for (int i = 0; i < changes; i++) {
      change(random, running);
    }
    return running;
  }

  /** Each key is changed by one transaction at a time, so that none waits for another. */
  private void change(Random random, Running running) throws SQLException {
    int v = ++values;
    Optional<Integer> key = keys.stream().skip(random.nextInt(keys.size() + 1)).findFirst();
    if (key.isEmpty() || random.nextInt(3) == 0) {
      change(
          running,
          "insert into story values (%d, %d, E'it''s \\\\ \\n %d')".formatted(v, v, v),
          "INSERT " + v + " " + v);
    } else if (random.nextInt(3) == 0) {
      lock(running, key.get());
      change(running, "delete from story where id = " + key.get(), "DELETE " + key.get());
    } else {
      lock(running, key.get());
      change(
          running,
          "update story set v = %d where id = %d".formatted(v, key.get()),
          "UPDATE " + key.get() + " " + v);
    }
  }

  private void lock(Running running, int key) {
    keys.remove(key);
    running.locked().add(key);
    locked.add(key);
  }

  private static void change(Running running, String sql, String change) throws SQLException {
    try (Statement statement = running.session().createStatement()) {
      if (statement.executeUpdate(sql) > 0) {
        running.changes().add(change);
      }
    }
  }

  private void end(boolean commit, Running running) throws SQLException {
    try (Connection session = running.session()) {
      if (commit) {
        session.commit();
        committed.put(running.number(), running.changes());
      } else {
        session.rollback();
      }
    }
    locked.removeAll(running.locked());
    findKeys(root);
  }

  private void findKeys(TestNode node) {
    keys.clear();
    node.database()
        .column("select id from story")
        .forEach(id -> keys.add(Integer.valueOf(String.valueOf(id))));
    keys.removeAll(locked);
  }

  private Map<Integer, List<String>> lost() {
    Map<Integer, List<String>> lost = new TreeMap<>(committed);
    branch
        .database()
        .column("select n from marker")
        .forEach(n -> lost.remove(Integer.valueOf(String.valueOf(n))));
    return lost;
  }

  private static List<String> changes(Map<Integer, List<String>> transactions) {
    return transactions.values().stream().flatMap(List::stream).sorted().toList();
  }

  private static List<String> changes(Path json) throws IOException {
    List<String> changes = new ArrayList<>();
    LostEventsFile.at(json)
        .forEach(
            lost ->
                lost.change()
                    .ifPresent(
                        change -> {
                          String text = change.operation() + " " + change.value(0);
                          boolean hasValue =
                              Objects.equals(lost.event().extra1(), "public.story")
                                  && change.operation() != RowChange.Operation.DELETE;
                          changes.add(hasValue ? text + " " + change.value(1) : text);
                        }));
    return changes.stream().sorted().toList();
  }

  private static String content(TestNode node) {
    return node.database()
            .value("select coalesce(string_agg(s::text, ' ' order by id), '') from story s")
        + node.database()
            .value("select coalesce(string_agg(n::text, ' ' order by n), '') from marker");
  }

  private void resurrect(Path sql, Checkpoint checkpoint) throws SQLException {
    try (Cascade cascade = new Cascade(root.settings(), Set.of())) {
      new Resurrection(cascade, directory, checkpoint).run(Optional.of(sql));
    }
  }

  /** As after kill -9. */
  private static final class Crash extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private void crashAt(Checkpoint.Step step, Path sql) throws SQLException {
    long events = root.database().count("pgq.event_template");
    boolean crashed = false;
    try {
      resurrect(
          sql,
          reached -> {
            if (reached == step) {
              throw new Crash();
            }
          });
    } catch (Crash e) {
      crashed = true;
    }
    assertThat(crashed).isTrue();
    if (step.compareTo(Checkpoint.Step.COMMITTED) < 0) {
      assertThat(root.database().value("select node_type from pgq_node.node_info"))
          .isEqualTo("root");
      assertThat(root.database().count("pgq.event_template")).isEqualTo(events);
    }
  }

  @Override
  public void close() {
    for (TestNode node : List.of(root, branch)) {
      node.stop();
      node.database().bringBack();
      node.close();
    }
  }
}
