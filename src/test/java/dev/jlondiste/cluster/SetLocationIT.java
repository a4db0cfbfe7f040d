package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.CommandLine.Outcome;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes move to another database, and the others are told so from wherever that is possible. */
class SetLocationIT {
  private static final String WRONG = "host=127.0.0.1 port=1 user=postgres dbname=gone";

  @TempDir private Path directory;
  private TestNode root;
  private TestNode branch;
  private TestNode leaf;
  private TestTicker ticker;

  @BeforeEach
  void cascade() {
    root = new TestNode("root", Servers.shared("10").createDatabase(), directory);
    branch = new TestNode("branch", Servers.shared("14").createDatabase(), directory);
    leaf = new TestNode("leaf", Servers.newest().createDatabase(), directory);
    root.createRoot();
    branch.createBelow(NodeType.BRANCH, root);
    leaf.createBelow(NodeType.LEAF, branch);
    ticker = new TestTicker(root.database());
  }

  @AfterEach
  void close() throws Exception {
    for (TestNode node : List.of(leaf, branch)) {
      node.close();
    }
    ticker.close();
    root.close();
  }

  private static String location(TestNode on, String of) {
    return String.valueOf(
        on.database()
            .value("select node_location from pgq_node.node_location where node_name = ?", of));
  }

  private List<TestNode> all() {
    return List.of(root, branch, leaf);
  }

  private void lose(String node) {
    all().forEach(on -> lose(node, on.database()));
  }

  private static void lose(String node, TestDatabase on) {
    on.execute(
        "update pgq_node.node_location set node_location = '%s' where node_name = '%s'"
            .formatted(WRONG, node));
  }

  @Test
  void the_location_of_every_node_is_set_from_every_node() {
    for (TestNode moved : all()) {
      for (TestNode from : all()) {
        lose(moved.name());
        Outcome outcome = CommandLine.run(from, "set-location", moved.name(), place(moved));
        assertThat(outcome.code()).as(outcome.log()).isZero();
        assertThat(outcome.log()).contains("names a loopback address");
        for (TestNode on : all()) {
          assertThat(location(on, moved.name())).isEqualTo(place(moved));
          assertThat(outcome.log()).contains("INFO [" + on.name() + "] Location registered\n");
        }
      }
    }
  }

  private static String place(TestNode node) {
    return node.database().connectString() + " connect_timeout=7";
  }

  @Test
  void a_worker_follows_its_provider_and_its_error_says_how() throws Exception {
    for (TestNode node : all()) {
      node.database().execute("create table t (id int primary key)");
      node.start();
      node.addTables(List.of("public.t"));
    }
    Eventually.inSync(leaf);
    lose("branch");
    root.database().execute("insert into t values (1)");
    await()
        .untilAsserted(
            () ->
                assertThat(Files.readString(directory.resolve("leaf.log")))
                    .contains(
                        "connection to server at \"127.0.0.1\", port 1",
                        "HINT:  has node 'branch' moved to another host or database?"
                            + " 'set-location branch CONNSTR'"));
    Outcome walk = CommandLine.run(leaf, "wait-provider", "--timeout=1");
    assertThat(walk.code()).isEqualTo(1);
    assertThat(walk.log()).contains("port 1", "'set-location branch CONNSTR'");
    assertThat(CommandLine.run(leaf, "set-location", "branch", place(branch)).code()).isZero();
    await().until(() -> leaf.database().count("t") == 1);
  }

  @Test
  void what_is_not_that_node_is_refused_before_anything_is_written() {
    String root0 = location(leaf, "root");
    assertThat(refused(leaf, "root", branch.database().connectString()))
        .contains("' leads to node 'branch'\n");
    assertThat(refused(leaf, "root", WRONG))
        .contains("ERROR cannot check the new location of node 'root': connection to server");
    assertThat(refused(leaf, "leaf", root.database().connectString()))
        .contains("' leads to node 'root'\n");
    assertThat(refused(leaf, "nosuch", place(root)))
        .contains("ERROR get_node_database: cannot resolve nosuch");
    try (TestDatabase empty = Servers.newest().createDatabase()) {
      assertThat(refused(leaf, "root", empty.connectString())).contains("ERROR");
    }
    try (TestDatabase other = Servers.newest().createDatabase()) {
      TestNode foreign = new TestNode("foreign", other, directory);
      foreign.command("create-root", "root", other.connectString());
      assertThat(refused(leaf, "root", other.connectString()))
          .contains("leads to a node 'root' that does not know node 'leaf'");
    }
    assertThat(location(leaf, "root")).isEqualTo(root0);
    assertThat(root.database().count("pgq_node.node_location")).isEqualTo(3);
  }

  private static String refused(TestNode from, String node, String location) {
    Outcome outcome = CommandLine.run(from, "set-location", node, location);
    assertThat(outcome.code()).isEqualTo(1);
    return outcome.log();
  }

  @Test
  void two_databases_that_are_the_same_node_are_refused() {
    try (TestDatabase copy = Servers.shared("14").createDatabaseLike(branch.database())) {
      assertThat(refused(leaf, "branch", copy.connectString()))
          .contains("ERROR two databases are node 'branch'", "--nocheck skips this test");
      assertThat(location(leaf, "branch")).isEqualTo(branch.database().connectString());
      lose("branch");
      lose("branch", copy);
      assertThat(CommandLine.run(leaf, "set-location", "branch", copy.connectString()).code())
          .isZero();
      assertThat(location(root, "branch")).isEqualTo(copy.connectString());
      assertThat(CommandLine.run(leaf, "set-location", "branch", place(branch), "--nocheck").code())
          .isZero();
    }
    assertThat(location(root, "branch")).isEqualTo(place(branch));
  }

  @Test
  void a_database_that_is_older_than_a_takeover_is_refused() {
    ticker.close();
    try (TestDatabase copy = Servers.shared("10").createDatabaseLike(root.database())) {
      ticker = new TestTicker(root.database());
      root.start();
      branch.start();
      try (TestTicker next = new TestTicker(branch.database())) {
        branch.command("takeover", "root");
      }
      assertThat(refused(leaf, "root", copy.connectString()))
          .contains("leads to a root, but 'branch' is the root of this cascade");
    }
    assertThat(location(leaf, "root")).isEqualTo(root.database().connectString());
  }

  @Test
  void a_member_that_is_not_reached_is_named_and_learns_it_from_the_queue() {
    leaf.start();
    branch.start();
    leaf.command("wait-root");
    lose("leaf", root.database());
    lose("leaf", branch.database());
    Outcome outcome = CommandLine.run(root, "set-location", "branch", place(branch));
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.log())
        .contains(
            "ERROR the new location of node 'branch' is not stored on:\n  leaf: connection to",
            "pgq.location-info",
            "set-location branch '");
    assertThat(location(branch, "branch")).isEqualTo(place(branch));
    await().untilAsserted(() -> assertThat(location(leaf, "branch")).isEqualTo(place(branch)));
  }
}
