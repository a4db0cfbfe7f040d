package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.CommandLine.Outcome;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import dev.jlondiste.servers.TestServer;
import dev.jlondiste.servers.WholeMatrix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The server of a node is lost, and its streaming standby is promoted: set-location. */
@SuppressWarnings("NullAway.Init") // each test begins with cascade()
class PromotedStandbyIT {
  private static final String[] WITH_STANDBY = {
    "wal_level = replica", "max_wal_senders = 5", "hot_standby = on"
  };
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir private Path directory;
  private TestServer primary;
  private TestServer standby;
  private TestNode root;
  private TestNode branch;
  private TestNode leaf;
  private TestTicker ticker;

  /** The node of that name is on the primary. */
  private void cascade(String major, String moved) {
    primary = Servers.start(major, WITH_STANDBY);
    root = node("root", moved);
    branch = node("branch", moved);
    leaf = node("leaf", moved);
    root.createRoot();
    branch.createBelow(NodeType.BRANCH, root);
    leaf.createBelow(NodeType.LEAF, branch);
    ticker = new TestTicker(root.database());
    for (TestNode node : nodes()) {
      node.database().execute("create table t (id int primary key)");
      node.start();
      node.addTables(List.of("public.t"));
    }
    Eventually.inSync(leaf);
    standby = primary.startStandby();
    await()
        .atMost(PATIENCE)
        .until(() -> root.database().server() != primary || standbyReads(root.database()));
  }

  private TestNode node(String name, String moved) {
    TestServer server = name.equals(moved) ? primary : Servers.shared("14");
    return new TestNode(name, server.createDatabase(), directory);
  }

  private List<TestNode> nodes() {
    return List.of(root, branch, leaf);
  }

  private static boolean standbyReads(TestDatabase database) {
    return database.count("pg_stat_replication where state = 'streaming'") == 1;
  }

  @AfterEach
  void close() {
    nodes().forEach(TestNode::stop);
    ticker.close();
    nodes().stream()
        .filter(node -> node.database().server() != standby)
        .forEach(node -> node.database().close());
    standby.close();
    primary.close();
  }

  private void awaitStandby(TestDatabase database) {
    String position =
        primary.major().equals("9.6")
            ? "replay_location = pg_current_xlog_location()"
            : "replay_lsn = pg_current_wal_lsn()";
    await()
        .atMost(PATIENCE)
        .until(() -> database.count("pg_stat_replication where " + position) == 1);
  }

  /** The node as it is on the standby, with an ini file of its own. */
  private TestNode onStandby(TestNode node) throws IOException {
    return new TestNode(
        node.name(),
        standby.databaseLike(node.database()),
        Files.createDirectories(directory.resolve("moved")));
  }

  private static String location(TestNode on, String of) {
    return String.valueOf(
        on.database()
            .value("select node_location from pgq_node.node_location where node_name = ?", of));
  }

  private static String refused(TestNode from, TestNode moved) {
    Outcome outcome =
        CommandLine.run(from, "set-location", moved.name(), moved.database().connectString());
    assertThat(outcome.code()).as(outcome.log()).isEqualTo(1);
    return outcome.log();
  }

  private void arrived(int rows) {
    for (TestNode node : nodes()) {
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(node.database().count("t")).as(node.name()).isEqualTo(rows));
    }
  }

  @ParameterizedTest
  @CsvSource({"9.6, branch", "18, root"})
  @WholeMatrix({"11, root"})
  void subscribers_follow_and_the_cascade_is_whole(String major, String name) throws Exception {
    cascade(major, name);
    TestNode lost = name.equals("root") ? root : branch;
    TestNode promoted = onStandby(lost);
    root.database().execute("insert into t select generate_series(1, 100)");
    arrived(100);
    assertThat(refused(leaf, promoted)).contains("leads to a standby server", "promote it first");

    lost.stop();
    if (lost == root) {
      ticker.close();
    }
    awaitStandby(lost.database());
    standby.promote();
    assertThat(refused(leaf, promoted)).contains("ERROR two databases are node '" + name + "'");
    primary.kill();

    Outcome outcome =
        CommandLine.run(leaf, "set-location", name, promoted.database().connectString());
    assertThat(outcome.code()).as(outcome.log()).isZero();
    promoted.start();
    if (lost == root) {
      root = promoted;
      ticker = new TestTicker(root.database());
    } else {
      branch = promoted;
    }
    for (TestNode node : nodes()) {
      assertThat(location(node, name)).isEqualTo(promoted.database().connectString());
    }
    root.database().execute("insert into t select generate_series(101, 200)");
    arrived(200);
    branch.command("takeover", "root");
    try (TestTicker next = new TestTicker(branch.database())) {
      branch.database().execute("insert into t select generate_series(201, 300)");
      arrived(300);
      assertThat(leaf.command("compare").log()).contains("1 table equal");
    }
  }

  /** Asynchronous replication: the subscriber has what the standby never received. */
  @Test
  void a_standby_that_lacks_the_newest_ticks_is_noticed() throws Exception {
    cascade("18", "root");
    root.database().execute("insert into t select generate_series(1, 100)");
    arrived(100);
    awaitStandby(root.database());
    standby.kill();
    root.database().execute("insert into t values (101); delete from t where id = 1");
    await().atMost(PATIENCE).until(() -> leaf.database().count("t where id = 101") == 1);
    root.stop();
    ticker.close();
    primary.kill();
    standby.start();
    standby.promote();
    root = onStandby(root);
    assertThat(
            CommandLine.run(branch, "set-location", "root", root.database().connectString()).code())
        .isZero();
    root.start();
    ticker = new TestTicker(root.database());
    root.database().execute("insert into t values (102)");
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(CommandLine.run(leaf, "status").out()).contains("Lost position"));
    assertThat(branch.database().count("t where id = 102")).isZero();

    // as the page about operations says: a branch is created again
    leaf.stop();
    branch.stop();
    Outcome cut = CommandLine.run(root, "drop-node", "leaf");
    assertThat(cut.code()).as(cut.log()).isZero();
    Outcome drop = CommandLine.run(root, "drop-node", "branch");
    assertThat(drop.code()).as(drop.log()).isZero();
    branch.createBelow(NodeType.BRANCH, root);
    copyAgain(branch);
    leaf.createBelow(NodeType.LEAF, branch);
    copyAgain(leaf);
    arrived(101);
    assertThat(branch.command("compare").log()).contains("1 table equal");
  }

  private static void copyAgain(TestNode node) {
    node.start();
    node.addTables(List.of("public.t"));
    Eventually.inSync(node);
  }
}
