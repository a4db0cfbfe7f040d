package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.servers.Servers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Handler {@code vtable}: a branch passes the events of a table on that it does not have. */
class VirtualTableIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path directory;

  @Test
  void a_branch_passes_on_events_of_a_table_that_it_does_not_have() {
    try (TestNode root = new TestNode("root", Servers.shared("9.6").createDatabase(), directory);
        TestNode branch = new TestNode("branch", Servers.shared("18").createDatabase(), directory);
        TestNode leaf = new TestNode("leaf", Servers.shared("13").createDatabase(), directory)) {
      for (TestNode node : List.of(root, leaf)) {
        node.database().execute("create table t (id int primary key)");
      }
      root.createRoot();
      root.addTables(List.of("t"));
      root.database().execute("insert into t select generate_series(1, 10)");
      try (TestTicker ticker = new TestTicker(root.database())) {
        branch.createBelow(NodeType.BRANCH, root);
        branch.start();
        assertThat(branch.command("add-table", "t", "--handler=vtable").log())
            .contains("Table added with no triggers: public.t");
        assertThat(branch.command("tables").out()).contains("public.t").contains("ok");
        leaf.createBelow(NodeType.LEAF, branch);
        leaf.start();
        CommandLine.Outcome fromBranch = CommandLine.run(leaf, "add-table", "t");
        assertThat(fromBranch.code()).isEqualTo(1);
        assertThat(fromBranch.log())
            .contains("Table public.t does not exist on provider")
            .contains("or copy them from another node with --copy-node or --find-copy-node");
        leaf.command("add-table", "t", "--find-copy-node");
        Eventually.inSync(leaf);
        root.database().execute("insert into t values (11)");
        root.database().execute("truncate t");
        root.database().execute("insert into t values (12)");
        await()
            .atMost(PATIENCE)
            .untilAsserted(
                () -> assertThat(leaf.database().column("select id from t")).containsExactly("12"));
        assertThat(leaf.command("compare").log()).contains("Using node root as provider");
        assertThat(leaf.command("check").log()).doesNotContain("public.t");
        assertThat(CommandLine.run(branch, "compare").log())
            .contains("not compared: handler 'vtable' keeps no rows");
        assertThat(branch.command("check").log()).doesNotContain("public.t");
        assertThat(branch.command("status").out()).doesNotContain("ERR");

        branch.database().execute("create table t (id int primary key)");
        assertThat(branch.command("change-handler", "t").log())
            .contains("WARNING public.t: its rows stay as they are\nHINT:  'resync public.t'");
        branch.command("resync", "t");
        await()
            .atMost(PATIENCE)
            .untilAsserted(
                () ->
                    assertThat(branch.database().column("select id from t")).containsExactly("12"));
        Eventually.inSync(branch);
        branch.command("change-handler", "t", "--handler=fake_local");
        assertThat(
                branch
                    .database()
                    .column("select tgname from pg_trigger where tgrelid = 't'::regclass"))
            .isEmpty();
      }
    }
  }
}
