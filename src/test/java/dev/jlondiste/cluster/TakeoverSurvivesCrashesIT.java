package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.CommandLine.Outcome;
import dev.jlondiste.servers.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * During a takeover under load a server crashes or a worker is killed, at a statement of the
 * command. The command succeeds or ends with an error; afterwards the same command line or {@code
 * --undo} ends well. {@code -Djlondiste.takeover.crashes=100} for more crashes, {@code
 * -Djlondiste.takeover.crash=OLD_SERVER_STAYS_DOWN:123} for one at that statement.
 */
class TakeoverSurvivesCrashesIT {
  private static final int CRASHES = Integer.getInteger("jlondiste.takeover.crashes", 4);
  private static final int CLIENTS = 2;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** The statement that puts the mark of the takeover on the first node; earlier ones read. */
  private static final String FIRST_CHANGE = "set_node_attrs";

  @TempDir private Path directory;
  private final Map<Side, WorkerProcess> workers = new EnumMap<>(Side.class);
  private final Map<String, Integer> endings = new TreeMap<>();
  private ProxiedCluster cluster;
  private TestNode old;
  private TestNode fresh;
  private TestTicker oldTicker;
  private TestTicker freshTicker;
  private CutOverLoad load;

  private enum Side {
    OLD,
    NEW
  }

  private enum Crash {
    OLD_SERVER_RESTARTS(Side.OLD),
    NEW_SERVER_RESTARTS(Side.NEW),
    OLD_SERVER_STAYS_DOWN(Side.OLD),
    NEW_SERVER_STAYS_DOWN(Side.NEW),
    OLD_WORKER_RESTARTS(Side.OLD),
    NEW_WORKER_RESTARTS(Side.NEW),
    NEW_WORKER_STAYS_DOWN(Side.NEW);

    private final Side side;

    Crash(Side side) {
      this.side = side;
    }

    boolean isOfServer() {
      return name().contains("SERVER");
    }

    boolean restartsAtOnce() {
      return name().endsWith("RESTARTS");
    }
  }

  @BeforeEach
  void cascade_with_applications() {
    cluster = new ProxiedCluster(directory);
    old = cluster.root("old", "9.6");
    fresh = cluster.below(old, NodeType.BRANCH, "fresh", "18");
    fresh.tickOften();
    oldTicker = new TestTicker(old.database());
    freshTicker = new TestTicker(fresh.database());
    for (TestNode node : List.of(old, fresh)) {
      node.database().execute(CutOverLoad.SCHEMA);
    }
    CutOverLoad.prepare(old.database(), CLIENTS);
    for (Side side : Side.values()) {
      workers.put(side, WorkerProcess.of(node(side)));
      node(side).addTables(CutOverLoad.TABLES);
      Eventually.inSync(node(side));
      node(side).command("add-seq", CutOverLoad.SEQUENCE);
    }
    load =
        CutOverLoad.start(
            List.of(old.database().jdbcUrl(), fresh.database().jdbcUrl()), CLIENTS, 40);
    load.awaitProgress();
  }

  @AfterEach
  void close() {
    load.close();
    workers.values().forEach(WorkerProcess::close);
    oldTicker.close();
    freshTicker.close();
    cluster.close();
  }

  private TestNode node(Side side) {
    return side == Side.OLD ? old : fresh;
  }

  @Test
  void no_event_is_lost_and_the_command_can_be_repeated() {
    long seed = Long.getLong("jlondiste.seed", 1);
    Random random = new Random(seed);
    TestNode operator = cluster.operator(fresh);
    cluster.proxy().reset();
    Outcome whole = CommandLine.run(operator, "takeover", "old");
    assertThat(whole.code()).as(whole.log()).isZero();
    List<String> statements = cluster.proxy().statements();
    int first = firstChange(statements);
    for (int i = 0; i < crashes(); i++) {
      goBack();
      Crash crash = crash(i, random);
      int statement = statement(random, first, statements.size());
      boolean undo = random.nextInt(3) == 0;
      try {
        crashDuring(operator, crash, statement, undo);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(
            "-Djlondiste.seed=%d -Djlondiste.takeover.crash=%s:%d of %d%s%n%s"
                .formatted(
                    seed,
                    crash,
                    statement,
                    statements.size(),
                    undo ? ", then --undo" : "",
                    e.getMessage()),
            e);
      }
    }
    System.out.printf(
        "TakeoverSurvivesCrashesIT: seed %d, %d statements, %d crashes: %s%n",
        seed, statements.size(), crashes(), endings);
    assertThat(endings.keySet()).as("crashes").anyMatch(ending -> !ending.endsWith("not reached"));
    TestNode root = isRoot(fresh) ? fresh : old;
    CutOverLoad.Result result = load.check(root.database());
    assertThat(result.isExact()).as(result.toString()).isTrue();
    (root == fresh ? old : fresh).command("wait-root");
    assertThat(load.check((root == fresh ? old : fresh).database()).isExact()).isTrue();
  }

  private static String[] chosen() {
    String chosen = System.getProperty("jlondiste.takeover.crash", "");
    return chosen.isEmpty() ? new String[0] : chosen.split(":", 2);
  }

  private static int crashes() {
    return chosen().length == 0 ? CRASHES : 1;
  }

  /** Each kind in turn; a few are chosen at random, without the one that lasts a minute. */
  private static Crash crash(int number, Random random) {
    if (chosen().length > 0) {
      return Crash.valueOf(chosen()[0]);
    }
    List<Crash> all = List.of(Crash.values());
    return CRASHES >= all.size()
        ? all.get(number % all.size())
        : all.get(random.nextInt(all.size() - 1));
  }

  /** Usually one of those since the first change; some runs have fewer, as their waits vary. */
  private static int statement(Random random, int first, int last) {
    if (chosen().length > 0) {
      return Integer.parseInt(chosen()[1]);
    }
    return random.nextInt(6) == 0
        ? 1 + random.nextInt(first)
        : random.nextInt(first, last * 19 / 20);
  }

  private static int firstChange(List<String> statements) {
    for (int i = 0; i < statements.size(); i++) {
      if (statements.get(i).contains(FIRST_CHANGE)) {
        return i + 1;
      }
    }
    throw new AssertionError("no statement contains '" + FIRST_CHANGE + "': " + statements);
  }

  private void goBack() {
    if (isRoot(fresh)) {
      awaitSuccess(old, "takeover", "fresh");
      isRootAlone(old, fresh);
    }
  }

  private void crashDuring(TestNode operator, Crash crash, int statement, boolean undo) {
    AtomicBoolean hasBegun = new AtomicBoolean();
    CompletableFuture<Void> crashed = new CompletableFuture<>();
    cluster
        .proxy()
        .runAt(
            statement,
            () -> {
              hasBegun.set(true);
              end(crash);
              if (crash.restartsAtOnce()) {
                begin(crash);
              }
              crashed.complete(null);
            });
    Outcome first = CommandLine.run(operator, "takeover", "old");
    cluster.proxy().reset();
    if (hasBegun.get()) {
      crashed.orTimeout(1, TimeUnit.MINUTES).join(); // the command may have ended before
      count(crash, first.code() == 0 ? "succeeded" : "failed");
      if (!crash.restartsAtOnce()) {
        begin(crash);
      }
    } else {
      count(crash, "not reached");
    }
    try {
      assertThat(first.code()).isIn(0, 1, 4);
      if (first.code() != 0) {
        isClearError(first);
      }
      atMostOneIsOpen();
      List<String> repeated = undo ? undoOrFinish() : awaitSuccess(fresh, "takeover", "old");
      repeated.forEach(refusal -> System.out.println("repeated after: " + refusal));
      if (isRoot(fresh)) {
        isRootAlone(fresh, old);
      } else {
        isRootAlone(old, fresh);
      }
      TestNode root = isRoot(fresh) ? fresh : old;
      assertThat(load.countLost(root.database())).as("lost on %s", root.name()).isZero();
      load.awaitProgress();
      TestNode other = root == fresh ? old : fresh;
      assertThat(other.command("compare").log()).contains("2 tables equal");
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(first.out() + first.log() + "-- then\n" + e.getMessage(), e);
    }
  }

  private void count(Crash crash, String ending) {
    endings.merge(crash + " " + ending, 1, Integer::sum);
  }

  private void end(Crash crash) {
    if (crash.isOfServer()) {
      node(crash.side).database().server().kill();
    } else {
      worker(crash.side).close();
    }
  }

  private void begin(Crash crash) {
    if (crash.isOfServer()) {
      node(crash.side).database().server().start();
    } else {
      workers.put(crash.side, WorkerProcess.of(node(crash.side)));
    }
  }

  private WorkerProcess worker(Side side) {
    WorkerProcess worker = workers.get(side);
    if (worker == null) {
      throw new IllegalStateException("no worker of " + side);
    }
    return worker;
  }

  private static void isClearError(Outcome outcome) {
    assertThat(outcome.log())
        .contains("ERROR ")
        .doesNotContain("Exception: ")
        .doesNotContain("\tat ");
  }

  /** The undo is refused if the new node is the root; then the command is finished instead. */
  private List<String> undoOrFinish() {
    Outcome undo = CommandLine.run(fresh, "takeover", "old", "--undo");
    if (undo.code() != 0) {
      isClearError(undo);
      assertThat(isRoot(fresh)).as(undo.log()).isTrue();
      return awaitSuccess(fresh, "takeover", "old");
    }
    assertThat(isRoot(fresh)).as(undo.log()).isFalse();
    return List.of();
  }

  /**
   * Repeats a command as an operator does while a worker starts or recovers; returns the refusals.
   */
  private static List<String> awaitSuccess(TestNode node, String... words) {
    List<String> refusals = new ArrayList<>();
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(
            () -> {
              Outcome outcome = CommandLine.run(node, words);
              if (outcome.code() != 0) {
                isClearError(outcome);
                refusals.add(outcome.log());
              }
              assertThat(outcome.code()).as(outcome.log()).isZero();
            });
    return refusals;
  }

  private void isRootAlone(TestNode root, TestNode branch) {
    assertThat(isRoot(root)).isTrue();
    assertThat(isOpen(root.database())).as("open: %s", root.name()).isTrue();
    assertThat(isRoot(branch)).isFalse();
    assertThat(isOpen(branch.database())).as("open: %s", branch.name()).isFalse();
    assertThat(root.database().column("select subscriber_node from pgq_node.subscriber_info"))
        .containsExactly(branch.name());
    for (TestNode node : List.of(root, branch)) {
      assertThat(node.database().value("select paused from pgq_node.local_state"))
          .as("paused: %s", node.name())
          .isEqualTo("f");
      assertThat(node.database().value("select coalesce(node_attrs, '') from pgq_node.node_info"))
          .doesNotContain("takeover");
    }
  }

  private void atMostOneIsOpen() {
    assertThat(List.of(old, fresh).stream().filter(node -> isOpen(node.database())))
        .as("open nodes")
        .hasSizeLessThan(2);
  }

  private static boolean isRoot(TestNode node) {
    return "root".equals(node.database().value("select node_type from pgq_node.node_info"));
  }

  /** Whether an application can write; nothing of it stays. */
  private static boolean isOpen(TestDatabase database) {
    try (Connection db = database.connect();
        Statement statement = db.createStatement()) {
      statement.execute("begin; set local lock_timeout = '20s'");
      statement.execute("update ledger_total set total = total");
      statement.execute("rollback");
      return true;
    } catch (SQLException e) {
      return false;
    }
  }
}
