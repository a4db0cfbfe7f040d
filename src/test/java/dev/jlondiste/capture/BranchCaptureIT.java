package dev.jlondiste.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.Eventually;
import dev.jlondiste.cluster.TestNode;
import dev.jlondiste.cluster.TestTicker;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tables that are added on a branch have native triggers, which refuse changes until the branch is
 * the root, in sessions that have been open all the time and have cached their plans.
 */
class BranchCaptureIT {
  private static final String PROMOTE = "select ret_code from pgq_node.promote_branch('testq')";
  private static final String KINDS =
      "select table_name || ' ' || capture from londiste._capture_status('testq') order by 1";

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"9.6", "13", "18"})
  void changes_are_captured_while_the_node_is_root(String major) throws SQLException {
    try (TestNode root = new TestNode("root", Servers.newest().createDatabase(), directory);
        TestNode branch =
            new TestNode("branch", Servers.shared(major).createDatabase(), directory);
        TestTicker ticker = new TestTicker(root.database())) {
      prepare(root, branch);
      String level = major.equals("9.6") ? "row" : "statement";
      assertThat(branch.database().column(KINDS)).containsExactly("public.t " + level);
      branch.stop();
      List<Connection> sessions = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        sessions.add(branch.database().connect());
      }
      for (int round = 0; round < 4; round++) {
        for (Connection session : sessions) {
          refused(session);
        }
        assertThat(branch.database().value(PROMOTE)).isEqualTo("200");
        for (Connection session : sessions) {
          captured(branch.database(), session);
        }
        demote(branch.database());
      }
      for (Connection session : sessions) {
        refused(session);
        session.close();
      }
    }
  }

  private static void prepare(TestNode root, TestNode branch) {
    root.createRoot();
    for (TestNode node : List.of(root, branch)) {
      node.database().execute("create table t (id int primary key, v int)");
    }
    root.database().execute("insert into t select i, 0 from generate_series(1, 10) i");
    branch.createBelow(NodeType.BRANCH, root);
    root.addTables(List.of("public.t"));
    root.start();
    branch.start();
    branch.addTables(List.of("public.t"));
    Eventually.inSync(branch);
  }

  private static void demote(TestDatabase branch) {
    branch.execute("select pgq_node.demote_root('testq', 1, null)");
    branch.execute("select pgq_node.demote_root('testq', 2, null)");
    branch.execute("select pgq_node.demote_root('testq', 3, 'root')");
  }

  private static void refused(Connection session) throws SQLException {
    for (String sql :
        List.of(
            "insert into t values (1000, 0)",
            "update t set v = v + 1",
            "update t set id = id + 500 where id = 3",
            "delete from t where id = 5",
            "truncate t")) {
      for (int i = 0; i < 7; i++) { // plans are generic from the sixth call on
        assertThatThrownBy(() -> run(session, sql))
            .hasMessageContaining("Insert into queue disallowed");
      }
    }
  }

  private static void captured(TestDatabase branch, Connection session) throws SQLException {
    String events = "select count(*) from pgq.event_1 where ev_extra1 = 'public.t'";
    long before = branch.number(events);
    for (int i = 0; i < 7; i++) {
      run(session, "insert into t values (1000, 0)");
      run(session, "update t set v = v + 1 where id in (1, 2, 1000)");
      run(session, "update t set id = 1001 where id = 1000");
      run(session, "delete from t where id = 1001");
    }
    assertThat(branch.number(events) - before).isGreaterThanOrEqualTo(7L * (1 + 3 + 2 + 1));
  }

  private static void run(Connection session, String sql) throws SQLException {
    try (PreparedStatement statement = session.prepareStatement(sql)) {
      statement.execute();
    }
  }

  @Test
  void compatible_triggers_of_a_branch_are_replaced_on_request() {
    try (TestNode root = new TestNode("root", Servers.newest().createDatabase(), directory);
        TestNode branch = new TestNode("branch", Servers.newest().createDatabase(), directory);
        TestTicker ticker = new TestTicker(root.database())) {
      prepare(root, branch);
      branch.command("regenerate-triggers", "--capture=compatible", "t");
      assertThat(branch.database().column(KINDS)).containsExactly("public.t compatible");
      branch.command("regenerate-triggers", "--capture=auto", "t");
      assertThat(branch.database().column(KINDS)).containsExactly("public.t statement");
    }
  }
}
