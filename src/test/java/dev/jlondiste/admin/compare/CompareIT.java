package dev.jlondiste.admin.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.CommandLine;
import dev.jlondiste.cluster.CommandLine.Outcome;
import dev.jlondiste.cluster.Eventually;
import dev.jlondiste.cluster.Load;
import dev.jlondiste.cluster.Shop;
import dev.jlondiste.cluster.TestNode;
import dev.jlondiste.cluster.TestTicker;
import dev.jlondiste.servers.Servers;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares tables across versions, with concurrent writers, below a root and below a branch. */
class CompareIT {
  /**
   * Every built-in type whose values can be replicated between both versions, with unusual values.
   */
  private static final String TYPES =
      """
      create table types (
        id int primary key, b boolean, i2 int2, i8 int8, f4 float4, f8 float8, n numeric,
        f8a float8[], f4a float4[], m money, c "char", nm name, vc varchar(9), bp char(5), t text,
        ba bytea, d date, ti time, tz timetz, ts timestamp, tt timestamptz, iv interval,
        u uuid, j json, jb jsonb, x xml, ip inet, ci cidr, ma macaddr, bt bit(3), vb varbit,
        p point, l line, ls lseg, bx box, pa path, po polygon, ce circle, tv tsvector, tq tsquery,
        r4 int4range, rn numrange, rt tstzrange, txs txid_snapshot, lsn pg_lsn, o oid, ia int[],
        ta text[]);
      insert into types (id) values (1);
      insert into types values (
        2, true, -32768, 9223372036854775807, 0.1, 0.1, 'NaN', '[0:1]={0.1,NULL}', '{{1.1,-0}}',
        '12345.67', 'x', 'Name', 'a"b\\c', 'x', E' \\t\\n\\\\ "', '\\x00ff', 'infinity', '24:00:00',
        '23:59:59.999999+15:59', '-infinity', '4713-01-01 00:00:00 BC', '-1 year 2 mons -3 days 04:05',
        'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '{"a" : 1}', '{"a": 1e400}', '<a>&amp;</a>',
        '::1/64', '10.0.0.0/8', '08:00:2b:01:02:03', '101', '', '(0.1,-0)', '{1,2,0.3}',
        '[(0,0.1),(1,1)]', '(1,1),(0.1,0.2)', '[(0.1,0)]', '((0,0),(0.1,1))', '<(0,0.1),2.3>',
        '''a'':1A b', 'a & !b', 'empty', '[0.10,)', '[2020-01-01,infinity)', '10:20:10,14',
        'FFFFFFFF/FFFFFFFF', 4294967295, '{}', '{NULL,"NULL",""}');
      insert into types (id, f4, f8, f8a, c) values
        (3, 'NaN', 'infinity'::float8 - 'infinity'::float8, '{NaN,Infinity}', ''),
        (4, '-0', '-0', '{}', '\\'),
        (5, 1.17549435e-38, 4.9e-324, null, null),
        (6, 3.4028235e38, 1.7976931348623157e308, null, null),
        (7, 16777216, 1e23, null, null);
      create table empty (id int primary key, t text);
      create table part (id int primary key, t text);
      create table part_child (primary key (id)) inherits (part);
      """;

  private static final String EQUAL =
      """
      INFO Checking if root can be used for copy
      INFO Node root seems good source, using it
      INFO public.types: Using node root as provider
      INFO Provider: root (root)
      INFO Syncing public.types
      INFO Counting public.types
      INFO srcdb: 7 rows, checksum=%1$s
      INFO dstdb: 7 rows, checksum=%1$s
      INFO 1 table equal
      """;

  @TempDir private Path directory;
  private TestNode root;
  private TestNode leaf;
  private TestTicker ticker;

  @BeforeEach
  void a_leaf_in_sync() throws Exception {
    root = new TestNode("root", Servers.oldest().createDatabase(), directory);
    leaf = new TestNode("leaf", Servers.newest().createDatabase(), directory);
    root.createRoot();
    root.database().execute(TYPES);
    ticker = new TestTicker(root.database());
  }

  @AfterEach
  void close() {
    ticker.close();
    leaf.close();
    root.close();
  }

  private void follow(TestNode node, TestNode provider, NodeType type, List<String> tables)
      throws Exception {
    node.createBelow(type, provider);
    node.database().execute(TYPES);
    node.database().execute("delete from types");
    assertThat(CommandLine.run(node, words("add-table", tables)).code()).isZero();
    node.start();
    Eventually.inSync(node);
  }

  private static String[] words(String command, List<String> tables) {
    return Stream.concat(Stream.of(command), tables.stream()).toArray(String[]::new);
  }

  @Test
  void all_types_are_equal_between_the_oldest_and_the_newest() throws Exception {
    CommandLine.run(root, "add-table", "types", "empty");
    root.start();
    follow(leaf, root, NodeType.LEAF, List.of("types", "empty"));
    Outcome outcome = CommandLine.run(leaf, "compare", "types");
    String checksum = outcome.log().replaceAll("(?s).*srcdb: 7 rows, checksum=(-?\\d+).*", "$1");
    assertThat(outcome.log()).isEqualTo(EQUAL.formatted(checksum));
    assertThat(outcome.code()).isZero();
    assertThat(CommandLine.run(leaf, "compare", "empty").log())
        .contains("INFO srcdb: 0 rows, checksum=None\n");
    Outcome none = CommandLine.run(leaf, "compare", "nosuch");
    assertThat(none.log())
        .isEqualTo("WARNING Table not subscribed: public.nosuch\nINFO 0 tables equal\n");
    assertThat(none.code()).isEqualTo(3);
    every_single_difference_is_seen();
  }

  private void every_single_difference_is_seen() {
    String rows = "select * from types order by id";
    for (String change :
        List.of(
            "f8 = 0.10000000000000002 where id = 2",
            "f4 = 0 where id = 4",
            "f8a = '{0.1,NULL}' where id = 2",
            "t = '' where id = 1",
            "po = '((0,0),(0.1,1.0000000000000002))' where id = 2")) {
      List<List<String>> before = List.copyOf(leaf.database().rows(rows));
      leaf.database().executeAsReplica("create table saved as table types");
      leaf.database().executeAsReplica("update types set " + change);
      Outcome outcome = CommandLine.run(leaf, "compare", "types", "empty");
      assertThat(outcome.log())
          .as(change)
          .contains("WARNING public.types: Results do not match!\n")
          .doesNotContain("public.empty: Results");
      assertThat(outcome.code()).as(change).isEqualTo(3);
      Outcome counted = CommandLine.run(leaf, "compare", "types", "--count-only");
      assertThat(counted.code()).isZero();
      assertThat(counted.log()).contains("INFO Locking public.types\n");
      leaf.database()
          .executeAsReplica(
              "delete from types; insert into types select * from saved; drop table saved");
      assertThat(leaf.database().rows(rows)).isEqualTo(before);
    }
  }

  @Test
  void writers_are_no_difference() throws Exception {
    Shop.create(root.database());
    Shop.fill(root.database(), 50);
    CommandLine.run(root, words("add-table", Shop.TABLES));
    root.start();
    leaf.createBelow(NodeType.LEAF, root);
    Shop.create(leaf.database());
    CommandLine.run(leaf, words("add-table", Shop.TABLES));
    leaf.start();
    Eventually.inSync(leaf);
    try (Load load = Load.on(root.database(), 2, 7)) {
      for (int i = 0; i < 3; i++) {
        Outcome outcome = CommandLine.run(leaf, "compare", "--set", "lock_timeout=30");
        assertThat(outcome.code()).as(outcome.log()).isZero();
      }
      assertThat(load.committed()).isPositive();
    }
    leaf.database().executeAsReplica("delete from journal where n in (select min(n) from journal)");
    assertThat(CommandLine.run(leaf, "compare").code()).isEqualTo(3);
  }

  /** As behind a connection pooler in statement mode; only a comparison of counts needs a lock. */
  @Test
  void a_worker_that_polls_seldom_is_met_when_it_polls() throws Exception {
    CommandLine.run(root, "add-table", "types");
    root.start();
    try (TestNode polls =
        new TestNode(
            "polls",
            Servers.newest().createDatabase(),
            directory,
            "pgq_autocommit = 1",
            "pgq_lazy_fetch = 0",
            "loop_delay = 2",
            "lock_timeout = 40")) {
      follow(polls, root, NodeType.LEAF, List.of("types"));
      root.database().execute("update types set i8 = i8 + 1 where id = 1");
      Outcome outcome = CommandLine.run(polls, "compare", "--count-only");
      assertThat(outcome.log()).contains("INFO 1 table equal\n");
      assertThat(outcome.log().split("Releasing", -1)).hasSizeLessThan(4);
    }
  }

  @Test
  void a_branch_is_paused_and_resumed() throws Exception {
    CommandLine.run(root, "add-table", "types");
    root.start();
    try (TestNode branch = new TestNode("branch", Servers.newest().createDatabase(), directory)) {
      follow(branch, root, NodeType.BRANCH, List.of("types"));
      follow(leaf, branch, NodeType.LEAF, List.of("types"));
      assertThat(leaf.command("compare").log()).doesNotContain("Pausing");
      Outcome outcome =
          CommandLine.run(leaf, "compare", "--count-only", "--set", "lock_timeout=30");
      assertThat(outcome.log())
          .contains(
              """
              INFO Provider: branch (branch)
              INFO Pausing upstream worker: branch
              INFO Consumer branch tagged as paused
              INFO Syncing public.types
              """,
              """
              INFO Resuming upstream worker: branch
              INFO Consumer branch tagged as resumed
              INFO Counting public.types
              """);
      assertThat(outcome.code()).isZero();
      assertThat(
              branch
                  .database()
                  .value("select paused::text from pgq_node.get_consumer_info('testq')"))
          .isEqualTo("false");
    }
  }

  @Test
  void a_worker_that_does_not_run_is_not_waited_for_long() throws Exception {
    CommandLine.run(root, "add-table", "types");
    root.start();
    follow(leaf, root, NodeType.LEAF, List.of("types"));
    leaf.stop();
    root.database().execute("update types set t = 'new' where id = 3");
    Outcome outcome = CommandLine.run(leaf, "compare", "--set", "lock_timeout=1");
    assertThat(outcome.log()).contains("ERROR Consumer lagging too much, exiting\n");
    assertThat(outcome.code()).isEqualTo(1);
  }

  @Test
  void the_operators_own_query_and_format_are_used() throws Exception {
    CommandLine.run(root, "add-table", "types");
    root.start();
    follow(leaf, root, NodeType.LEAF, List.of("types"));
    Outcome outcome =
        CommandLine.run(
            leaf,
            "compare",
            "--set",
            "compare_sql=select sum(id) as s, max((_COLS_)::text) as m from only _TABLE_ t",
            "--set",
            "compare_fmt=100%%%% of %%(s)d");
    assertThat(outcome.log()).contains("INFO srcdb: 100% of 28\nINFO dstdb: 100% of 28\n");
  }

  @Test
  void a_resync_mends_what_compare_found() throws Exception {
    CommandLine.run(root, "add-table", "types");
    root.start();
    assertThat(CommandLine.run(root, "resync", "types").code()).isEqualTo(1);
    follow(leaf, root, NodeType.LEAF, List.of("types"));
    leaf.database().executeAsReplica("update types set t = 'bad'");
    assertThat(CommandLine.run(leaf, "compare").code()).isEqualTo(3);
    assertThat(CommandLine.run(leaf, "resync", "types").log())
        .isEqualTo("INFO Table public.types state set to NULL\n");
    assertThat(CommandLine.run(leaf, "wait-sync").log())
        .contains(
            "INFO Waiting until all tables are in sync\n",
            "INFO public.types: finished (1/1)\nINFO All done\n");
    assertThat(CommandLine.run(leaf, "compare").code()).isZero();
  }
}
