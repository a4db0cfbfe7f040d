package dev.jlondiste.replica.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.Catalogue;
import dev.jlondiste.cluster.Eventually;
import dev.jlondiste.cluster.EveryKind;
import dev.jlondiste.cluster.TestNode;
import dev.jlondiste.cluster.TestTicker;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The catalogue is the same before and after a copy: every kind of index, key, constraint and
 * option. {@code -Djlondiste.restore.majors=10,11,...} for other majors than the default ones.
 */
class CopyRestoresCatalogueIT {
  private static final String STREAMS =
      """
      parallel_copies = 2
      threaded_copy_tables = public.every
      threaded_copy_pool_size = 2
      """;

  @TempDir private Path directory;

  static Stream<String> majors() {
    return Stream.of(System.getProperty("jlondiste.restore.majors", "9.6,18").split(","));
  }

  @ParameterizedTest(name = "on {0}")
  @MethodSource("majors")
  void it_is_the_same_after_a_copy_and_a_resync_in_several_streams(String major) throws Exception {
    String tablespace = "far_" + ProcessHandle.current().pid() + "_" + major.replace(".", "_");
    boolean far = false;
    try (TestNode root = new TestNode("root", Servers.shared(major).createDatabase(), directory);
        TestNode leaf =
            new TestNode("leaf", Servers.shared(major).createDatabase(), directory, STREAMS)) {
      EveryKind kinds = new EveryKind(leaf.database());
      new EveryKind(root.database()).createPlain(30_000);
      kinds.create();
      far = kinds.createInTablespace(tablespace);
      List<List<@Nullable String>> before = Catalogue.of(leaf.database());
      root.createRoot();
      root.addTables(kinds.tables());
      try (TestTicker ticker = new TestTicker(root.database())) {
        leaf.createBelow(NodeType.LEAF, root);
        leaf.addTables(kinds.tables());
        root.start();
        leaf.start();
        Eventually.inSync(leaf);
        assertRestored(leaf, before);
        leaf.command("resync", "public.every");
        Eventually.inSync(leaf);
        assertRestored(leaf, before);
      }
      assertThat(leaf.database().count("every")).isEqualTo(30_000);
    } finally {
      if (far) {
        try (TestDatabase other = Servers.shared(major).createDatabase()) {
          other.execute("drop tablespace " + tablespace);
        }
      }
    }
  }

  private static void assertRestored(TestNode leaf, List<List<@Nullable String>> before) {
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> {
              assertThat(leaf.database().rows("select * from londiste.pending_fkeys")).isEmpty();
              assertThat(leaf.database().rows("select * from londiste.unrestored")).isEmpty();
            });
    assertThat(Catalogue.of(leaf.database())).isEqualTo(before);
  }
}
