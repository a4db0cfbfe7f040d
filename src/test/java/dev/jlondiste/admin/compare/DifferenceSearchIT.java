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
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Finds exactly the rows that differ, without locks, while writers and worker go on. */
class DifferenceSearchIT {
  private static final int RUNS = Integer.getInteger("jlondiste.compare.runs", 5);
  private static final int PLANTED = Integer.getInteger("jlondiste.compare.planted", 48);
  private static final String TABLES =
      """
      create table total (id int primary key, n bigint not null);
      create table hot (id int primary key, n bigint not null, t text);
      create table wide (
        word text, at timestamptz, part char(4), f float8, t text, n numeric, s real,
        primary key (word, at, part));
      """;

  @TempDir private Path directory;
  private TestNode root;
  private TestNode leaf;
  private TestTicker ticker;

  @BeforeEach
  void cascade() {
    root = node("root", Servers.OLDEST);
    leaf = node("leaf", Servers.NEWEST);
    root.database().execute("insert into total values (1, 0)");
    root.database().execute("insert into hot select i, 0, 't' from generate_series(1, 10) i");
    root.database()
        .execute(
            """
            insert into wide
            select md5(i::text) || case when i % 3 = 0 then 'ä' else 'Z' end,
                   '2026-11-30 12:00:00.123456+00'::timestamptz + i * interval '1 hour',
                   case when i % 2 = 0 then 'a' else 'ab' end,
                   i / 3.0, 'text ' || i, i / 7.0, i / 11.0
              from generate_series(1, 2000) i
            """);
    root.createRoot();
    root.addTables(List.of("hot", "wide", "total"));
    ticker = new TestTicker(root.database());
    root.start();
    leaf.createBelow(NodeType.LEAF, root);
    leaf.start();
    leaf.addTables(List.of("hot", "wide", "total"));
    Eventually.inSync(leaf);
  }

  private TestNode node(String name, String major) {
    TestDatabase database = Servers.shared(major).createDatabase();
    database.execute(TABLES);
    return new TestNode(name, database, directory);
  }

  @AfterEach
  void close() {
    ticker.close();
    leaf.close();
    root.close();
  }

  @Test
  void rows_that_always_change_are_no_differences() throws Exception {
    AtomicBoolean ended = new AtomicBoolean();
    AtomicInteger writes = new AtomicInteger();
    CompletableFuture<Void> writer =
        CompletableFuture.runAsync(
            () -> {
              try (Connection db = root.database().connect();
                  Statement statement = db.createStatement()) {
                Random random = new Random(1);
                while (!ended.get()) {
                  int id = 1 + random.nextInt(12);
                  statement.execute(
                      switch (random.nextInt(6)) {
                        case 0 -> "delete from hot where id = " + id;
                        case 1 -> "insert into hot values (" + id + ", 0) on conflict do nothing";
                        default -> "update hot set n = n + 1 where id = " + id;
                      });
                  statement.execute("update total set n = n + 1");
                  writes.incrementAndGet();
                }
              } catch (SQLException e) {
                throw new IllegalStateException(e);
              }
            });
    try {
      for (int i = 0; i < RUNS; i++) {
        int before = writes.get();
        Outcome outcome =
            CommandLine.run(leaf, "compare", "hot", "wide", "total", "--set", "lock_timeout=60");
        assertThat(outcome.code()).as(outcome.log()).isZero();
        assertThat(outcome.log()).doesNotContain("Locking");
        assertThat(writes.get()).isGreaterThan(before);
      }
      // Events of a row that is missing here do not bring it back.
      leaf.database().executeAsReplica("delete from total");
      Outcome missing = CommandLine.run(leaf, "compare", "total", "--set", "lock_timeout=60");
      assertThat(missing.log())
          .contains("public.total: id=1: missing here")
          .doesNotContain("Locking");
    } finally {
      ended.set(true);
      writer.join();
    }
    String rows = "select h::text from hot h order by id";
    await().until(() -> leaf.database().column(rows).equals(root.database().column(rows)));
    leaf.database()
        .executeAsReplica("update hot set t = 'other' where id = (select min(id) from hot)");
    assertThat(CommandLine.run(leaf, "compare", "hot").code()).isEqualTo(3);
  }

  @Test
  void each_planted_difference_is_found() {
    Random random = new Random(7);
    for (int i = 0; i < PLANTED; i += 4) {
      StringBuilder planted = new StringBuilder();
      for (int j = 0; j < 4; j++) {
        String row =
            " where word = (select word from wide order by word collate \"C\" offset "
                + random.nextInt(1900)
                + " limit 1)";
        planted.append(
            switch (random.nextInt(9)) {
              case 0 -> "delete from wide" + row;
              case 1 -> "insert into wide values ('new' || " + i + ", now(), '" + j + "')";
              case 2 -> "update wide set t = ''" + row;
              case 3 -> "update wide set t = null" + row;
              case 4 -> "update wide set t = t || ' '" + row;
              case 5 -> "update wide set f = f + 0.0000000000001" + row;
              case 6 -> "update wide set at = at + interval '1 microsecond'" + row;
              case 7 -> "update wide set at = at + interval '1 hour'" + row;
              default -> "update wide set s = s * 1.000001" + row;
            });
        planted.append(";\n");
      }
      leaf.database().executeAsReplica("create table saved as table wide");
      leaf.database().executeAsReplica(planted.toString());
      long expected =
          leaf.database()
              .number(
                  """
                  select count(distinct (word, at, part)) from (
                    (table wide except table saved) union all (table saved except table wide)) d
                  """);
      Outcome outcome = CommandLine.run(leaf, chunked("compare wide", random));
      assertThat(found(outcome.log())).as(planted + outcome.log()).isEqualTo(expected);
      leaf.database()
          .executeAsReplica("delete from wide; insert into wide table saved; drop table saved");
    }
    assertThat(leaf.command("compare").code()).isZero();
  }

  /** A command that reads the table in one piece, or in chunks. */
  private static String[] chunked(String command, Random random) {
    String options =
        switch (random.nextInt(3)) {
          case 0 -> "";
          case 1 -> " --chunk-rows=" + (1 + random.nextInt(700));
          default -> " --chunk-rows=97 --parallel=3";
        };
    return (command + options).split(" ");
  }

  @Test
  void a_report_names_what_differs() {
    leaf.database()
        .executeAsReplica(
            """
            delete from hot where id = 3;
            update hot set n = 7, t = null where id in (4, 5);
            insert into hot values (11, 0);
            """);
    Outcome outcome = CommandLine.run(leaf, "compare", "hot", "total", "--json", "--limit=2");
    assertThat(outcome.code()).isEqualTo(3);
    assertThat(outcome.out())
        .contains(
            "\"clean\" : false",
            "\"result\" : \"different\"",
            "\"missing\" : 1",
            "\"different\" : 2",
            "\"extra\" : 1",
            "\"result\" : \"equal\"");
    assertThat(outcome.out().split("\"kind\"", -1)).hasSize(3);
    Outcome some = CommandLine.run(leaf, "compare", "hot", "--json", "--where=id <= 9 and id <> 3");
    assertThat(some.out())
        .contains("\"id\" : \"4\"", "\"id\" : \"5\"")
        .doesNotContain("\"id\" : \"3\"");
    assertThat(CommandLine.run(leaf, "compare", "hot", "--where=id < 3", "--parallel=3").code())
        .isZero();
    assertThat(CommandLine.run(leaf, "compare", "hot", "--where=no = 3").log())
        .contains("not compared: ERROR: column \"no\" does not exist");
    assertThat(CommandLine.run(leaf, "compare", "hot", "--chunk-rows=0").code()).isEqualTo(2);
  }

  private static long found(String log) {
    return log.lines()
        .filter(line -> line.contains(" rows are missing here, "))
        .mapToLong(
            line -> {
              String[] words = line.replaceAll("[^0-9 ]", " ").trim().split(" +");
              return Long.parseLong(words[0]) + Long.parseLong(words[1]) + Long.parseLong(words[2]);
            })
        .sum();
  }

  @Test
  void a_truncate_between_both_snapshots_is_no_difference() {
    root.database().execute("truncate wide");
    Outcome outcome = CommandLine.run(leaf, "compare", "wide", "--set", "lock_timeout=60");
    assertThat(outcome.code()).as(outcome.log()).isZero();
    await().until(() -> leaf.database().count("wide") == 0);
  }
}
