package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys of a leaf's ini file that no other test sets: what they change in a running node. */
class IniKeysIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String TABLES =
      """
      create table a (id serial primary key, t text);
      create table b (id serial primary key, t text);
      create table c (id serial primary key, t text);
      """;

  @TempDir private Path directory;
  private TestNode root;
  private TestTicker ticker;
  private TestDatabase target;

  @BeforeEach
  void root() {
    root =
        new TestNode(
            "root",
            Servers.shared("13").createDatabase(),
            directory,
            "global_wm_publish_period = 1");
    root.database().execute(TABLES);
    root.createRoot();
    root.command("add-table", "--all");
    root.command("add-seq", "--all");
    ticker = new TestTicker(root.database());
    target = Servers.shared("16").createDatabase();
    target.execute(TABLES);
  }

  @AfterEach
  void close() {
    root.stop();
    ticker.close();
    root.close();
    target.close();
  }

  private TestNode leaf(String... settings) {
    TestNode leaf = new TestNode("leaf", target, directory, settings);
    leaf.createBelow(NodeType.LEAF, root);
    return leaf;
  }

  private String log() throws IOException {
    return Files.readString(directory.resolve("leaf.log"));
  }

  private void awaitRows(String table) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(target.rows("select * from " + table + " order by 1"))
                    .isEqualTo(root.database().rows("select * from " + table + " order by 1")));
  }

  @Test
  void objects_that_the_filters_leave_out_are_never_known() {
    TestNode leaf =
        leaf(
            "register_only_tables = public.a, public.b",
            "register_skip_tables = public.b",
            "register_only_seqs = public.a_id_seq, public.c_id_seq",
            "register_skip_seqs = public.c_id_seq");
    try {
      leaf.start();
      leaf.command("add-table", "--all");
      leaf.command("add-seq", "--all");
      Eventually.inSync(leaf);
      root.database().execute("create table d (id int primary key)");
      root.addTables(List.of("d"));
      leaf.command("wait-root", "--timeout=60");
      assertThat(target.column("select table_name from londiste.table_info"))
          .containsExactly("public.a");
      assertThat(target.column("select seq_name from londiste.seq_info"))
          .containsExactly("public.a_id_seq");
    } finally {
      leaf.stop();
    }
  }

  @Test
  void a_leaf_with_few_tables_can_leave_out_scripts() throws IOException {
    TestNode leaf = leaf("local_only = 1", "local_only_drop_execute = 1");
    try {
      leaf.start();
      leaf.addTables(List.of("a"));
      Eventually.inSync(leaf);
      root.command("execute", "--sql=alter table b add column more text", "--as=more.sql");
      root.database().execute("insert into a (t) values ('x')");
      awaitRows("a");
      leaf.command("wait-root", "--timeout=60");
      assertThat(target.count("londiste.applied_execute where execute_file = 'more.sql'")).isZero();
      assertThat(target.count("pg_attribute where attname = 'more' and attnum > 0")).isZero();
    } finally {
      leaf.stop();
    }
  }

  @Test
  void watermarks_are_published_and_an_idle_worker_says_so() {
    TestNode leaf = leaf("local_wm_publish_period = 1", "keepalive_stats = 1");
    try {
      root.start();
      leaf.start();
      leaf.addTables(List.of("a"));
      Eventually.inSync(leaf);
      String atProvider =
          "select sub_last_tick from pgq.subscription join pgq.consumer on co_id = sub_consumer"
              + " where co_name = '.leaf.watermark'";
      long before = root.database().number(atProvider);
      await().atMost(PATIENCE).until(() -> root.database().number(atProvider) > before);
      // Of the ticks that the leaf has, the root has told it that all nodes have them.
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  target.number("select coalesce(max(last_tick_id), 0) from pgq_node.local_state")
                      > before);
      await().atMost(PATIENCE).until(() -> log().contains("{idle: "));
    } finally {
      leaf.stop();
    }
  }

  @Test
  void the_smallest_buffers_apply_the_same_changes() {
    TestNode leaf =
        leaf("apply_batch_statements = 1", "apply_batch_bytes = 1", "copy_index_memory = 1MB");
    try {
      target.execute("create index on b (t)");
      leaf.start();
      leaf.addTables(List.of("a", "b"));
      Eventually.inSync(leaf);
      root.database()
          .execute("insert into a (t) select 'row ' || i from generate_series(1, 500) i");
      root.database()
          .execute("insert into b (t) select 'row ' || i from generate_series(1, 500) i");
      root.database()
          .execute("update a set t = t || '!' where id % 2 = 0; delete from b where id < 9");
      awaitRows("a");
      awaitRows("b");
    } finally {
      leaf.stop();
    }
  }

  @Test
  void the_first_provider_is_read_from_the_file() {
    TestNode leaf =
        new TestNode(
            "leaf",
            target,
            directory,
            "initial_provider_location = " + root.database().connectString());
    leaf.command("create-leaf", "leaf", target.connectString());
    assertThat(target.value("select provider_node from pgq_node.local_state")).isEqualTo("root");
  }

  @ParameterizedTest
  @CsvSource({"3600, WARNING, ERROR", "0, ERROR, WARNING"})
  void failures_are_quiet_for_the_time_of_grace_only(int grace, String logged, String other)
      throws IOException {
    TestNode leaf = leaf("exception_quiet = ALL", "exception_grace = " + grace);
    try {
      leaf.start();
      leaf.addTables(List.of("a"));
      Eventually.inSync(leaf);
      target.executeAsReplica("insert into a values (1, 'in the way')");
      root.database().execute("insert into a values (1, 'x')");
      await().atMost(PATIENCE).until(() -> log().contains(logged + " Job leaf got error"));
      assertThat(log()).doesNotContain(other + " Job leaf");
    } finally {
      leaf.stop();
    }
  }
}
