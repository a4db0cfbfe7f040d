package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.servers.Servers;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Command {@code copy}, which Londiste's worker uses and which operators may call. */
class ManualCopyIT {
  @TempDir private Path directory;

  @Test
  void an_interrupted_copy_is_finished_without_the_worker() {
    try (TestNode root = new TestNode("root", Servers.oldest().createDatabase(), directory);
        TestNode leaf = new TestNode("leaf", Servers.newest().createDatabase(), directory)) {
      for (TestNode node : List.of(root, leaf)) {
        node.database().execute("create table t (id int primary key)");
      }
      root.createRoot();
      root.addTables(List.of("public.t"));
      root.database().execute("insert into t select generate_series(1, 1000)");
      try (TestTicker ticker = new TestTicker(root.database())) {
        leaf.createBelow(NodeType.LEAF, root);
        leaf.addTables(List.of("public.t"));
        assertThat(CommandLine.run(leaf, "copy").log())
            .contains("ERROR londiste copy requires table name");
        CommandLine.Outcome early = CommandLine.run(leaf, "copy", "t");
        assertThat(early.code()).isEqualTo(1);
        assertThat(early.log()).contains("the copy of public.t has not begun");
        assertThat(CommandLine.run(leaf, "copy", "public.other").log())
            .contains("copy_sync: lost table: public.other");

        // A worker began the copy and was killed.
        leaf.database().execute("update londiste.table_info set merge_state = 'in-copy'");
        CommandLine.Outcome copied = CommandLine.run(leaf, "copy", "public.t");
        assertThat(copied.code()).isZero();
        assertThat(copied.log())
            .contains("t: copy finished:")
            .contains("public.t: caught up; the worker of this node takes it over");
        assertThat(leaf.database().count("t")).isEqualTo(1000);
        assertThat(leaf.database().column("select merge_state from londiste.table_info"))
            .allMatch(state -> String.valueOf(state).startsWith("wanna-sync:"));

        root.database().execute("insert into t values (1001)");
        leaf.start();
        Eventually.inSync(leaf);
        leaf.database().execute("update londiste.table_info set merge_state = 'in-copy'");
        CommandLine.Outcome refused = CommandLine.run(leaf, "copy", "public.t");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.log()).contains("the worker of this node is running");
        Eventually.inSync(leaf);
        assertThat(leaf.database().count("t")).isEqualTo(1001);
      }
    }
  }
}
