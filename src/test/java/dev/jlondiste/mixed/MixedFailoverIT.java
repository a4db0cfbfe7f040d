package dev.jlondiste.mixed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.resurrection.Resurrection;
import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.Eventually;
import dev.jlondiste.cluster.Shop;
import dev.jlondiste.cluster.TestTicker;
import dev.jlondiste.servers.Reference;
import dev.jlondiste.servers.WholeMatrix;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Our commands replace a lost root and bring it back, whatever the nodes are made of. */
class MixedFailoverIT {
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path directory;

  @BeforeAll
  static void assumeReference() {
    Reference.assumeInstalled();
  }

  @ParameterizedTest(name = "root {0}, successor {1}, sibling {2}")
  @CsvSource({"REFERENCE, OURS, OUR_CODE_ONLY", "OUR_PROGRAMS_ONLY, REFERENCE, OURS"})
  @WholeMatrix({"OURS, OURS, REFERENCE"})
  void a_lost_root_is_replaced_and_comes_back(Make lost, Make next, Make other) throws Exception {
    try (MixedCluster cluster = new MixedCluster(directory)) {
      failOver(
          cluster.node("lost", lost, "11"),
          cluster.node("next", next, "16"),
          cluster.node("other", other, "13"));
    }
  }

  private void failOver(MixedNode lost, MixedNode next, MixedNode other) throws Exception {
    Shop.fill(lost.database(), 50);
    lost.createRoot();
    try (TestTicker ticker = new TestTicker(lost.database());
        TestTicker later = new TestTicker(next.database())) {
      lost.start();
      lost.addTables(Shop.TABLES);
      lost.command("add-seq", "--all");
      for (MixedNode node : new MixedNode[] {next, other}) {
        node.createBelow(NodeType.BRANCH, lost);
        node.start();
        node.addTables(Shop.TABLES);
        node.command("add-seq", "--all");
        Eventually.inSync(node.node());
      }
      Eventually.equal(lost.node(), next.node());
      next.stop();
      write(lost, 10);
      Eventually.equal(lost.node(), other.node());
      other.stop();
      write(lost, 5); // lost
      lost.stop();
      lost.database().lose();
      next.start();
      other.start();

      next.command(Maker.OURS, "takeover", "lost", "--dead-root");
      write(next, 3);
      await().untilAsserted(() -> Shop.assertEqual(next.database(), other.database()));
      assertThat(next.database().count("journal")).isEqualTo(13);

      lost.database().bringBack();
      try (Cascade cascade = new Cascade(lost.node().settings(), Set.of())) {
        new Resurrection(cascade, directory).run(Optional.of(directory.resolve("lost.sql")));
      }
      lost.command(Maker.OURS, "resync", "public.journal");
      lost.start();
      lost.command("resume");
      Eventually.inSync(lost.node());
      write(next, 3);
      Eventually.equal(next.node(), lost.node());
      Eventually.equal(next.node(), other.node());
      assertThat(next.command(Maker.OURS, "status"))
          .contains("next (root)", "lost (branch)", "other (branch)");
    } finally {
      lost.database().bringBack();
    }
  }

  private static void write(MixedNode node, int rows) {
    node.database()
        .execute("insert into journal (amount) select i from generate_series(1, " + rows + ") i");
  }
}
