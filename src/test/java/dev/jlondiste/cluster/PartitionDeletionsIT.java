package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.log.CapturedLog;
import dev.jlondiste.replica.Playback;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What subscribers do with the rows of a partition that is truncated or gone on the root, where
 * handlers, other queues or rights say more about them than the root does.
 */
class PartitionDeletionsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String TABLE =
      """
      create table p (id int, k int, v text, primary key (id, k)) partition by range (k);
      create table p_0 partition of p for values from (0) to (10);
      create table p_1 partition of p for values from (10) to (20);
      create table p_2 partition of p for values from (20) to (30);
      """;

  private static final String ONE_SHARD =
      """
      create schema partconf;
      create function partconf.get_hash_raw(integer) returns integer language sql immutable strict
        as $$ select hashint4($1) $$;
      create table partconf.conf (shard_nr int, shard_mask int, shard_count int);
      insert into partconf.conf values (0, 0, 1);
      """;

  @TempDir private Path directory;

  private static void fill(TestDatabase database, int from) {
    database.execute(
        "insert into p select i, i %% 30, 'row' from generate_series(%d, %d) i"
            .formatted(from, from + 59));
  }

  private TestNode node(String name, TestDatabase database, String... settings) {
    return new TestNode(name, database, directory, settings);
  }

  private static void hasRows(TestDatabase database, String condition, long rows) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(database.count("p where " + condition)).isEqualTo(rows));
  }

  @Test
  void arguments_of_handlers_keep_rows() {
    try (TestNode root = node("root", Servers.newest().createDatabase());
        TestNode plain = node("plain", Servers.newest().createDatabase());
        TestNode keeps = node("keeps", Servers.newest().createDatabase());
        TestNode passes = node("passes", Servers.newest().createDatabase());
        TestNode below = node("below", Servers.newest().createDatabase());
        TestTicker ticker = new TestTicker(root.database())) {
      root.database().execute(TABLE + ONE_SHARD);
      passes.database().execute(ONE_SHARD);
      fill(root.database(), 1);
      root.createRoot();
      root.command("add-table", "p", "--handler=shard", "--handler-arg=hash_key=id");
      plain.createBelow(NodeType.LEAF, root);
      plain.command("add-table", "p", "--create-full");
      keeps.createBelow(NodeType.LEAF, root);
      keeps.command(
          "add-table",
          "p",
          "--create-full",
          "--handler=londiste",
          "--handler-arg=ignore_truncate=1");
      passes.createBelow(NodeType.BRANCH, root);
      passes.command(
          "add-table",
          "p",
          "--create-full",
          "--expect-sync",
          "--handler=shard",
          "--handler-arg=hash_key=id",
          "--handler-arg=disable_replay=1");
      below.createBelow(NodeType.LEAF, passes);
      below.command("add-table", "p", "--create-full", "--find-copy-node");
      for (TestNode node : new TestNode[] {root, plain, keeps, passes, below}) {
        node.start();
      }
      Eventually.inSync(plain);
      Eventually.inSync(keeps);
      Eventually.inSync(below);

      root.database().execute("truncate p_0");
      hasRows(plain.database(), "true", 40);
      hasRows(below.database(), "true", 40);
      root.database().execute("drop table p_1");
      hasRows(plain.database(), "true", 20);
      hasRows(below.database(), "true", 20);
      hasRows(keeps.database(), "true", 40);
      assertThat(keeps.database().count("p where k < 10")).isEqualTo(20);
    }
  }

  @Test
  void rows_of_other_sources_of_a_merged_table_stay() throws Exception {
    TestDatabase target = Servers.newest().createDatabase();
    try (TestNode one = node("one", Servers.newest().createDatabase(), "queue_name = q1");
        TestNode two = node("two", Servers.newest().createDatabase(), "queue_name = q2");
        TestNode leaf = node("leaf1", target, "queue_name = q1");
        TestNode other = node("leaf2", target, "queue_name = q2");
        TestTicker ticker = new TestTicker(one.database());
        TestTicker second = new TestTicker(two.database());
        CapturedLog log = new CapturedLog(Playback.class)) {
      for (TestNode root : new TestNode[] {one, two}) {
        root.database().execute(TABLE);
        root.command("create-root", root.name(), root.database().connectString());
        root.database()
            .execute(
                "select pgq.set_queue_config(queue_name, 'ticker_max_lag', '100 milliseconds')"
                    + " from pgq.queue");
        root.command("add-table", "p");
        root.start();
      }
      fill(one.database(), 1);
      fill(two.database(), 1001);
      leaf.createBelow(NodeType.LEAF, one);
      other.createBelow(NodeType.LEAF, two);
      leaf.command("add-table", "p", "--merge-all", "--create-full");
      leaf.start();
      other.start();
      Eventually.inSync(leaf);
      Eventually.inSync(other);

      one.database().execute("drop table p_0");
      one.database().execute("insert into p values (5000, 15, 'after')");
      two.database().execute("truncate p_1");
      two.database().execute("insert into p values (6000, 15, 'after')");
      hasRows(target, "v = 'after'", 2);
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(log.lines())
                      .filteredOn(line -> line.startsWith("WARN public.p: rows of other sources"))
                      .hasSize(2));
      assertThat(target.count("p")).isEqualTo(122);
    }
  }

  @Test
  void a_partition_of_another_owner_holds_up_no_other_partition() throws Exception {
    try (TestNode root = node("root", Servers.newest().createDatabaseOwnedBy("plain_owner"));
        TestNode leaf = node("leaf", Servers.newest().createDatabase());
        TestTicker ticker = new TestTicker(root.database())) {
      root.database().execute(TABLE);
      root.createRoot();
      root.command("add-table", "p");
      root.start();
      leaf.createBelow(NodeType.LEAF, root);
      leaf.command("add-table", "p", "--create-full");
      leaf.start();
      Eventually.inSync(leaf);

      TestDatabase database = root.database();
      String superuser = database.server().jdbcUrl(database.name());
      try (Connection db = DriverManager.getConnection(superuser);
          Statement statement = db.createStatement()) {
        statement.execute(
            "create table p_x partition of p for values from (100) to (110);"
                + " alter table p_x owner to postgres");
      }
      root.database()
          .execute(
              "create table p_3 partition of p for values from (30) to (40);"
                  + " insert into p values (1, 31, 'here')");
      hasRows(leaf.database(), "k = 31", 1);
      assertThat(CommandLine.run(root, "check").log()).contains("p_x");
    }
  }
}
