package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A large queue rotates before its rotation period has passed if certain conditions hold. */
class EarlyRotationIT {
  private static final String STEP1 = "select pgq.maint_rotate_tables_step1('testq')";
  private static final String OPERATIONS =
      "select count(*) from pgq.maint_operations() where func_name = 'pgq.maint_rotate_tables_step1'";

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"9.6", "13", "18"})
  void large_queues_of_nodes_rotate_early(String major) {
    try (TestNode root = new TestNode("root", Servers.shared(major).createDatabase(), directory);
        TestNode leaf = new TestNode("leaf", Servers.newest().createDatabase(), directory)) {
      TestDatabase database = root.database();
      database.execute("create table t (id int primary key); create table u (id int primary key)");
      root.createRoot();
      leaf.createBelow(NodeType.LEAF, root);
      root.addTables(List.of("t"));
      age(database, "11 minutes");
      assertRotates(database, false); // small

      fill(database);
      tick(database);
      age(database, "9 minutes");
      assertRotates(database, false); // too soon

      age(database, "11 minutes");
      database.execute("update pgq.tick set tick_time = tick_time - interval '15 minutes'");
      assertRotates(database, false); // the leaf is behind
      tick(database);
      database.execute(
          "select pgq.register_consumer_at('testq', c, (select max(tick_id) from pgq.tick))"
              + " from (select consumer_name from pgq.get_consumer_info('testq')) s (c)");

      database.execute("select * from londiste.local_add_table('testq', 'public.u', '{}')");
      assertRotates(
          database, false); // of REPEATABLE READ transactions, the trigger would lose events
      root.command("regenerate-triggers", "--capture=auto", "u");
      assertRotates(database, true);

      assertThat(database.number("select queue_cur_table from pgq.queue")).isEqualTo(1);
      // and the next one comes when that table is large
      database.value("select pgq.maint_rotate_tables_step2()");
      age(database, "11 minutes");
      assertRotates(database, false);
    }
  }

  private static void assertRotates(TestDatabase database, boolean expected) {
    assertThat(database.number(OPERATIONS)).isEqualTo(expected ? 1 : 0);
    long before = database.number("select queue_cur_table from pgq.queue");
    database.value(STEP1);
    assertThat(database.number("select queue_cur_table from pgq.queue") != before)
        .isEqualTo(expected);
  }

  /** With a period of two hours the minimum is ten minutes. */
  private static void age(TestDatabase database, String since) {
    database.execute("update pgq.queue set queue_switch_time = now() - interval '" + since + "'");
  }

  private static void fill(TestDatabase database) {
    database.execute(
        """
        alter table pgq.event_1_0 alter column ev_data set storage external;
        insert into pgq.event_1_0 (ev_id, ev_time, ev_type, ev_data)
        select i, now(), 'x', repeat('x', 1024 * 1024) from generate_series(1, 101) i
        """);
  }

  private static void tick(TestDatabase database) {
    database.execute("select pgq.force_tick('testq')");
    database.value("select pgq.ticker('testq')");
  }
}
