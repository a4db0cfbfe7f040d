package dev.jlondiste.replica.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.CommandLine;
import dev.jlondiste.cluster.Eventually;
import dev.jlondiste.cluster.TestNode;
import dev.jlondiste.cluster.TestTicker;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import dev.jlondiste.servers.WholeMatrix;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Structure that a copy has dropped and cannot restore is reported by name, is never lost, and is
 * restored later.
 */
class RestoreIT {
  private static final String TABLE = "create table t (id int primary key, n int, v text)";

  /** With one row that violates the foreign key. */
  private static final String AROUND =
      """
      create table parents (id int primary key);
      insert into parents select i from generate_series(1, 99) i;
      alter table t add constraint to_parents foreign key (n) references parents;
      create table children (id int primary key, t int constraint to_t references t);
      comment on constraint to_t on children is 'it''s ours';
      """;

  private static final String KEYS =
      """
      select conname, convalidated, obj_description(oid, 'pg_constraint') from pg_constraint
       where contype = 'f' and connamespace = 'public'::regnamespace order by 1
      """;

  @TempDir private Path directory;

  private static void inSync(TestNode root, TestNode leaf, int rows) {
    root.database()
        .execute(
            TABLE
                + "; insert into t select i, i, repeat('v', 200) from generate_series(1, "
                + rows
                + ") i");
    root.createRoot();
    root.addTables(List.of("public.t"));
    leaf.createBelow(NodeType.LEAF, root);
    leaf.addTables(List.of("public.t"));
    leaf.start();
    Eventually.inSync(leaf);
  }

  private static void until(TestDatabase database, String sql, String value) {
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(database.value(sql)).isEqualTo(value));
  }

  @ParameterizedTest
  @ValueSource(strings = {"9.6", "18"})
  void a_violated_key_is_reported_by_name_until_it_holds(String major) throws Exception {
    try (TestNode root = new TestNode("root", Servers.shared(major).createDatabase(), directory);
        TestNode leaf = new TestNode("leaf", Servers.shared(major).createDatabase(), directory)) {
      TestDatabase here = leaf.database();
      here.execute(TABLE + ";" + AROUND);
      try (TestTicker ticker = new TestTicker(root.database())) {
        inSync(root, leaf, 100);
        until(here, "select count(*) from londiste.unrestored where problem ~ '100'", "1");
        until(here, "select count(*) from londiste.pending_fkeys", "1");

        CommandLine.Outcome waited = CommandLine.run(leaf, "wait-sync");
        assertThat(waited.code()).isEqualTo(1);
        assertThat(waited.log())
            .contains("foreign key to_parents of public.t is not restored: ")
            .contains("Key (n)=(100) is not present in table \"parents\"");
        assertThat(leaf.command("status").out())
            .contains("NOT RESTORED: foreign key to_parents of public.t: insert or update on");
        assertThat(leaf.command("status", "--json").out()).contains("\"name\" : \"to_parents\"");
        assertThat(leaf.command("fkeys").out())
            .startsWith("-- foreign key to_parents of public.t: insert or update on table \"t\"")
            .contains("\nalter table only public.t add constraint to_parents FOREIGN KEY (n)");

        // The key is there for new rows, but not validated: a new copy must not record it so.
        leaf.command("resync", "public.t");
        Eventually.inSync(leaf);
        until(here, "select count(*) from londiste.pending_fkeys", "1");
        assertThat(CommandLine.run(leaf, "fkeys", "--restore").code()).isEqualTo(1);
        here.execute("insert into parents values (100)");
        leaf.command("fkeys", "--restore");
        assertThat(leaf.command("fkeys").out()).isEmpty();
        leaf.command("wait-sync");
      }
      assertThat(here.rows(KEYS))
          .containsExactly(
              java.util.Arrays.asList("to_parents", "t", null), List.of("to_t", "t", "it's ours"));
      assertThat(here.count("londiste.unrestored")).isZero();
    }
  }

  @ParameterizedTest(name = "on {0}, {1} streams")
  @CsvSource({"9.6, 1", "18, 2"})
  @WholeMatrix({"13, 2"})
  void an_index_that_cannot_be_created_again_does_not_undo_the_copy(String major, int streams)
      throws Exception {
    try (TestNode root = new TestNode("root", Servers.shared(major).createDatabase(), directory);
        TestNode leaf =
            new TestNode(
                "leaf",
                Servers.shared(major).createDatabase(),
                directory,
                "parallel_copies = " + streams,
                "threaded_copy_tables = public.t",
                "threaded_copy_pool_size = " + streams)) {
      TestDatabase here = leaf.database();
      here.execute(
          TABLE
              + """
              ;
              create index by_fraction on t ((1 / (n - 50))) with (fillfactor = 70);
              comment on index by_fraction is 'ours';
              alter table t add constraint once unique (v) with (fillfactor = 71);
              """);
      try (TestTicker ticker = new TestTicker(root.database())) {
        inSync(root, leaf, 10_000);
        assertThat(here.column("select object_name from londiste.unrestored order by 1"))
            .containsExactly("by_fraction", "once");
        assertThat(here.count("t")).isEqualTo(10_000);
        assertThat(leaf.command("status").out())
            .contains("NOT RESTORED: index by_fraction of public.t: division by zero")
            .contains(
                "NOT RESTORED: index once of public.t: could not create unique index \"once\"");
        assertThat(leaf.command("fkeys").out())
            .contains("create index \"by_fraction\" on \"public\".\"t\"")
            .contains("\"once\" UNIQUE (v) WITH (fillfactor='71')");

        root.database().execute("update t set v = 'v' || id, n = case n when 50 then 0 else n end");
        until(
            here, "select count(distinct v) || ' ' || count(nullif(n, 50)) from t", "10000 10000");
        leaf.command("fkeys", "--restore");
      }
      assertThat(
              here.rows(
                  "select relname, reloptions, obj_description(oid, 'pg_class') from pg_class"
                      + " where relname in ('by_fraction', 'once') order by 1"))
          .containsExactly(
              List.of("by_fraction", "{fillfactor=70}", "ours"),
              java.util.Arrays.asList("once", "{fillfactor=71}", null));
      assertThat(here.count("londiste.unrestored")).isZero();
    }
  }

  @Test
  void nothing_is_thrown_away_with_the_node_or_the_database_code() throws Exception {
    try (TestNode root = new TestNode("root", Servers.newest().createDatabase(), directory);
        TestNode leaf = new TestNode("leaf", Servers.newest().createDatabase(), directory)) {
      TestDatabase here = leaf.database();
      here.execute(TABLE + ";" + AROUND + "create unique index once on t (v);");
      try (TestTicker ticker = new TestTicker(root.database())) {
        inSync(root, leaf, 100);
        until(here, "select count(*) from londiste.unrestored where kind = 'fkey'", "1");
        leaf.stop();
        CommandLine.Outcome dropped = leaf.command("drop-node", "leaf");
        assertThat(dropped.log())
            .contains("WARNING [leaf] foreign key to_parents of public.t is missing: ")
            .contains("WARNING [leaf] index once of public.t is missing: could not create unique")
            .contains("'fkeys --restore'");
      }
      CommandLine.Outcome refused = CommandLine.run(leaf, "uninstall");
      assertThat(refused.code()).isEqualTo(1);
      assertThat(refused.log())
          .contains("foreign keys that a copy has dropped are not restored: to_parents of public.t")
          .contains("indexes that a copy could not recreate: once of public.t");
      here.execute("delete from t where id = 100");
      CommandLine.Outcome half = CommandLine.run(leaf, "fkeys", "--restore");
      assertThat(half.code()).isEqualTo(1);
      assertThat(here.rows("select object_name from londiste.unrestored"))
          .containsExactly(List.of("once"));
      CommandLine.Outcome forced = leaf.command("uninstall", "--force");
      assertThat(forced.out())
          .isEqualTo("create unique index \"once\" on \"public\".\"t\" USING btree (v);\n");
      here.execute("update t set v = id; " + forced.out());
      assertThat(here.rows(KEYS)).hasSize(2);
    }
  }
}
