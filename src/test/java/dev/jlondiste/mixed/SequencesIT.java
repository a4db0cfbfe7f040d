package dev.jlondiste.mixed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.Eventually;
import dev.jlondiste.cluster.TestTicker;
import dev.jlondiste.servers.Reference;
import dev.jlondiste.servers.TestDatabase;
import dev.jlondiste.servers.WholeMatrix;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Sequences of every kind, which come to their end, are altered and dropped. Whatever the root
 * publishes, no worker stops.
 */
class SequencesIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private static final String SEQUENCES =
      """
      create sequence plain;
      create sequence small maxvalue 32767;
      create sequence tiny maxvalue 3;
      create sequence falls increment -1;
      create sequence "Falls far" increment -7 minvalue 1 maxvalue 90000 start 90000;
      create sequence turns maxvalue 1000 cycle;
      create sequence cached increment 5 cache 20;
      create sequence "it's ""odd"" too";
      create sequence narrowed;
      create sequence dropped_there;
      create sequence altered;
      """;

  private static final List<String> NAMES =
      List.of(
          "plain",
          "small",
          "tiny",
          "falls",
          "Falls far",
          "turns",
          "cached",
          "it's \"odd\" too",
          "narrowed",
          "dropped_there",
          "altered");

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path directory;

  @ParameterizedTest
  @CsvSource({
    "OURS, 9.6, OURS, 18",
    "OURS, 18, OURS, 9.6",
    "OUR_PROGRAMS_ONLY, 15, OURS, 9.6",
    "REFERENCE, 15, OURS, 18",
    "OURS, 18, OUR_PROGRAMS_ONLY, 15"
  })
  @WholeMatrix({"OURS, 13, OURS, 10", "OUR_PROGRAMS_ONLY, 15, OUR_PROGRAMS_ONLY, 15"})
  void no_worker_stops(Make one, String rootMajor, Make other, String leafMajor) throws Exception {
    if (one != Make.OURS || other != Make.OURS) {
      Reference.assumeInstalled();
    }
    try (MixedCluster cluster = new MixedCluster(directory)) {
      MixedNode root = cluster.node("root", one, rootMajor);
      MixedNode leaf = cluster.node("leaf", other, leafMajor);
      root.createRoot();
      root.addTables(List.of("journal"));
      try (TestTicker ticker = new TestTicker(root.database())) {
        root.start();
        leaf.createBelow(NodeType.LEAF, root);
        leaf.start();
        leaf.addTables(List.of("journal"));
        Eventually.inSync(leaf.node());
        root.database().execute(SEQUENCES);
        leaf.database().execute(SEQUENCES);
        add(root);
        rowsArrive(root, leaf, 1);
        add(leaf);

        change(root.database(), leaf.database());
        rowsArrive(root, leaf, 2);
        rowsArrive(root, leaf, 3);
        assertAhead(root.database(), leaf.database(), "plain", 1);
        assertAhead(root.database(), leaf.database(), "small", 1);
        if (one == Make.OURS) {
          assertAhead(root.database(), leaf.database(), "Falls far", -1);
          assertAhead(root.database(), leaf.database(), "falls", -1);
        }
      }
    }
  }

  /**
   * By SQL, as the command does. Londiste's function refuses what is out of bounds, so there the
   * sequences become local as they are.
   */
  private static void add(MixedNode node) {
    for (String name : NAMES) {
      TestDatabase database = node.database();
      try {
        database.value("select ret_code from londiste.local_add_seq('testq', ?)", "public." + name);
      } catch (IllegalStateException e) {
        Assumptions.assumeTrue(
            database.count("pg_proc where proname = '_seq_follow'") == 0, e.getMessage());
        database.execute(
            "update londiste.seq_info set local = true where seq_name = 'public." + name + "'");
      }
    }
    List<String> local = new ArrayList<>();
    node.database()
        .column("select seq_name from londiste.seq_info where local order by nr")
        .forEach(name -> local.add(String.valueOf(name)));
    assertThat(local).hasSameSizeAs(NAMES);
  }

  private static void change(TestDatabase root, TestDatabase leaf) {
    leaf.execute(
        """
        alter sequence narrowed maxvalue 40000;
        drop sequence dropped_there;
        """);
    root.execute(
        """
        select setval('plain', 70000), setval('small', 32700), setval('tiny', 3),
               setval('falls', -50000), setval('"Falls far"', 40000), setval('turns', 999),
               setval('cached', 100001), setval('narrowed', 70000),
               setval('dropped_there', 70000), setval('altered', 80000);
        alter sequence altered increment -1 minvalue -100 maxvalue 90000 restart with 20;
        """);
  }

  /** The root publishes at least once before the row. */
  private static void rowsArrive(MixedNode root, MixedNode leaf, int row) {
    root.database().execute("select londiste.root_check_seqs('testq')");
    root.database().execute("insert into journal values (" + row + ", 1)");
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .untilAsserted(
            () ->
                assertThat(leaf.database().count("journal"))
                    .as(
                        "rows of the leaf, its worker: %s",
                        leaf.database().value("select cur_error from pgq_node.local_state"))
                    .isEqualTo(row));
  }

  private static void assertAhead(TestDatabase root, TestDatabase leaf, String name, int sign) {
    String value = "select last_value from \"" + name + "\"";
    assertThat(sign * leaf.number(value)).as(name).isGreaterThan(sign * root.number(value));
  }
}
