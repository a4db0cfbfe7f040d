package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.CommandLine.Outcome;
import dev.jlondiste.servers.Servers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * After drop-node nothing of the node remains on any member, or drop-node reports what remains and
 * where.
 */
class NodeRemovalIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String OF_NEW =
      "select co_name from pgq.consumer where co_name ~ '^.?new' order by 1";

  @TempDir private Path directory;

  private TestNode node(String name, String major) {
    return new TestNode(name, Servers.shared(major).createDatabase(), directory);
  }

  private static void gone(TestNode... members) {
    for (TestNode member : members) {
      assertThat(member.database().column(OF_NEW)).as(member.name()).isEmpty();
      assertThat(member.database().count("pgq_node.subscriber_info where subscriber_node = 'new'"))
          .isZero();
    }
    assertThat(members[0].database().count("pgq_node.node_location where node_name = 'new'"))
        .isZero();
  }

  private static void table(TestNode node) {
    node.database().execute("create table t (id int primary key, v text)");
  }

  @ParameterizedTest
  @ValueSource(strings = {Servers.OLDEST, Servers.NEWEST})
  void a_node_is_dropped_in_the_middle_of_a_copy(String major) throws SQLException {
    try (TestNode root = node("root", major);
        TestNode leaf = node("new", Servers.NEWEST)) {
      table(root);
      root.database().execute("insert into t select i, 'x' from generate_series(1, 1000) i");
      table(leaf);
      root.createRoot();
      root.addTables(List.of("t"));
      leaf.createBelow(NodeType.LEAF, root);
      leaf.addTables(List.of("t"));
      leaf.database()
          .execute(
              """
              create function wait() returns trigger language plpgsql
                  as $$ begin perform pg_advisory_xact_lock_shared(42); return new; end $$;
              create trigger wait before insert on t for each row execute procedure wait();
              alter table t enable always trigger wait
              """);
      try (TestTicker ticker = new TestTicker(root.database());
          Connection brake = leaf.database().connect();
          Statement statement = brake.createStatement()) {
        statement.execute("select pg_advisory_lock(42)"); // the copy waits for it
        try (WorkerProcess worker = WorkerProcess.of(leaf)) {
          await()
              .atMost(SOON)
              .until(() -> root.database().column(OF_NEW).contains("new.copy.public.t"));
          await().atMost(SOON).until(() -> leaf.database().count("pg_locks where not granted") > 0);
          Outcome outcome = CommandLine.run(root, "drop-node", "new");
          assertThat(outcome.code()).as(outcome.log()).isZero();
          assertThat(outcome.log())
              .contains("INFO [root] Consumer new.copy.public.t unregistered from testq\n");
          gone(root);
          await().atMost(SOON).until(() -> !worker.isAlive());
        }
        statement.execute("select pg_advisory_unlock(42)");
        gone(root);
        assertThat(leaf.database().count("pgq_node.node_info")).isZero();
      }
    }
  }

  /**
   * The consumers that a worker killed during its copies leaves on its provider and on another
   * source.
   */
  private static void leaveCopies(TestNode leaf, TestNode... sources) {
    for (TestNode source : sources) {
      source.database().execute("select pgq.register_consumer('testq', 'new.copy.public.t')");
    }
    leaf.database()
        .execute(
            "select pgq_node.register_consumer('testq', 'new.copy.public.t', 'root', last_tick_id)"
                + " from pgq_node.local_state");
  }

  @ParameterizedTest
  @ValueSource(strings = {Servers.OLDEST, "13", Servers.NEWEST})
  void a_dead_node_is_dropped_from_provider_and_other_sources(String major) {
    try (TestNode root = node("root", major);
        TestNode branch = node("branch", major);
        TestNode leaf = node("new", major)) {
      root.createRoot();
      branch.createBelow(NodeType.BRANCH, root);
      leaf.createBelow(NodeType.LEAF, root);
      leaveCopies(leaf, root, branch);
      root.command("tag-dead", "new");
      root.command("drop-node", "new");
      gone(root, branch);
      assertThat(branch.database().count("pgq_node.node_location")).isEqualTo(2);
    }
  }

  @Test
  void what_a_member_refuses_is_named_and_the_second_run_finishes_it() {
    try (TestNode root = node("root", Servers.NEWEST);
        TestNode leaf = node("new", Servers.NEWEST)) {
      root.createRoot();
      leaf.createBelow(NodeType.LEAF, root);
      leaveCopies(leaf, root);
      root.database()
          .execute(
              """
              create function refuse() returns trigger language plpgsql
                  as $$ begin raise exception 'not today'; end $$;
              create trigger refuse before delete on pgq_node.subscriber_info
                  for each row execute procedure refuse()
              """);
      Outcome first = CommandLine.run(leaf, "drop-node", "new");
      assertThat(first.code()).isEqualTo(1);
      assertThat(first.log())
          .contains(
              "ERROR node 'new' is not gone from everywhere, there remain:\n  root: ",
              "not today",
              "its subscription, consumer .new.watermark, consumer new, its location\n",
              "HINT:  when the cause is gone: 'drop-node new --worker=new' with the ini file of"
                  + " another node");
      assertThat(root.database().column(OF_NEW)).containsExactly(".new.watermark", "new");
      root.database().execute("drop trigger refuse on pgq_node.subscriber_info");
      root.command("drop-node", "new", "--worker=new");
      gone(root);
    }
  }

  @Test
  void a_member_that_cannot_be_asked_is_named_until_it_is_tagged_as_dead() {
    try (TestNode root = node("root", Servers.NEWEST);
        TestNode branch = node("branch", Servers.NEWEST);
        TestNode leaf = node("new", Servers.NEWEST)) {
      root.createRoot();
      branch.createBelow(NodeType.BRANCH, root);
      leaf.createBelow(NodeType.LEAF, root);
      String away =
          "update pgq_node.node_location set node_location ="
              + " 'host=127.0.0.1 port=1 dbname=x' where node_name = '%s'";
      root.database().execute(away.formatted("new"));
      Outcome itself = CommandLine.run(root, "drop-node", "new");
      assertThat(itself.code()).isEqualTo(1);
      assertThat(itself.log())
          .contains("  new: ", "HINT:  if node 'new' is gone for good: 'tag-dead");
      gone(root, branch);

      CommandLine.Outcome own = CommandLine.run(leaf, "drop-node", "new");
      assertThat(own.code()).as(own.log()).isZero();
      leaf.createBelow(NodeType.LEAF, root);
      root.database().execute(away.formatted("branch"));
      Outcome other = CommandLine.run(root, "drop-node", "new");
      assertThat(other.code()).isEqualTo(1);
      assertThat(other.log())
          .contains("  branch: ", "HINT:  when the cause is gone: 'drop-node new --worker=new'");
      root.command("tag-dead", "branch");
      root.command("drop-node", "new", "--worker=new");
      gone(root);
    }
  }

  @Test
  void consumers_of_a_node_that_is_gone_are_found_by_the_name_of_its_worker() {
    try (TestNode root = node("root", Servers.NEWEST)) {
      root.createRoot();
      root.database().execute("select pgq.register_consumer('testq', 'new.copy.public.t')");
      root.database().execute("select pgq.register_consumer('testq', 'newer')");
      root.command("drop-node", "gone", "--worker=new");
      assertThat(root.database().column(OF_NEW)).containsExactly("newer");
    }
  }
}
