package dev.jlondiste.admin.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.CommandLine;
import dev.jlondiste.cluster.CommandLine.Outcome;
import dev.jlondiste.cluster.Eventually;
import dev.jlondiste.cluster.TestNode;
import dev.jlondiste.cluster.TestTicker;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Makes a node equal to its source. */
class RepairIT {
  private static final Path FILE = Path.of("fix.public.Wide.sql");
  private static final String TABLES =
      """
      create table "Wide" (
        id int primary key, t text, f float8, j json, at timestamptz, b bytea, a text[],
        other int unique);
      """;

  @TempDir private Path directory;
  private TestNode root;
  private TestNode leaf;
  private TestTicker ticker;

  @BeforeEach
  void cascade() {
    root = node("root", Servers.OLDEST);
    leaf = node("leaf", Servers.NEWEST);
    root.database()
        .execute(
            """
            insert into "Wide"
            select i, E'it''s \\\\ ' || i, i / 3.0, '{"a" : 1}',
                   '2026-11-30 12:00:00.123456+00'::timestamptz + i * interval '1 hour',
                   decode('00ff', 'hex'), array['a', null, ''], i
              from generate_series(1, 500) i
            """);
    root.createRoot();
    root.addTables(List.of("public.Wide"));
    ticker = new TestTicker(root.database());
    root.start();
    leaf.createBelow(NodeType.LEAF, root);
    leaf.start();
    leaf.addTables(List.of("public.Wide"));
    Eventually.inSync(leaf);
  }

  private TestNode node(String name, String major) {
    TestDatabase database = Servers.shared(major).createDatabase();
    database.execute(TABLES);
    return new TestNode(name, database, directory);
  }

  @AfterEach
  void close() throws IOException {
    ticker.close();
    leaf.close();
    root.close();
    Files.deleteIfExists(FILE);
  }

  private void damage() {
    leaf.database()
        .executeAsReplica(
            """
            delete from "Wide" where id in (3, 4);
            insert into "Wide" values (1000, 'extra'), (1001, null);
            update "Wide" set t = null where id = 7;
            update "Wide" set f = f + 0.0000000000001, j = '{"a": 1}' where id = 8;
            update "Wide" set b = null, a = '{}', at = at + interval '1 microsecond' where id = 9;
            update "Wide" set other = -1 where id = 10;
            update "Wide" set other = 10 where id = 11;
            """);
  }

  @Test
  void each_kind_of_difference_is_mended() {
    damage();
    Outcome report = leaf.command("repair", "public.Wide", "--dry-run");
    assertThat(report.log())
        .contains(
            "INFO Checking public.Wide\n",
            "finished public.Wide: src: 500 rows, dst: 500 rows, missed: 2 inserts, 5 updates,"
                + " 2 deletes\n",
            "WARNING public.Wide: id=8: differs in f, j\n",
            "WARNING public.Wide: id=1001: not on the source\n",
            "WARNING public.Wide: id=3: missing here\n");
    assertThat(FILE).doesNotExist();
    assertThat(CommandLine.run(leaf, "repair", "public.Wide", "--dry-run", "--exit-code").code())
        .isEqualTo(3);
    assertThat(leaf.command("repair", "public.Wide", "--dry-run", "--limit=1").log())
        .containsOnlyOnce("WARNING");
    Outcome applied =
        leaf.command("repair", "public.Wide", "--apply", "--chunk-rows=90", "--parallel=2");
    assertThat(applied.log()).contains("missed: 2 inserts, 5 updates, 2 deletes\n");
    assertEqual();
    assertThat(leaf.command("repair", "--apply").log())
        .contains("missed: 0 inserts, 0 updates, 0 deletes\n");
  }

  private void assertEqual() {
    assertThat(leaf.command("compare").log()).contains("INFO 1 table equal\n");
    String rows = "select w::text from \"Wide\" w order by id";
    assertThat(leaf.database().column("select id || t from \"Wide\" order by id"))
        .isEqualTo(root.database().column("select id || t from \"Wide\" order by id"));
    assertThat(leaf.database().column(rows)).hasSize(500);
  }

  @Test
  void a_file_does_the_same() throws Exception {
    damage();
    Outcome written = leaf.command("repair", "public.Wide", "--chunk-rows=100");
    assertThat(written.log()).contains("statements are in fix.public.Wide.sql\n");
    String statements = Files.readString(FILE);
    assertThat(statements)
        .contains(
            "update only \"public\".\"Wide\" set \"t\" = E'it''s \\\\ 7' where \"id\" = '7' and"
                + " \"t\" is null;")
        .contains("delete from only \"public\".\"Wide\" where \"id\" = '1000' and");
    assertThat(CommandLine.run(leaf, "compare").code()).isEqualTo(3);
    leaf.database().execute(statements);
    assertEqual();
    leaf.command("repair", "public.Wide");
    assertThat(FILE).doesNotExist();
  }

  @Test
  void only_some_rows() {
    damage();
    leaf.command("repair", "public.Wide", "--apply", "--repair-where=id < 8");
    assertThat(leaf.command("repair", "public.Wide", "--dry-run").log())
        .contains("missed: 0 inserts, 4 updates, 2 deletes\n");
    Outcome wrong =
        CommandLine.run(leaf, "repair", "public.Wide", "--apply", "--repair-where=nosuch > 1");
    assertThat(wrong.log()).contains("column \"nosuch\" does not exist");
    assertThat(wrong.code()).isEqualTo(3);
  }

  @Test
  void while_rows_change_only_differences_are_mended() throws Exception {
    AtomicBoolean ended = new AtomicBoolean();
    CompletableFuture<Void> writer =
        CompletableFuture.runAsync(
            () -> {
              try (Connection db = root.database().connect();
                  Statement statement = db.createStatement()) {
                Random random = new Random(1);
                while (!ended.get()) {
                  int id = 1 + random.nextInt(40);
                  statement.execute(
                      switch (random.nextInt(5)) {
                        case 0 -> "delete from \"Wide\" where id = " + id;
                        case 1 ->
                            "insert into \"Wide\" (id, t) values ("
                                + id
                                + ", 'new')"
                                + " on conflict do nothing";
                        default -> "update \"Wide\" set t = t || 'x' where id = " + id;
                      });
                }
              } catch (SQLException e) {
                throw new IllegalStateException(e);
              }
            });
    try {
      for (int i = 0; i < 3; i++) {
        leaf.database()
            .executeAsReplica(
                "update \"Wide\" set t = 'bad' where id % 4 = 1; delete from \"Wide\" where id % 7 = 3");
        leaf.command("repair", "--apply", "--force");
        leaf.command("compare", "--set", "lock_timeout=60");
      }
    } finally {
      ended.set(true);
      writer.join();
    }
    String rows = "select t from \"Wide\" order by id";
    await().until(() -> leaf.database().column(rows).equals(root.database().column(rows)));
    leaf.command("compare");
  }
}
