package dev.jlondiste.cascade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cluster.CommandLine;
import dev.jlondiste.cluster.CommandLine.Outcome;
import dev.jlondiste.cluster.TestNode;
import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.config.TickerSettings;
import dev.jlondiste.db.Database;
import dev.jlondiste.loop.Loops;
import dev.jlondiste.loop.StopSignal;
import dev.jlondiste.metrics.Meters;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import dev.jlondiste.servers.TestServer;
import dev.jlondiste.ticker.TickerCounts;
import dev.jlondiste.ticker.TickerFleet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A staging copy of a node's database must not act on the real cascade, and a moved node may. */
class CopiedDatabaseIT {
  private static final String MOVE =
      "update pgq_node.node_location set node_location = '%s' where node_name = 'root'";

  @TempDir private Path directory;

  private TestNode root(String major) {
    TestNode root = new TestNode("root", Servers.shared(major).createDatabase(), directory);
    root.createRoot();
    root.database().execute("create table t (id int primary key, v text)");
    root.command("add-table", "t");
    return root;
  }

  /** A restored backup that runs with the root's ini file and another db. */
  private TestNode copyOf(TestNode node, String... settings) {
    try {
      Path staging = Files.createDirectories(directory.resolve("staging"));
      TestDatabase copy = node.database().server().createDatabaseLike(node.database());
      return new TestNode(node.name(), copy, staging, settings);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void refused(TestNode copy, String... words) {
    Outcome outcome = CommandLine.run(copy, words);
    assertThat(outcome.log())
        .as("%s", List.of(words))
        .contains("ERROR this database is a copy of node root", "HINT:", "uninstall --force");
    assertThat(outcome.code()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {Servers.OLDEST, "13", Servers.NEWEST})
  void no_command_on_a_copy_of_the_root_reaches_the_cascade(String major) {
    try (TestNode root = root(major);
        TestNode leaf = new TestNode("new", Servers.shared(major).createDatabase(), directory);
        TestNode copy = copyOnceJoined(root, leaf)) {
      refused(copy, "drop-node", "new");
      refused(copy, "tag-dead", "new");
      refused(copy, "pause", "--node=new");
      refused(copy, "remove-table", "t");
      refused(copy, "create-root", "root", copy.database().connectString());
      refused(copy, "worker", "--reset");
      refused(copy, "worker");
      assertThat(leaf.database().count("pgq_node.node_info")).isEqualTo(1);
      assertThat(root.database().count("pgq_node.subscriber_info")).isEqualTo(1);
      assertThat(leaf.database().value("select paused from pgq_node.local_state")).isEqualTo("f");

      for (String reading : List.of("members", "tables", "status")) {
        assertThat(copy.command(reading).log())
            .contains("WARNING this database is a copy of node root");
      }
      copy.command("uninstall", "--force");
      assertThat(copy.database().count("pg_namespace where nspname like 'pgq%'")).isZero();

      assertThat(root.command("drop-node", "new").log()).doesNotContain("copy");
    }
  }

  private TestNode copyOnceJoined(TestNode root, TestNode leaf) {
    leaf.createBelow(NodeType.LEAF, root);
    return copyOf(root);
  }

  @Test
  void a_copy_is_no_provider_but_the_setting_lets_it_act() {
    try (TestNode root = root(Servers.NEWEST);
        TestNode leaf = new TestNode("leaf", Servers.newest().createDatabase(), directory);
        TestNode copy = copyOf(root)) {
      Outcome below =
          CommandLine.run(
              leaf,
              "create-leaf",
              "leaf",
              leaf.database().connectString(),
              "--provider=" + copy.database().connectString());
      assertThat(below.code()).isEqualTo(1);
      assertThat(below.log()).contains("ERROR --provider ", "is a copy of node root");
      refused(copy, "remove-table", "t");
      assertThat(copy.command("--set=allow_copied_database=1", "remove-table", "t").log())
          .doesNotContain("copy");
    }
  }

  /** The states of a former location: no database, another database, or no node of that name. */
  @Test
  void a_location_that_proves_nothing_is_no_reason_to_refuse() {
    try (TestNode root = root(Servers.NEWEST);
        TestDatabase elsewhere = Servers.shared("10").createDatabase()) {
      for (String location :
          List.of(
              "host=127.0.0.1 port=1 dbname=x user=postgres",
              elsewhere.connectString(),
              elsewhere.connectString().replace("dbname=", "dbname=no_such_"))) {
        root.database().execute(MOVE.formatted(location));
        Outcome outcome = CommandLine.run(root, "add-table", "t");
        assertThat(outcome.log()).contains("WARNING ", "public location");
        assertThat(outcome.code()).as(outcome.log()).isZero();
      }
    }
  }

  /** As after a physical copy: names and oids are equal, transaction numbers may be. */
  @Test
  void the_same_name_and_oid_on_another_server_is_another_database() throws SQLException {
    TestServer one = Servers.newest();
    try (TestServer two = Servers.start(Servers.NEWEST);
        Database here = database(one);
        Database there = database(two);
        Connection a = here.open();
        Connection again = here.open();
        Connection b = there.open()) {
      assertThat(SameDatabase.compare(a, b)).isEqualTo(SameDatabase.Verdict.OTHER_SERVER);
      assertThat(SameDatabase.compare(b, a)).isEqualTo(SameDatabase.Verdict.OTHER_SERVER);
      assertThat(SameDatabase.compare(a, again)).isEqualTo(SameDatabase.Verdict.SAME);
    }
  }

  private static Database database(TestServer server) {
    return Database.direct(ConnectionString.parse(server.connectString("postgres")), "test");
  }

  @ParameterizedTest
  @ValueSource(strings = {Servers.OLDEST, Servers.NEWEST})
  void the_ticker_of_a_copy_leaves_the_cascades_queue_alone_and_ticks_the_others(String major)
      throws InterruptedException {
    try (TestNode root = root(major);
        TestNode copy = copyOf(root)) {
      copy.database().execute("select pgq.create_queue('own')");
      copy.database().execute("select pgq.set_queue_config('own', 'ticker_max_lag', '0.1')");
      Loops loops = new Loops(new StopSignal(), end -> {});
      try {
        TickerFleet fleet =
            new TickerFleet(
                () -> ticker(copy.database()),
                loops,
                new TickerCounts(new Meters()),
                database -> CopiedNodes.find(database, place -> Database.direct(place, "test")),
                Clock.systemUTC());
        fleet.loops().forEach(loops::start);
        // The queue of the cascade ticks until the check is done: wait until there are no new
        // ticks.
        await()
            .atMost(Duration.ofSeconds(30))
            .until(
                () -> {
                  long before = ticks(copy, TestNode.QUEUE);
                  long others = ticks(copy, "own");
                  copy.database().execute("select pgq.insert_event('testq', 'x', 'y')");
                  copy.database().execute("select pgq.insert_event('own', 'x', 'y')");
                  await().atMost(Duration.ofSeconds(10)).until(() -> ticks(copy, "own") > others);
                  return ticks(copy, TestNode.QUEUE) == before;
                });
      } finally {
        loops.stopAll(Duration.ofSeconds(10), Duration.ofSeconds(1));
      }
    }
  }

  private static long ticks(TestNode node, String queue) {
    return node.database()
        .number(
            "select count(*) from pgq.tick join pgq.queue on queue_id = tick_queue"
                + " where queue_name = ?",
            queue);
  }

  private static TickerSettings ticker(TestDatabase database) {
    return new TickerSettings(
        Optional.empty(),
        Optional.empty(),
        "host=127.0.0.1 port=" + database.server().port() + " user=postgres",
        "postgres",
        List.of(database.name()),
        Optional.empty(),
        Duration.ofSeconds(1),
        Duration.ofSeconds(1),
        Duration.ofSeconds(1),
        Duration.ofMillis(100),
        Duration.ofSeconds(30),
        Duration.ZERO,
        false);
  }

  @Test
  void a_worker_in_front_of_its_own_database_finds_it_through_another_address() throws Exception {
    try (TestNode root = root(Servers.NEWEST);
        Database local =
            Database.direct(
                ConnectionString.parse(
                    root.database().connectString().replace("127.0.0.1", "localhost")),
                "test")) {
      assertThat(
              OwnLocation.check(
                      local, TestNode.QUEUE, location -> Database.direct(location, "test"))
                  .verdict())
          .isEqualTo(OwnLocation.Verdict.HERE);
      assertThat(CopiedNodes.find(local, location -> Database.direct(location, "test")))
          .isEqualTo(Map.of());
    }
  }
}
