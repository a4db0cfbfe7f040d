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

/**
 * Large rows go through a heap of little more than twice their size: by default smaller ones and a
 * smaller heap than in real life; {@code -Djlondiste.large=500} is for values of 500 MB.
 */
class LargeRowIT {
  private static final String TABLE = "create table large (id int primary key, t text, b bytea)";
  private static final int MEGABYTES = Integer.getInteger("jlondiste.large", 12);
  private static final int HEAP_MEGABYTES = MEGABYTES * 2 + 48;

  private static final String MD5 =
      """
      select id || ' ' || coalesce(md5(t), '') || ' ' || coalesce(md5(b), '')
        from large order by id
      """;

  /** As the queue has them, each of that size: escapes in JSON, none, two digits for a byte. */
  private static final List<String> CHANGES =
      List.of(
          "insert into large select 2, repeat('0123456789', %1$d * 100000), null",
          "insert into large select 3, repeat(E'012345\\n\"', %1$d * 100000), null",
          "insert into large select 4, null, decode(repeat('0123456789', %1$d * 100000), 'hex')",
          "update large set b = b || '\\x00' where id = 4",
          "update large set t = t || 'x' where id = 3",
          "delete from large where id = 2");

  @TempDir private Path directory;

  @Test
  void large_values_arrive() throws Exception {
    try (TestNode root = new TestNode("root", Servers.shared("13").createDatabase(), directory);
        TestNode leaf = new TestNode("leaf", Servers.shared("18").createDatabase(), directory)) {
      root.database().execute(TABLE);
      leaf.database().execute(TABLE);
      root.createRoot();
      root.command("add-table", "--capture=auto", "large");
      root.database()
          .execute(
              "insert into large select 1, repeat('0123456789', %d * 100000), null"
                  .formatted(MEGABYTES));
      leaf.createBelow(NodeType.LEAF, root);
      leaf.addTables(List.of("large"));
      try (TestTicker ticker = new TestTicker(root.database());
          WorkerProcess worker = WorkerProcess.of(leaf, "-Xmx" + HEAP_MEGABYTES + "m")) {
        Eventually.inSync(leaf);
        for (String change : CHANGES) {
          root.database().execute(change.formatted(MEGABYTES));
          List<String> there = root.database().column(MD5);
          await()
              .atMost(Duration.ofSeconds(60 + MEGABYTES))
              .untilAsserted(() -> assertThat(leaf.database().column(MD5)).isEqualTo(there));
        }
        assertThat(worker.isAlive()).isTrue();
      }
    }
  }

  @Test
  void a_row_too_large_for_the_heap_is_named_and_waits_for_a_larger_one() throws Exception {
    try (TestNode root = new TestNode("root", Servers.shared("13").createDatabase(), directory);
        TestNode leaf = new TestNode("leaf", Servers.shared("18").createDatabase(), directory)) {
      root.database().execute(TABLE);
      leaf.database().execute(TABLE);
      root.createRoot();
      root.command("add-table", "--capture=auto", "large");
      leaf.createBelow(NodeType.LEAF, root);
      leaf.command("add-table", "large", "--expect-sync");
      try (TestTicker ticker = new TestTicker(root.database())) {
        root.database().execute(CHANGES.get(0).formatted(40));
        List<String> there = root.database().column(MD5);
        try (WorkerProcess worker = WorkerProcess.of(leaf, "-Xmx40m")) {
          await()
              .atMost(Duration.ofSeconds(90))
              .untilAsserted(
                  () ->
                      assertThat(CommandLine.run(leaf, "status").out())
                          .contains("out of memory: a Java heap of ")
                          .contains("of table public.large with 38 MB")
                          .contains("JLONDISTE_OPTS=-Xmx"));
          assertThat(worker.isAlive()).isTrue();
        }
        try (WorkerProcess worker = WorkerProcess.of(leaf, "-Xmx250m")) {
          await()
              .atMost(Duration.ofSeconds(90))
              .untilAsserted(() -> assertThat(leaf.database().column(MD5)).isEqualTo(there));
        }
      }
    }
  }
}
