package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.CommandLine.Outcome;
import dev.jlondiste.servers.Servers;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code status --check} for probes, and what status shows of a root that a takeover has closed.
 */
@SuppressWarnings("NullAway.Init") // the test begins with cascade()
class StatusProbeIT {
  private static final String CLOSED =
      "CLOSED: inserts disabled by an unfinished takeover of branch; run 'takeover root' again on"
          + " branch to finish or 'takeover root --undo' to open it";

  @TempDir private Path directory;
  private TestNode root;
  private TestNode branch;
  private TestTicker ticker;

  private void cascade(String major) throws Exception {
    root = new TestNode("root", Servers.shared(major).createDatabase(), directory);
    branch = new TestNode("branch", Servers.newest().createDatabase(), directory);
    root.createRoot();
    for (TestNode node : List.of(root, branch)) {
      node.database().execute("create table t (id int primary key)");
    }
    root.addTables(List.of("t"));
    ticker = new TestTicker(root.database());
    branch.createBelow(NodeType.BRANCH, root);
    root.start();
    branch.start();
    branch.command("wait-root", "--timeout=60");
    branch.addTables(List.of("t"));
    Eventually.inSync(branch);
  }

  @AfterEach
  void close() {
    branch.close();
    root.close();
    ticker.close();
  }

  private Outcome probe(String... words) {
    return CommandLine.run(root, words);
  }

  private void is_fine() {
    await()
        .untilAsserted(
            () -> {
              Outcome fine = probe("status", "--check", "--max-lag=5min");
              assertThat(fine.log()).isEmpty();
              assertThat(fine.code()).isZero();
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"9.6", "18"})
  void every_problem_is_a_line_and_exit_code_3(String major) throws Exception {
    cascade(major);
    is_fine();

    branch.command("pause");
    Outcome paused = probe("status", "--check", "--json");
    assertThat(paused.code()).isEqualTo(3);
    assertThat(paused.log()).isEqualTo("ERROR node 'branch' consumer 'branch' is paused\n");
    assertThat(paused.out()).startsWith("{").contains("\"closed\" : false", "\"takeover\" : null");
    await()
        .untilAsserted(
            () ->
                assertThat(probe("status", "--check", "--max-lag=1s").log())
                    .contains("ERROR node 'branch' is behind by ", " s, more than 1.0 s\n"));
    assertThat(probe("status").code()).isZero();
    branch.command("resume");
    is_fine();

    branch.database().executeAsReplica("insert into t values (1)");
    root.database().execute("insert into t values (1)");
    await()
        .untilAsserted(
            () ->
                assertThat(probe("status", "--check").log())
                    .contains("ERROR node 'branch' consumer 'branch' fails: ev_id "));
    branch.database().executeAsReplica("delete from t");
    branch.command("resume");
    is_fine();

    branch
        .database()
        .execute(
            "insert into londiste.table_fault (queue_name, table_name, kind, message)"
                + " values ('testq', 'public.t', 'apply', 'broken')");
    assertThat(probe("status", "--check").log())
        .contains("ERROR node 'branch' table public.t: ", "broken");
    branch.database().execute("delete from londiste.table_fault");

    root.command("tag-dead", "branch");
    assertThat(probe("status", "--check").log())
        .isEqualTo("ERROR node 'branch' is tagged as dead\n");
    root.command("tag-alive", "branch");
    is_fine();

    closed_root();

    branch.stop();
    branch.database().close();
    Outcome away = probe("status", "--check");
    assertThat(away.code()).isEqualTo(3);
    assertThat(away.log()).contains("ERROR node 'branch' cannot be reached: ");
    assertThat(probe("status", "--check", "--set", "queue_name=nosuch").log())
        .isEqualTo("ERROR the local database has no node for queue 'nosuch'\n");
  }

  private void closed_root() {
    String mark = "takeover=root%3Abranch%3A1b4e28ba-2fa1-11d2-883f-0016d3cca427";
    for (TestNode node : List.of(root, branch)) {
      node.database().execute("select pgq_node.set_node_attrs('testq', 'note=x&" + mark + "')");
    }
    root.database().execute("update pgq.queue set queue_disable_insert = true");
    Outcome closed = probe("status", "--check");
    assertThat(closed.code()).isEqualTo(3);
    assertThat(closed.log())
        .isEqualTo(
            "ERROR node 'root' is not settled: %s\nERROR node 'branch' is not settled: TAKEOVER of root by branch not finished; run 'takeover root' again on branch, or with --undo\n"
                .formatted(CLOSED));
    assertThat(closed.out())
        .contains(
            "\n  |                           " + CLOSED + "\n",
            " Attr: note=x\n",
            " ".repeat(30) + "TAKEOVER of root by branch not finished; run ")
        .doesNotContain("takeover=", "1b4e28ba");
    assertThat(probe("status", "--compact").out()).contains(CLOSED);
    assertThat(probe("node-status").out()).contains("    " + CLOSED + "\n");
    assertThat(probe("status", "--json").out().replaceAll("\\s+", " "))
        .contains(
            "\"closed\" : true, \"takeover\" : { \"old\" : \"root\", \"new\" : \"branch\" }",
            "\"closed\" : false, \"takeover\" : { \"old\" : \"root\", \"new\" : \"branch\" }");
    for (TestNode node : List.of(root, branch)) {
      node.database().execute("select pgq_node.set_node_attrs('testq', '')");
    }
    assertThat(probe("status").out())
        .contains(
            "CLOSED: inserts disabled by an unfinished takeover; run 'takeover root' again on the"
                + " new root to finish");
    root.database().execute("update pgq.queue set queue_disable_insert = false");
    is_fine();
  }
}
