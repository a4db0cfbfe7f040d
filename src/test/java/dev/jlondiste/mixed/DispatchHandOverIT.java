package dev.jlondiste.mixed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.Eventually;
import dev.jlondiste.cluster.TestTicker;
import dev.jlondiste.servers.Reference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A leaf of Londiste is taken over, loads partitions for a while, and goes back. Londiste 3.8
 * cannot use its own handler {@code dispatch}: it refuses argument {@code hash_key} as unknown, and
 * without it the handler fails. So the table has the default handler whenever Londiste's worker
 * runs, and its rows are written to the table itself then. The database has only the SQL functions
 * of Londiste, by which our worker creates and drops partitions.
 */
class DispatchHandOverIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String TABLES =
      """
      create table log (id int primary key, at timestamptz, v text);
      create table facts (id int primary key, at date, v text);
      """;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path directory;

  @BeforeAll
  static void assumeReference() {
    Reference.assumeInstalled();
  }

  private static void write(MixedNode root, int from) {
    root.database()
        .execute(
            """
            insert into log select i, '2026-10-25 12:00Z'::timestamptz + i * interval '1 day', 'new'
              from generate_series(%1$d, %1$d + 9) i;
            insert into facts select i, '2026-10-25'::date + i, 'new'
              from generate_series(%1$d, %1$d + 299) i;
            update facts set v = v || 'x' where id >= %1$d and id %% 3 = 0;
            delete from facts where id >= %1$d and id %% 7 = 0;
            """
                .formatted(from));
  }

  private static void isEqual(MixedNode root, MixedNode leaf) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              for (String table : List.of("log", "facts")) {
                String rows = "select x::text from " + table + " x order by id";
                assertThat(leaf.database().column(rows)).isEqualTo(root.database().column(rows));
              }
            });
  }

  private static long inTheTableItself(MixedNode leaf) {
    return leaf.database()
        .number("select (select count(*) from only log) + (select count(*) from only facts)");
  }

  @Test
  void partitions_are_loaded_between_two_workers_of_londiste() throws Exception {
    try (MixedCluster cluster = new MixedCluster(directory)) {
      MixedNode root = cluster.node("root", Make.REFERENCE, "14");
      MixedNode leaf = cluster.node("leaf", Make.REFERENCE, "14");
      root.database().execute(TABLES);
      leaf.database().execute(TABLES);
      root.createRoot();
      root.addTables(List.of("log", "facts"));
      try (TestTicker ticker = new TestTicker(root.database())) {
        root.start();
        leaf.createBelow(NodeType.LEAF, root);
        leaf.start();
        leaf.addTables(List.of("log", "facts"));
        Eventually.inSync(leaf.node());
        write(root, 1);
        isEqual(root, leaf);
        long before = inTheTableItself(leaf);

        leaf.start(Maker.OURS);
        leaf.command(
            Maker.OURS,
            "change-handler",
            "log",
            "--handler=daily_field",
            "--handler-arg=part_field=at");
        leaf.command(
            Maker.OURS,
            "change-handler",
            "facts",
            "--handler=bulk_monthly_field",
            "--handler-arg=part_field=at");
        write(root, 1001);
        isEqual(root, leaf);
        assertThat(inTheTableItself(leaf)).isEqualTo(before);
        assertThat(
                leaf.database()
                    .number(
                        "select count(*) from pg_constraint c join pg_class t on t.oid = c.conrelid"
                            + " where c.contype = 'c' and t.relname ~ '^log_20.._.._..$'"))
            .isEqualTo(10);
        assertThat(leaf.command(Maker.OURS, "status")).doesNotContain("ERR");

        leaf.command(Maker.OURS, "change-handler", "log");
        leaf.command(Maker.OURS, "change-handler", "facts");
        leaf.start(Maker.REFERENCE);
        write(root, 2001);
        isEqual(root, leaf);
        assertThat(inTheTableItself(leaf)).isGreaterThan(before);
      }
    }
  }
}
