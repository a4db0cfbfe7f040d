package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.CommandLine.Outcome;
import dev.jlondiste.servers.Servers;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A worker that cannot work reports the reason at its start, where the operator sees it, and exits
 * with 1.
 */
class WorkerStartIT {
  @TempDir private Path directory;

  private Outcome fails(TestNode node, String... words) {
    Outcome outcome = CommandLine.run(node, words);
    assertThat(outcome.code()).as(outcome.log()).isEqualTo(1);
    assertThat(directory.resolve(node.name() + ".pid")).doesNotExist();
    return outcome;
  }

  @Test
  void a_worker_without_node_or_with_a_wrong_name_ends() {
    try (TestNode root = new TestNode("root", Servers.newest().createDatabase(), directory);
        TestNode leaf = new TestNode("leaf", Servers.newest().createDatabase(), directory)) {
      assertThat(fails(root, "worker").log())
          .contains("ERROR this database is not a node yet", "HINT:  'create-root'");
      root.command("install");
      assertThat(fails(root, "worker").log())
          .contains("ERROR Unknown queue: testq: this database has no node of it", "HINT:  ");
      root.createRoot();
      leaf.createBelow(NodeType.LEAF, root);
      assertThat(fails(leaf, "--set=queue_name=other", "worker").log())
          .contains("ERROR Unknown queue: other", "queue_name = testq (node leaf)");
      for (String[] words :
          new String[][] {
            {"--set=job_name=typo", "worker"},
            {"--set=job_name=typo", "worker", "--rewind"},
            {"--set=job_name=typo", "worker", "--reset"}
          }) {
        assertThat(fails(leaf, words).log())
            .contains(
                "ERROR Unknown consumer: testq/typo: the worker of node 'leaf' is registered as"
                    + " 'leaf'",
                "HINT:  set job_name = leaf in the ini file")
            .doesNotContain("should not happen");
      }
    }
  }

  @Test
  void keys_without_effect_are_reported_once_at_its_start() {
    try (TestNode root =
        new TestNode(
            "root",
            Servers.newest().createDatabase(),
            directory,
            "pgq_autocommit = 1",
            "pgq_lazy_fetch = 0")) {
      assertThat(root.command("install").log()).doesNotContain("autocommit").doesNotContain("lazy");
      assertThat(fails(root, "worker").log())
          .containsOnlyOnce("INFO parameter pgq_lazy_fetch is ignored: events are streamed")
          .containsOnlyOnce("INFO parameter pgq_autocommit is on (");
    }
  }

  @Test
  void a_worker_whose_database_does_not_exist_ends() {
    String nowhere = Servers.newest().connectString("no_such_database");
    assertThat(fails(TestNode.withoutDatabase("nodb", nowhere, directory), "worker").log())
        .contains("ERROR ", "no_such_database", "HINT:  create the database");
  }
}
