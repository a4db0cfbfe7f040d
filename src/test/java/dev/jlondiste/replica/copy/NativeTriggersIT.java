package dev.jlondiste.replica.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.Eventually;
import dev.jlondiste.cluster.TestNode;
import dev.jlondiste.cluster.TestTicker;
import dev.jlondiste.log.CapturedLog;
import dev.jlondiste.servers.Servers;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A COPY does not fill the transition tables of triggers that do not fire. */
class NativeTriggersIT {
  private static final String KIND = "select capture from londiste._capture_status('testq')";

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({"18, 1", "18, 4", "9.6, 1"})
  void triggers_with_transition_tables_are_absent_during_a_copy(String major, int streams) {
    boolean isReplaced = !major.equals("9.6");
    try (TestNode root = new TestNode("root", Servers.newest().createDatabase(), directory);
        TestNode branch =
            new TestNode(
                "branch",
                Servers.shared(major).createDatabase(),
                directory,
                "parallel_copies = " + streams);
        TestTicker ticker = new TestTicker(root.database());
        CapturedLog log = new CapturedLog(TableRebuild.class)) {
      root.createRoot();
      for (TestNode node : List.of(root, branch)) {
        node.database().execute("create table t (id int primary key, v text)");
      }
      root.database()
          .execute(
              "insert into t select i, repeat('x', 500) from generate_series(1, 100000) i;"
                  + " analyze t");
      branch.createBelow(NodeType.BRANCH, root);
      root.addTables(List.of("public.t"));
      root.start();
      branch.addTables(List.of("public.t"));
      branch.start();
      Eventually.inSync(branch);
      assertThat(branch.database().value(KIND)).isEqualTo(isReplaced ? "statement" : "row");
      assertThat(log.lines().contains("INFO Dropping triggers with transition tables"))
          .isEqualTo(isReplaced);
      assertThat(log.lines().contains("INFO Creating triggers with transition tables"))
          .isEqualTo(isReplaced);
      assertThat(branch.database().count("t")).isEqualTo(100_000);
      assertThatThrownBy(() -> branch.database().execute("delete from t where id = 1"))
          .hasMessageContaining("Insert into queue disallowed");
    }
  }
}
