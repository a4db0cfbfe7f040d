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

/** After drop-node nothing of the node remains on any member, or it says what does and where. */
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
      assertThat(
              member
                  .database()
                  .count("pgq_node.subscriber_info where subscriber_node = 'new'"))
          .isZero();
    }
    assertThat(members[0].database().count("pgq_node.node_location where node_name = 'new'"))
        .isZero();
  }

  private static void table(TestNode node) {
    node.database().execute("create table t (id int primary key, v text)");
  }

  @ParameterizedTest
  @ValueSource(strings = {Servers.OLDEST, "13", Servers.NEWEST})
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
          await()
              .atMost(SOON)
              .until(() -> leaf.database().count("pg_locks where not granted") > 0);
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
}
