package dev.jlondiste.replica.copy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.Eventually;
import dev.jlondiste.cluster.TestNode;
import dev.jlondiste.cluster.TestTicker;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The order and the number of concurrent copies if several tables wait for their copy. */
class CopyOrderIT {
  private static final List<Integer> ROWS = List.of(1, 40_000, 0, 160_000, 10_000, 80_000);

  @TempDir private Path directory;

  @Test
  void the_biggest_goes_first() throws Exception {
    try (TestNode root = node("root", "15");
        TestNode leaf = node("leaf", "16", "parallel_copies = 1")) {
      prepare(root, leaf);
      try (TestTicker ticker = new TestTicker(root.database())) {
        leaf.start();
        Eventually.inSync(leaf);
      }
      // A copy empties and fills the table in one transaction, whose id orders the copies by their
      // start.
      List<Long> begun = new ArrayList<>();
      for (int rows : List.of(160_000, 80_000, 40_000, 10_000, 1)) {
        assertThat(leaf.database().count(table(rows))).isEqualTo(rows);
        begun.add(leaf.database().number("select min(xmin::text::bigint) from " + table(rows)));
      }
      assertThat(begun).isSorted().doesNotHaveDuplicates();
      assertThat(leaf.database().count(table(0))).isZero();
    }
  }

  @Test
  void not_more_are_read_than_the_node_allows() throws Exception {
    try (TestNode root = node("root", "15");
        TestNode leaf =
            node(
                "leaf",
                "16",
                """
                parallel_copies = 2
                threaded_copy_tables = public.t160000
                threaded_copy_pool_size = 5
                """)) {
      prepare(root, leaf);
      List<Integer> seen = Collections.synchronizedList(new ArrayList<>());
      AtomicBoolean over = new AtomicBoolean();
      Thread observer = new Thread(() -> observe(root.database(), seen, over));
      try (TestTicker ticker = new TestTicker(root.database())) {
        observer.start();
        leaf.start();
        Eventually.inSync(leaf);
      } finally {
        over.set(true);
        observer.join();
      }
      assertThat(Collections.max(seen)).isBetween(1, 2);
      for (int rows : ROWS) {
        assertThat(leaf.database().count(table(rows))).isEqualTo(rows);
      }
    }
  }

  /**
   * Counts the statements that are seen twice in turn: a reading of pg_stat_activity is not of one
   * moment, so it alone may show one statement that has ended and the next one.
   */
  private static void observe(TestDatabase source, List<Integer> seen, AtomicBoolean over) {
    Set<String> before = Set.of();
    while (!over.get()) {
      Set<String> now =
          Set.copyOf(
              source.column(
                  "select pid || ' ' || query_start from pg_stat_activity"
                      + " where datname = current_database() and state = 'active'"
                      + " and query like 'copy%'"));
      seen.add((int) now.stream().filter(before::contains).count());
      before = now;
    }
  }

  private TestNode node(String name, String major, String... settings) {
    return new TestNode(name, Servers.shared(major).createDatabase(), directory, settings);
  }

  private static void prepare(TestNode root, TestNode leaf) {
    List<String> names = ROWS.stream().map(rows -> "public." + table(rows)).toList();
    for (int rows : ROWS) {
      String ddl = "create table " + table(rows) + " (id int primary key, note text)";
      root.database().execute(ddl);
      leaf.database().execute(ddl);
      root.database()
          .execute(
              "insert into %s select i, md5(i::text) from generate_series(1, %d) i"
                  .formatted(table(rows), rows));
    }
    root.createRoot();
    root.addTables(names);
    leaf.createBelow(NodeType.LEAF, root);
    leaf.addTables(names);
  }

  private static String table(int rows) {
    return "t" + rows;
  }
}
