package dev.jlondiste.mixed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.CommandLine;
import dev.jlondiste.cluster.Eventually;
import dev.jlondiste.cluster.Shop;
import dev.jlondiste.cluster.TestTicker;
import dev.jlondiste.servers.Reference;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Flow 12: {@code compare} of each program agrees after our {@code repair}. */
class MixedRepairIT {
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path directory;

  @BeforeAll
  static void assumeReference() {
    Reference.assumeInstalled();
  }

  @ParameterizedTest
  @EnumSource(
      value = Make.class,
      names = {"REFERENCE", "OURS"})
  void verification_and_repair(Make leafMake) throws Exception {
    try (MixedCluster cluster = new MixedCluster(directory)) {
      MixedNode root = cluster.node("root", Make.REFERENCE, "13");
      MixedNode leaf = cluster.node("leaf", leafMake, "15");
      Shop.fill(root.database(), 100);
      root.createRoot();
      try (TestTicker ticker = new TestTicker(root.database())) {
        root.start();
        leaf.createBelow(NodeType.LEAF, root);
        leaf.start();
        root.addTables(Shop.TABLES);
        leaf.addTables(Shop.TABLES);
        Eventually.inSync(leaf.node());
        leaf.command("compare");
        leaf.database()
            .executeAsReplica(
                """
                update customers set balance = balance + 0.01, doc = '{"x": 1}' where id = 3;
                delete from customers where id = 5;
                insert into customers (id, name) values (100000, 'extra');
                """);
        CommandLine.Outcome compared = CommandLine.run(leaf.node(), "compare");
        assertThat(compared.code()).isEqualTo(3);
        assertThat(compared.log()).contains("public.customers: Results do not match!");
        CommandLine.Outcome repaired = CommandLine.run(leaf.node(), "repair", "--apply");
        assertThat(repaired.log())
            .contains("src: 100 rows, dst: 100 rows, missed: 1 inserts, 1 updates, 1 deletes\n");
        assertThat(repaired.code()).isZero();
        leaf.command("compare");
      }
    }
  }
}
