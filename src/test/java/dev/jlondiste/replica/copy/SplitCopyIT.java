package dev.jlondiste.replica.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.Eventually;
import dev.jlondiste.cluster.Load;
import dev.jlondiste.cluster.Shop;
import dev.jlondiste.cluster.TestNode;
import dev.jlondiste.cluster.TestTicker;
import dev.jlondiste.cluster.WorkerProcess;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import dev.jlondiste.servers.WholeMatrix;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A table copied by several streams, that is: by several transactions here. */
class SplitCopyIT {
  private static final int KILLS = Integer.getInteger("jlondiste.random.kills", 6);
  private static final String SPLIT =
      """
      parallel_copies = 3
      threaded_copy_tables = public.cust*, public.[j-o]*
      threaded_copy_pool_size = 3
      """;

  private static final String STRUCTURE =
      """
      select pg_get_indexdef(indexrelid), indisclustered, indisreplident, indisvalid
        from pg_index join pg_class on pg_class.oid = indexrelid
       where relnamespace = 'public'::regnamespace
       order by 1
      """;

  @TempDir private Path directory;

  @ParameterizedTest(name = "from {0} to {1}")
  @CsvSource({"9.6, 18", "18, 15"})
  @WholeMatrix({"13, 14", "14, 9.6"})
  void it_is_equal_after_a_copy_under_load(String source, String target) throws Exception {
    try (TestNode root = new TestNode("root", Servers.shared(source).createDatabase(), directory);
        TestNode leaf =
            new TestNode("leaf", Servers.shared(target).createDatabase(), directory, SPLIT)) {
      Shop.create(root.database());
      Shop.fill(root.database(), 30_000);
      create(leaf.database());
      List<List<@Nullable String>> structure = leaf.database().rows(STRUCTURE);
      root.createRoot();
      root.addTables(Shop.TABLES);
      try (TestTicker ticker = new TestTicker(root.database());
          Load load = Load.on(root.database(), 2, 7)) {
        leaf.createBelow(NodeType.LEAF, root);
        leaf.addTables(Shop.TABLES);
        try (WorkerProcess worker = WorkerProcess.of(leaf)) {
          Eventually.inSync(leaf);
          load.finish();
          Eventually.equal(root, leaf);
        }
      }
      assertThat(leaf.database().rows(STRUCTURE)).isEqualTo(structure);
      assertThat(leaf.database().count("londiste.table_info where dropped_ddl is not null"))
          .isZero();
      assertThat(log(leaf))
          .containsPattern("public.customers: start copy, \\d+ ranges by 3 streams")
          .containsPattern("public.orders: start copy, \\d+ ranges by 3 streams")
          .contains("public.journal: start copy\n")
          .contains("public.Odd Table: start copy\n");
    }
  }

  @Test
  void killed_at_any_moment_it_starts_over_and_nothing_of_the_table_is_lost() throws Exception {
    long seed = System.nanoTime();
    System.out.println("SplitCopyIT: seed " + seed);
    Random random = new Random(seed);
    try (TestNode root = new TestNode("root", Servers.shared("15").createDatabase(), directory);
        TestNode leaf =
            new TestNode("leaf", Servers.shared("17").createDatabase(), directory, SPLIT)) {
      Shop.create(root.database());
      Shop.fill(root.database(), 100_000);
      create(leaf.database());
      List<List<@Nullable String>> structure = leaf.database().rows(STRUCTURE);
      root.createRoot();
      root.addTables(Shop.TABLES);
      try (TestTicker ticker = new TestTicker(root.database());
          Load load = Load.on(root.database(), 1, seed)) {
        leaf.createBelow(NodeType.LEAF, root);
        leaf.addTables(Shop.TABLES);
        int apart = 0;
        for (int kill = 1; kill <= KILLS; kill++) {
          try (WorkerProcess worker = WorkerProcess.of(leaf)) {
            // To kill the copy in the middle, wait for its start and then for a random time.
            await()
                .atMost(Duration.ofSeconds(60))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> apart(leaf) > 0);
            worker.killAfter(Duration.ofMillis(random.nextInt(900)));
          }
          apart += apart(leaf) > 0 ? 1 : 0;
          leaf.command("resync", "public.customers", "public.orders");
        }
        System.out.println(
            "SplitCopyIT: " + apart + " of " + KILLS + " kills left a table without its keys");
        assertThat(apart).isPositive();
        try (WorkerProcess worker = WorkerProcess.of(leaf)) {
          Eventually.inSync(leaf);
          load.finish();
          Eventually.equal(root, leaf);
        }
      }
      assertThat(leaf.database().rows(STRUCTURE)).isEqualTo(structure);
    }
  }

  @Test
  void a_table_that_is_taken_away_in_the_middle_gets_its_structure_back() throws Exception {
    try (TestNode root = new TestNode("root", Servers.shared("15").createDatabase(), directory);
        TestNode leaf =
            new TestNode("leaf", Servers.shared("17").createDatabase(), directory, SPLIT)) {
      Shop.create(root.database());
      Shop.fill(root.database(), 100_000);
      create(leaf.database());
      leaf.database().execute("alter table orders drop constraint orders_customer_fkey");
      List<List<@Nullable String>> structure = leaf.database().rows(STRUCTURE);
      root.createRoot();
      root.addTables(Shop.TABLES);
      try (TestTicker ticker = new TestTicker(root.database())) {
        leaf.createBelow(NodeType.LEAF, root);
        leaf.addTables(Shop.TABLES);
        killInTheMiddle(leaf);
        List<String> halves =
            leaf.database()
                .column("select table_name from londiste.table_info where dropped_ddl is not null");
        leaf.command("remove-table", halves.get(0));
        for (String half : halves) {
          assertThat(half).isIn(Shop.TABLES);
        }
        leaf.command("drop-node", "leaf");
      }
      assertThat(leaf.database().rows(STRUCTURE)).isEqualTo(structure);
      assertThat(
              leaf.database()
                  .value(
                      "select to_regclass('londiste.table_info') is null or not exists"
                          + " (select 1 from londiste.table_info)"))
          .isEqualTo("t");
    }
  }

  @Test
  void a_node_dropped_in_the_middle_leaves_tables_as_they_were() throws Exception {
    try (TestNode root = new TestNode("root", Servers.shared("15").createDatabase(), directory);
        TestNode leaf =
            new TestNode("leaf", Servers.shared("17").createDatabase(), directory, SPLIT)) {
      Shop.create(root.database());
      Shop.fill(root.database(), 100_000);
      create(leaf.database());
      List<List<@Nullable String>> structure = leaf.database().rows(STRUCTURE);
      root.createRoot();
      root.addTables(Shop.TABLES);
      try (TestTicker ticker = new TestTicker(root.database())) {
        leaf.createBelow(NodeType.LEAF, root);
        leaf.addTables(Shop.TABLES);
        killInTheMiddle(leaf);
        leaf.command("drop-node", "leaf");
      }
      assertThat(leaf.database().rows(STRUCTURE)).isEqualTo(structure);
    }
  }

  private static void killInTheMiddle(TestNode leaf) {
    try (WorkerProcess worker = WorkerProcess.of(leaf)) {
      await()
          .atMost(Duration.ofSeconds(60))
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(10))
          .until(() -> apart(leaf) > 0);
    }
    assertThat(apart(leaf)).isPositive();
  }

  /** Tables that lack something which is only in {@code dropped_ddl}. */
  private static long apart(TestNode leaf) {
    return leaf.database().count("londiste.table_info where dropped_ddl is not null");
  }

  private static void create(TestDatabase leaf) {
    Shop.create(leaf);
    leaf.execute(
        """
        create index customers_doc on customers ((doc ? 'k')) where doc ? 't';
        create unique index customers_both on customers (id, name);
        alter table customers replica identity using index customers_both;
        alter table customers cluster on customers_name;
        alter table orders add constraint "once ?" unique (id, placed) deferrable;
        """);
  }

  private static String log(TestNode leaf) throws Exception {
    return Files.readString(leaf.ini().resolveSibling(leaf.name() + ".out"));
  }
}
