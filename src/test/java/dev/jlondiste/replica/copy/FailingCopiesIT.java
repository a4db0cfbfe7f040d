package dev.jlondiste.replica.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.admin.PreviousRelease;
import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.CommandLine;
import dev.jlondiste.cluster.Eventually;
import dev.jlondiste.cluster.TestNode;
import dev.jlondiste.cluster.TestTicker;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.WholeMatrix;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A table that cannot be copied does not block the others, and is reported with its error. */
class FailingCopiesIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path directory;

  private static List<String> names(int tables) {
    return IntStream.rangeClosed(1, tables).mapToObj(i -> "public.t" + i).toList();
  }

  private static String state(TestNode node, String table) {
    return String.valueOf(
        node.database()
            .column(
                "select coalesce(merge_state, 'missing') from londiste.table_info where table_name"
                    + " = 'public."
                    + table
                    + "'")
            .get(0));
  }

  private static long attempts(TestNode node, String table) {
    return node.database()
        .number(
            "select coalesce(max(attempts), 0) from londiste.table_fault where table_name ="
                + " 'public."
                + table
                + "'");
  }

  private static long copyConsumers(TestNode root) {
    return root.database().count("pgq.consumer where co_name like '%.copy.%'");
  }

  @ParameterizedTest(name = "{1} tables on {0}")
  @CsvSource({"9.6, 12", "18, 60"})
  @WholeMatrix({"13, 12"})
  void two_that_fail_do_not_hold_up_the_others(String major, int tables) throws Exception {
    List<String> names = names(tables);
    try (TestNode root = new TestNode("root", Servers.shared(major).createDatabase(), directory);
        TestNode leaf =
            new TestNode(
                "leaf", Servers.shared(major).createDatabase(), directory, "parallel_copies = 2")) {
      for (TestNode node : List.of(root, leaf)) {
        StringBuilder ddl = new StringBuilder();
        names.forEach(name -> ddl.append("create table %s (id int primary key);".formatted(name)));
        node.database().execute(ddl.toString());
      }
      // the two largest tables, so that they are copied first
      root.database().execute("insert into t1 select generate_series(1, 2000)");
      root.database().execute("insert into t2 select generate_series(1, 2000)");
      leaf.database().execute("alter table t1 add constraint small check (id < 1000)");
      leaf.database().execute("alter table t2 add constraint small check (id < 1000)");
      root.createRoot();
      root.addTables(names);
      leaf.createBelow(NodeType.LEAF, root);
      leaf.addTables(names);
      try (TestTicker ticker = new TestTicker(root.database())) {
        leaf.start();
        await()
            .atMost(PATIENCE)
            .until(
                () ->
                    leaf.database().count("londiste.table_info where merge_state = 'ok'")
                        == tables - 2);
        await().atMost(PATIENCE).until(() -> attempts(leaf, "t1") > 1 && attempts(leaf, "t2") > 1);

        await()
            .atMost(PATIENCE)
            .untilAsserted(
                () -> {
                  assertThat(state(leaf, "t1")).isEqualTo("missing");
                  assertThat(copyConsumers(root)).isZero();
                });
        for (String command : List.of("status", "node-status", "tables")) {
          assertThat(leaf.command(command).out())
              .containsPattern(
                  "public.t1: copy failed \\d+ times, next attempt i.*: ERROR: new row")
              .contains("public.t2: copy failed");
        }
        assertThat(root.command("status", "--json").out())
            .contains("\"faults\" : [ {", "violates check constraint \\\"small\\\"");

        CommandLine.Outcome waited = CommandLine.run(leaf, "wait-sync", "--all-but-failed");
        assertThat(waited.code()).isEqualTo(3);
        assertThat(waited.log())
            .contains("ERROR 2 table(s) cannot be brought in sync:")
            .containsPattern("ERROR   public.t1: copy failed .*violates check constraint");

        leaf.database().execute("alter table t1 drop constraint small");
        leaf.command("resync", "public.t1");
        await().atMost(PATIENCE).until(() -> state(leaf, "t1").equals("ok"));
        assertThat(leaf.database().count("t1")).isEqualTo(2000);
        assertThat(attempts(leaf, "t1")).isZero();

        leaf.database().execute("alter table t2 drop constraint small");
        await().atMost(PATIENCE).until(() -> state(leaf, "t2").equals("ok"));
        assertThat(leaf.command("status").out()).doesNotContain("ERR");
        leaf.command("wait-sync", "--all-but-failed");
      }
    }
  }

  /** Its rows are already copied and are kept; the other tables are copied meanwhile. */
  @Test
  void one_that_cannot_catch_up_keeps_its_source_for_an_hour_at_most() throws Exception {
    try (TestNode root = new TestNode("root", Servers.newest().createDatabase(), directory);
        TestNode leaf =
            new TestNode(
                "leaf", Servers.oldest().createDatabase(), directory, "parallel_copies = 1")) {
      prepare(root, leaf, List.of("t1", "t2"));
      leaf.addTables(List.of("public.t1"));
      root.database().execute("insert into t1 values (1)");
      leaf.database().execute("alter table t1 add constraint small check (id < 1000)");
      leaf.start();
      await().atMost(PATIENCE).until(() -> state(leaf, "t1").equals("catching-up"));
      root.database().execute("insert into t1 values (2000)");
      try (TestTicker ticker = new TestTicker(root.database())) {
        await().atMost(PATIENCE).until(() -> attempts(leaf, "t1") > 0);
        assertThat(state(leaf, "t1")).isEqualTo("catching-up");
        assertThat(copyConsumers(root)).isOne();
        leaf.addTables(List.of("public.t2"));
        await().atMost(PATIENCE).until(() -> state(leaf, "t2").equals("ok"));

        leaf.database()
            .execute(
                "update londiste.table_fault set first_seen = first_seen - interval '2 hours'");
        await()
            .atMost(PATIENCE)
            .until(() -> state(leaf, "t1").equals("missing") && copyConsumers(root) == 0);
        assertThat(leaf.database().count("t1")).isOne();

        leaf.stop();
        long before = attempts(leaf, "t1");
        leaf.start();
        await().atMost(PATIENCE).until(() -> attempts(leaf, "t1") > before);
        leaf.database().execute("alter table t1 drop constraint small");
        await().atMost(PATIENCE).until(() -> state(leaf, "t1").equals("ok"));
        assertThat(leaf.database().count("t1")).isEqualTo(2);
      }
    }
  }

  /** The structure that the copy has dropped is recorded, and the next attempt restores it. */
  @Test
  void one_of_several_streams_gives_its_slots_back_too() throws Exception {
    try (TestNode root = new TestNode("root", Servers.newest().createDatabase(), directory);
        TestNode leaf =
            new TestNode(
                "leaf",
                Servers.newest().createDatabase(),
                directory,
                """
                parallel_copies = 2
                threaded_copy_tables = public.t1
                threaded_copy_pool_size = 2
                """)) {
      prepare(root, leaf, List.of("t1", "t2", "t3"));
      root.database().execute("insert into t1 select generate_series(1, 100000)");
      leaf.database()
          .execute(
              "create index plain on t1 ((id / 2));"
                  + " alter table t1 add constraint last_row check (id < 100000)");
      leaf.addTables(List.of("public.t1", "public.t2", "public.t3"));
      try (TestTicker ticker = new TestTicker(root.database())) {
        leaf.start();
        await()
            .atMost(PATIENCE)
            .until(
                () ->
                    attempts(leaf, "t1") > 0
                        && leaf.database().count("londiste.table_info where merge_state = 'ok'")
                            == 2);
        assertThat(state(leaf, "t1")).isEqualTo("in-copy");
        assertThat(leaf.command("status").out())
            .contains("public.t1: copy failed", "violates check constraint \"last_row\"");
        root.database().execute("delete from t1 where id = 100000");
        leaf.command("resync", "public.t1");
        await().atMost(PATIENCE).until(() -> state(leaf, "t1").equals("ok"));
        assertThat(leaf.database().count("pg_indexes where tablename = 't1'")).isEqualTo(2);
      }
    }
  }

  /** The SQL of an older release cannot store faults: the pauses are kept in memory. */
  @Test
  void with_older_sql_the_others_are_copied_as_well() throws Exception {
    try (TestNode root = new TestNode("root", Servers.newest().createDatabase(), directory);
        TestNode leaf =
            new TestNode(
                "leaf", Servers.newest().createDatabase(), directory, "parallel_copies = 1")) {
      PreviousRelease.install(leaf.database());
      prepare(root, leaf, List.of("t1", "t2", "t3"));
      root.database().execute("insert into t1 select generate_series(1, 2000)");
      leaf.database().execute("alter table t1 add constraint small check (id < 1000)");
      leaf.addTables(List.of("public.t1", "public.t2", "public.t3"));
      assertThat(leaf.database().column("select to_regclass('londiste.table_fault')"))
          .containsOnlyNulls();
      try (TestTicker ticker = new TestTicker(root.database())) {
        leaf.start();
        await()
            .atMost(PATIENCE)
            .until(
                () -> leaf.database().count("londiste.table_info where merge_state = 'ok'") == 2);
        leaf.database().execute("alter table t1 drop constraint small");
        Eventually.inSync(leaf);
      }
    }
  }

  private static void prepare(TestNode root, TestNode leaf, List<String> tables) {
    for (TestNode node : List.of(root, leaf)) {
      for (String table : tables) {
        node.database().execute("create table " + table + " (id int primary key)");
      }
    }
    root.createRoot();
    root.addTables(tables);
    leaf.createBelow(NodeType.LEAF, root);
  }
}
