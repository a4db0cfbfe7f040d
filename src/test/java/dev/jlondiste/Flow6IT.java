package dev.jlondiste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cluster.CommandLine;
import dev.jlondiste.cluster.Eventually;
import dev.jlondiste.cluster.TestNode;
import dev.jlondiste.cluster.TestTicker;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database is split into two by the commands of a howto, while pgbench's statements run. */
class Flow6IT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String PARTCONF =
      """
      create schema partconf;
      create table partconf.conf (part_nr integer, max_part integer, db_code bigint,
        is_primary boolean default false, max_slot integer, cluster_name text);
      create function partconf.get_hash_raw(i_input integer) returns integer language sql as
        'select hashint4($1)';
      """;
  private static final String PGBENCH =
      """
      create table pgbench_branches (bid int primary key, bbalance int, filler char(88));
      create table pgbench_tellers (tid int primary key, bid int, tbalance int, filler char(84));
      create table pgbench_accounts (aid int primary key, bid int, abalance int, filler char(84));
      insert into pgbench_branches select i, 0 from generate_series(1, 20) i;
      insert into pgbench_tellers select i, i % 20 + 1, 0 from generate_series(1, 200) i;
      insert into pgbench_accounts select i, i % 20 + 1, 0 from generate_series(1, 5000) i;
      """;

  @TempDir private Path directory;

  private static void type(TestNode node, String line) {
    node.command(line.split(" "));
  }

  @Test
  void one_database_is_split_into_two() {
    try (TestNode root = node("st3_rootdb");
        TestNode zero = node("st3_sharddb_0");
        TestNode one = node("st3_sharddb_1");
        TestTicker ticker = new TestTicker(root.database())) {
      root.database().execute(PGBENCH);
      zero.database().execute("insert into partconf.conf(part_nr, max_part) values(0,1)");
      one.database().execute("insert into partconf.conf(part_nr, max_part) values(1,1)");
      String provider = " --provider=" + root.database().connectString();
      root.command("create-root", "node1", root.database().connectString());
      root.start();
      zero.command(
          ("create-leaf;node2_0;"
                  + zero.database().connectString()
                  + provider.replace(" --", ";--"))
              .split(";"));
      zero.start();
      one.command(
          ("create-leaf;node2_1;" + one.database().connectString() + provider.replace(" --", ";--"))
              .split(";"));
      one.start();
      for (TestNode node : List.of(root, zero, one)) {
        String create = node == root ? "" : " --create";
        type(node, "add-table pgbench_accounts" + create + " --handler=part --handler-arg=key=aid");
        type(node, "add-table pgbench_branches" + create + " --handler=part --handler-arg=key=bid");
        type(node, "add-table pgbench_tellers" + create + " --handler=part --handler-arg=key=tid");
      }
      for (int i = 1; i < 100; i++) {
        root.database()
            .execute("update pgbench_accounts set abalance = abalance + 1 where aid = " + 37 * i);
        root.database()
            .execute("update pgbench_tellers set tbalance = tbalance + 1 where tid = " + i);
        root.database().execute("insert into pgbench_accounts values (" + (10000 + i) + ", 1, 1)");
      }
      Eventually.inSync(zero);
      Eventually.inSync(one);
      for (String table : List.of("pgbench_accounts", "pgbench_branches", "pgbench_tellers")) {
        await()
            .atMost(PATIENCE)
            .untilAsserted(
                () ->
                    assertThat(zero.database().count(table) + one.database().count(table))
                        .isEqualTo(root.database().count(table)));
      }
      for (TestNode shard : List.of(zero, one)) {
        assertThat(shard.database().count("pgbench_accounts")).isBetween(2000L, 3200L);
        CommandLine.Outcome compared = CommandLine.run(shard, "compare");
        assertThat(compared.code()).as(compared.log()).isZero();
        assertThat(compared.log()).contains("Counting public.pgbench_tellers");
      }
    }
  }

  private TestNode node(String name) {
    TestDatabase database = Servers.shared("15").createDatabase();
    database.execute(PARTCONF);
    return new TestNode(name, database, directory, "queue_name = partsplit");
  }
}
