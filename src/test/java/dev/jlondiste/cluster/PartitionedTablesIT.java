package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.WholeMatrix;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A partitioned table is replicated as one table, whatever its partitions are on each node. */
class PartitionedTablesIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String ROWS = "select concat_ws('|', id, k, v) from p order by id, k";

  @TempDir private Path directory;

  private TestNode node(String name, String major) {
    return new TestNode(name, Servers.shared(major).createDatabase(), directory);
  }

  private static void haveTheRows(TestNode root, TestNode... nodes) {
    for (TestNode node : nodes) {
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(node.database().column(ROWS))
                      .as(node.name())
                      .isEqualTo(root.database().column(ROWS)));
    }
  }

  private static void haveFollowed(TestNode root) {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                root.database()
                    .column("select 1 from londiste._partition_changes('testq')")
                    .isEmpty());
  }

  @ParameterizedTest(name = "{0}, history {1}")
  @CsvSource({"10, 1", "18, 3"})
  @WholeMatrix({"13, 2"})
  void subscribers_have_the_rows_whatever_happens_to_the_partitions(String major, long seed) {
    try (TestNode root = node("root", major);
        TestNode branch = node("branch", "14");
        TestNode plain = node("plain", "9.6");
        TestNode divided = node("divided", "17")) {
      PartitionHistory history =
          new PartitionHistory(root.database(), Integer.parseInt(major), seed);
      history.begin();
      root.createRoot();
      root.start();
      root.addTables(List.of("p"));
      history.go(20);
      try (TestTicker ticker = new TestTicker(root.database())) {
        branch.database().execute("create table p (id int, k int, v text, primary key (id, k))");
        branch.createBelow(NodeType.BRANCH, root);
        branch.start();
        branch.addTables(List.of("p"));
        Eventually.inSync(branch);
        plain.createBelow(NodeType.LEAF, branch);
        plain.start();
        plain.command("add-table", "p", "--create-full");
        divided
            .database()
            .execute(
                "create table p (id int, k int, v text, primary key (id, k)) partition by hash (id);"
                    + " create table h0 partition of p for values with (modulus 2, remainder 0);"
                    + " create table h1 partition of p for values with (modulus 2, remainder 1)");
        divided.createBelow(NodeType.LEAF, root);
        divided.start();
        divided.addTables(List.of("p"));
        history.go(20);
        haveFollowed(root);
        history.go(20);
        Eventually.inSync(plain);
        Eventually.inSync(divided);
        history.go(20);
        haveFollowed(root);
        history.go(20);
        haveTheRows(root, branch, plain, divided);
        assertThat(CommandLine.run(root, "check").log()).doesNotContain("public.p");
        assertThat(divided.command("compare", "p").code()).isZero();
      }
    }
  }

  private static final String BY_RANGE =
      """
      create table p (id int, k int, v text, primary key (id, k)) partition by range (k);
      create table p_0 partition of p for values from (0) to (10);
      create table p_1 partition of p for values from (10) to (20);
      """;
  private static final String BY_HASH =
      """
      create table p (id int, k int, v text, primary key (id, k)) partition by hash (id);
      create table h0 partition of p for values with (modulus 2, remainder 0);
      create table h1 partition of p for values with (modulus 2, remainder 1);
      """;

  private static String error(TestNode node, String sql) {
    try {
      node.database().execute(sql);
      return "";
    } catch (IllegalStateException e) {
      return String.valueOf(e.getMessage());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"BRANCH", "LEAF"})
  void another_node_takes_over_and_its_partitions_are_followed_then(NodeType type) {
    try (TestNode root = node("root", "14");
        TestNode other = node("other", "17")) {
      root.database().execute(BY_RANGE);
      root.createRoot();
      root.start();
      root.addTables(List.of("p"));
      other.database().execute(BY_HASH);
      other.createBelow(type, root);
      other.start();
      other.addTables(List.of("p"));
      try (TestTicker ticker = new TestTicker(root.database());
          TestTicker there = new TestTicker(other.database())) {
        root.database()
            .execute("insert into p select i, i % 20, 'a' from generate_series(1, 50) i");
        haveTheRows(root, other);
        assertThat(error(other, "insert into p values (777, 7, 'x')"))
            .contains(type == NodeType.LEAF ? "change not allowed" : "disallowed");
        root.database()
            .execute(
                "create table p_2 partition of p for values from (20) to (30);"
                    + " insert into p values (500, 25, 'last'); drop table p_1");
        haveFollowed(root); // until then the takeover is refused
        other.command("takeover", "root");
        other.tickOften();
        haveTheRows(other, root);
        other
            .database()
            .execute(
                "insert into p values (100, 5, 'b'); update p set k = 25 where id = 1;"
                    + " update p set id = 102, k = 26 where id = 2; truncate h1");
        haveTheRows(other, root);
        assertThat(error(root, "insert into p values (777, 7, 'x')")).contains("disallowed");
        root.command("takeover", "other");
        root.database().execute("drop table p_0; insert into p values (200, 22, 'c')");
        haveTheRows(root, other);
        assertThat(other.database().column("select count(*)::text from p where k < 10"))
            .containsExactly("0");
      }
    }
  }

  @Test
  void rows_are_not_replicated_twice() {
    try (TestNode root = node("root", "15")) {
      root.database().execute(BY_RANGE);
      root.createRoot();
      assertThat(root.command("add-table", "p_0").log())
          .contains("public.p: 1 of its partitions added one by one, later ones will not be");
      assertThat(CommandLine.run(root, "add-table", "p").log())
          .contains("Table public.p has the rows of public.p_0, which is in the set already");
      root.command("remove-table", "p_0");
      assertThat(root.command("add-table", "p").log()).doesNotContain("one by one");
      CommandLine.Outcome part = CommandLine.run(root, "add-table", "p_1");
      assertThat(part.code()).isEqualTo(1);
      assertThat(root.database().column("select tgname from pg_trigger where not tgisinternal"))
          .isNotEmpty();
      root.command("remove-table", "p");
      assertThat(
              root.database()
                  .column(
                      "select tgname from pg_trigger t join pg_class c on"
                          + " c.oid = tgrelid where not tgisinternal and c.relname ~ '^p'"))
          .isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"11", "18"})
  void a_partition_may_be_renamed(String major) {
    try (TestNode root = node("root", major)) {
      root.database().execute(BY_RANGE);
      root.createRoot();
      root.addTables(List.of("p"));
      root.start();
      root.database().execute("alter table p_0 rename to first");
      haveFollowed(root);
      assertThat(CommandLine.run(root, "check").log()).doesNotContain("public.p");
      root.database().execute("create table rest partition of p default");
      haveFollowed(root);
      root.database().execute("alter table rest rename to others");
      haveFollowed(root);
      assertThat(CommandLine.run(root, "check").log()).doesNotContain("public.p");
    }
  }

  @Test
  void new_partitions_have_the_triggers_of_the_others() {
    try (TestNode root = node("root", "12");
        TestNode leaf = node("leaf", "16")) {
      root.database().execute(BY_RANGE);
      root.createRoot();
      root.command("add-table", "p", "--trigger-flags=J");
      leaf.database().execute(BY_RANGE);
      leaf.createBelow(NodeType.LEAF, root);
      leaf.start();
      leaf.addTables(List.of("p"));
      try (TestTicker ticker = new TestTicker(root.database())) {
        Eventually.inSync(leaf);
        String create = "create table p_2 partition of p for values from (20) to (30)";
        leaf.database().execute(create);
        root.database().execute(create + "; insert into p values (1, 1, 'a'), (25, 25, 'b')");
        CommandLine.Outcome check = CommandLine.run(root, "check");
        assertThat(check.code()).isEqualTo(3);
        assertThat(check.log())
            .contains("public.p: partition public.p_2: has no triggers, changes are not captured");
        root.start();
        haveTheRows(root, leaf);
        assertThat(root.command("check").log()).doesNotContain("public.p");
        await().until(() -> !error(leaf, "insert into p_2 values (7, 27, 'x')").isEmpty());
        root.database().execute("update p set v = 'c'; truncate p_2");
        haveTheRows(root, leaf);
        root.database()
            .execute("alter table p_0 disable trigger user; insert into p values (3, 3, 'lost')");
        assertThat(CommandLine.run(root, "check").log()).contains("partition public.p_0: triggers");
        root.command("regenerate-triggers", "p");
        leaf.command("resync", "p");
        haveTheRows(root, leaf);
      }
    }
  }

  /**
   * Writes to random rows until it is stopped; errors by locks and missing partitions are usual.
   */
  private static Thread writer(TestNode root, long seed, AtomicBoolean stop) {
    Random random = new Random(seed);
    Thread thread =
        new Thread(
            () -> {
              while (!stop.get()) {
                int id = random.nextInt(300);
                error(
                    root,
                    switch (random.nextInt(4)) {
                      case 0, 1 ->
                          "insert into p values (%d, %d, 'w') on conflict (id, k) do update set v = p.v || 'w'"
                              .formatted(id, random.nextInt(40));
                      case 2 -> "update p set k = %d where id = %d".formatted(id % 40, id);
                      default -> "delete from p where id = " + id;
                    });
              }
            });
    thread.start();
    return thread;
  }

  @ParameterizedTest
  @ValueSource(strings = {"12", "18"})
  void partitions_come_and_go_while_applications_write(String major) throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    List<Thread> writers = new ArrayList<>();
    try (TestNode root = node("root", major);
        TestNode leaf = node("leaf", "15");
        TestTicker ticker = new TestTicker(root.database())) {
      root.database().execute(BY_RANGE + "create table p_default partition of p default");
      root.createRoot();
      root.start();
      root.addTables(List.of("p"));
      writers.add(writer(root, 1, stop));
      writers.add(writer(root, 2, stop));
      leaf.createBelow(NodeType.LEAF, root);
      leaf.start();
      leaf.command("add-table", "p", "--create-full");
      Random random = new Random(3);
      for (int i = 0; i < 60; i++) {
        int from = random.nextInt(4) * 10;
        String name = "p_" + from / 10;
        String attach =
            """
            begin;
            create table %1$s (id int, k int, v text, primary key (id, k));
            with m as (delete from p_default where k >= %2$d and k < %3$d returning *)
              insert into %1$s select * from m;
            alter table p attach partition %1$s for values from (%2$d) to (%3$d);
            commit
            """
                .formatted(name, from, from + 10);
        String detach = "begin; alter table p detach partition %1$s; drop table %1$s; commit";
        if (root.database().value("select to_regclass(?)", name) == null) {
          error(root, attach);
        } else {
          error(root, i % 3 == 0 ? "truncate " + name : detach.formatted(name));
        }
        if (i % 12 == 11) {
          haveFollowed(root);
        }
      }
      Eventually.inSync(leaf);
      stop.set(true);
      for (Thread writer : writers) {
        writer.join();
      }
      haveFollowed(root);
      haveTheRows(root, leaf);
      assertThat(root.database().count("p")).isPositive();
    } finally {
      stop.set(true);
    }
  }

  @Test
  void nothing_that_happens_before_the_worker_looks_is_lost_or_deleted() throws Exception {
    try (TestNode root = node("root", "17");
        TestNode leaf = node("leaf", "13");
        TestTicker ticker = new TestTicker(root.database())) {
      root.database()
          .execute(
              BY_RANGE
                  + "create table q (id int, k int, v text, primary key (id, k))"
                  + " partition by range (k); insert into p select i, i % 20 from"
                  + " generate_series(1, 100) i");
      root.createRoot();
      root.command("add-table", "p", "q");
      leaf.createBelow(NodeType.LEAF, root);
      leaf.start();
      leaf.command("add-table", "p", "q", "--create-full");
      Eventually.inSync(leaf);

      root.database().execute("begin; alter table p detach partition p_0; truncate p_0; commit");
      root.database().execute("insert into p values (1000, 15, 'after')");
      await().until(() -> leaf.database().count("p where id = 1000") == 1);
      assertThat(leaf.database().count("p where k >= 10")).isEqualTo(51);
      root.command("regenerate-triggers", "p");
      haveTheRows(root, leaf);

      root.database()
          .execute(
              "create table p_2 partition of p for values from (20) to (30);"
                  + " insert into p values (2000, 25, 'unseen')");
      root.command("regenerate-triggers", "p");
      haveTheRows(root, leaf);

      root.database()
          .execute(
              "create table p_3 (id int, k int, v text, primary key (id, k));"
                  + " insert into p_3 values (3000, 35, 'script')");
      Path script =
          Files.writeString(
              directory.resolve("attach.sql"),
              """
              --*-- Need-Table: p_3
              alter table p attach partition p_3 for values from (30) to (40);
              """);
      root.command("execute", script.toString());
      root.database()
          .execute(
              "begin; alter table p detach partition p_1; alter table p_1 rename to q_1;"
                  + " alter table q attach partition q_1 for values from (10) to (20); commit");
      root.start();
      haveFollowed(root);
      haveTheRows(root, leaf);
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(leaf.database().column("select id::text from q order by id"))
                      .isEqualTo(root.database().column("select id::text from q order by id")));
      assertThat(root.database().count("q")).isEqualTo(51);
      root.database().execute("update q set v = 'in q' where id % 2 = 0; truncate q_1");
      await().atMost(PATIENCE).until(() -> leaf.database().count("q") == 0);
      haveTheRows(root, leaf);
    }
  }
}
