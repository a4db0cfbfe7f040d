package dev.jlondiste.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.contract.Installation;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Sessions have cached plans for their event table. When the queue switches to its next table, is
 * disabled or dropped, all sessions detect this with their next event.
 */
class CaptureFollowsQueueIT {
  static Stream<Arguments> everywhere() {
    return CaptureRulesIT.everywhere();
  }

  private static CapturedDatabase prepare(Installation installation, String level) {
    CapturedDatabase db = new CapturedDatabase(installation);
    db.execute("create table t (id int primary key, v text)");
    assertThat(db.add("t", "capture=" + level)).startsWith("200 ");
    assertThat(db.capture("t")).startsWith(level);
    return db;
  }

  private static void switchTo(CapturedDatabase db, int table) {
    db.execute("update pgq.queue set queue_cur_table = " + table);
  }

  /** Number of events of table t in each event table. */
  private static List<@Nullable String> tables(CapturedDatabase db) {
    return db.database()
        .column(
            "select substring(tableoid::regclass::text from '.$') || ' ' || count(*)"
                + " from pgq.event_1 where ev_extra1 = 'public.t' group by tableoid order by 1");
  }

  private static void run(Connection session, String... statements) throws SQLException {
    try (Statement statement = session.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("everywhere")
  void sessions_continue_in_the_next_event_table(Installation installation, String level)
      throws SQLException {
    try (CapturedDatabase db = prepare(installation, level);
        Connection one = db.database().connect();
        Connection other = db.database().connect()) {
      int id = 0;
      for (int table : new int[] {0, 1, 2, 0, 2, 1}) {
        switchTo(db, table);
        db.forgetEvents();
        for (int i = 0; i < 7; i++) { // plans are generic from the sixth call on
          for (Connection session : List.of(one, other)) {
            id++;
            run(
                session,
                "insert into t values (" + id + ", 'a')",
                "update t set v = 'b' where id = " + id,
                "delete from t where id = " + id);
          }
        }
        assertThat(tables(db)).containsExactly(table + " 42");
      }
    }
  }

  /**
   * The switch is not visible in the snapshot of the transaction. Its events are in the next table
   * anyway, which is safe because no tick includes them before it ends.
   */
  @ParameterizedTest
  @MethodSource("everywhere")
  void transactions_that_have_begun_continue_in_the_next_event_table(
      Installation installation, String level) throws SQLException {
    try (CapturedDatabase db = prepare(installation, level);
        Connection session = db.database().connect()) {
      run(session, "insert into t values (1, 'a')", "update t set v = 'b'", "delete from t");
      int id = 1;
      int table = 0;
      for (String begin :
          List.of(
              "begin",
              "begin isolation level repeatable read",
              "begin isolation level serializable")) {
        for (String before :
            List.of(
                "select count(*) from t",
                "lock table t in row exclusive mode",
                "insert into t values (-1, 'first')")) {
          db.forgetEvents();
          table = (table + 1) % 3;
          id++;
          run(session, begin, before);
          switchTo(db, table);
          run(
              session,
              "insert into t values (" + id + ", 'a')",
              "update t set v = 'b' where id > 0",
              "delete from t where id > 0",
              "rollback");
          assertThat(tables(db)).isEmpty();
          run(session, begin, before);
          table = (table + 1) % 3;
          switchTo(db, table);
          run(
              session,
              "insert into t values (" + id + ", 'a')",
              "update t set v = 'b' where id > 0",
              "delete from t",
              "commit");
          assertThat(tables(db))
              .as(begin + "; " + before)
              .contains(table + (before.startsWith("insert") ? " 4" : " 3"));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("everywhere")
  void a_switch_takes_effect_when_it_is_committed(Installation installation, String level)
      throws SQLException {
    try (CapturedDatabase db = prepare(installation, level);
        Connection maintenance = db.database().connect();
        Connection writer = db.database().connect()) {
      run(writer, "insert into t values (1, 'a')");
      run(
          maintenance,
          "begin",
          "update pgq.queue set queue_cur_table = 1",
          "insert into t values (2, 'within')");
      run(writer, "insert into t values (3, 'a')");
      run(maintenance, "rollback");
      run(writer, "insert into t values (4, 'a')");
      assertThat(tables(db)).containsExactly("0 3");
      run(
          maintenance,
          "set session_replication_role = replica",
          "update pgq.queue set queue_cur_table = 1");
      run(writer, "insert into t values (5, 'a')");
      assertThat(tables(db)).containsExactly("0 3", "1 1");
    }
  }

  /** A writer that has locked the previous table continues to write to it. */
  @ParameterizedTest
  @MethodSource("everywhere")
  void a_rotation_completes_when_writers_of_the_previous_table_have_ended(
      Installation installation, String level) throws SQLException {
    try (CapturedDatabase db = prepare(installation, level);
        Connection writer = db.database().connect()) {
      String complete = "select queue_switch_step2 is not null from pgq.queue";
      String step2 = "select pgq.maint_rotate_tables_step2()";
      db.execute("update pgq.queue set queue_rotation_period = '0'");
      db.execute("delete from pgq.subscription");
      run(writer, "begin", "insert into t values (1, 'a')");
      db.execute("select pgq.maint_rotate_tables_step1('q')");
      db.execute(step2);
      assertThat(db.database().value(complete)).isEqualTo("f");
      run(writer, "commit", "begin", "insert into t values (2, 'a')");
      db.execute(step2);
      assertThat(db.database().value(complete)).isEqualTo("t");
      run(writer, "commit");
      assertThat(tables(db)).containsExactly("0 1", "1 1");
    }
  }

  /** The writer has locked the event table and waits for a row while the queue is disabled. */
  @ParameterizedTest
  @MethodSource("everywhere")
  void writes_after_a_takeover_are_refused(Installation installation, String level)
      throws Exception {
    ExecutorService waiting = Executors.newSingleThreadExecutor();
    try (CapturedDatabase db = prepare(installation, level);
        Connection writer = db.database().connect();
        Connection owner = db.database().connect()) {
      run(writer, "insert into t values (1, 'a')");
      for (int i = 0; i < 7; i++) {
        run(writer, "update t set v = 'b'");
      }
      run(owner, "begin", "select * from t for update");
      Future<?> late =
          waiting.submit(
              () -> {
                run(writer, "update t set v = 'late'");
                return null;
              });
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> db.database().number("select count(*) from pg_locks where not granted") > 0);
      db.execute("select pgq_node.demote_root('q', 1, 'n')");
      db.execute("select pgq_node.demote_root('q', 2, 'n')");
      run(owner, "rollback");
      assertThatThrownBy(() -> late.get(20, TimeUnit.SECONDS))
          .hasMessageContaining("Insert into queue disallowed");
      assertThat(tables(db)).containsExactly("0 8");
    } finally {
      waiting.shutdownNow();
    }
  }

  @ParameterizedTest
  @MethodSource("everywhere")
  void an_event_for_a_dropped_queue_raises_an_error(Installation installation, String level)
      throws SQLException {
    try (CapturedDatabase db = prepare(installation, level);
        Connection writer = db.database().connect()) {
      run(writer, "insert into t values (1, 'a')");
      db.execute("truncate pgq_node.node_info cascade");
      db.execute("select pgq.drop_queue('q', true)");
      run(writer, "update t set v = 'b' where false");
      assertThatThrownBy(() -> run(writer, "insert into t values (2, 'b')"))
          .hasMessageContaining("No such queue")
          .hasMessageContaining("Queue: q");

      db.createQueue("again");
      db.execute("create table u (id int primary key)");
      assertThat(db.addTo("again", "u", "capture=" + level)).startsWith("200 ");
      String functions =
          "select proname from pg_proc where proname like '\\_current\\_table\\_%' order by 1";
      assertThat(db.database().column(functions))
          .containsExactly("_current_table_1", "_current_table_2");
      db.execute("select londiste.local_remove_table('again', 'public.u')");
      db.execute("truncate pgq_node.node_info cascade");
      db.execute("select pgq.drop_queue('again', true)");
      assertThat(db.database().column(functions)).containsExactly("_current_table_1");
    }
  }

  /**
   * Runs ticks, batches and rotations without pause, concurrently with several kinds of writers.
   */
  @ParameterizedTest
  @MethodSource("everywhere")
  void rotations_under_load_lose_no_event(Installation installation, String level)
      throws Exception {
    int rotations = 12;
    ExecutorService writers = Executors.newFixedThreadPool(3);
    AtomicBoolean enough = new AtomicBoolean();
    try (CapturedDatabase db = prepare(installation, level)) {
      db.execute("delete from pgq.subscription"); // the node's consumers would prevent rotation
      db.execute("select pgq.register_consumer('q', 'c')");
      db.execute(
          "update pgq.queue set queue_rotation_period = '0', queue_ticker_max_lag = '0',"
              + " queue_ticker_max_count = 1");
      List<Future<?>> ends = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        int first = i * 1_000_000;
        ends.add(
            writers.submit(
                () -> {
                  write(db, first, enough);
                  return null;
                }));
      }
      Set<Integer> found = new HashSet<>();
      int made = 0;
      int last = 0;
      try (Connection reader = db.database().connect()) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (made < rotations) {
          assertThat(System.nanoTime()).as("%d rotations", made).isLessThan(deadline);
          readBatch(reader, found);
          run(
              reader,
              "select pgq.maint_rotate_tables_step1('q')",
              "select pgq.maint_rotate_tables_step2()");
          int now = (int) db.database().number("select queue_cur_table from pgq.queue");
          made += now == last ? 0 : 1;
          last = now;
        }
        enough.set(true);
        for (Future<?> end : ends) {
          end.get(30, TimeUnit.SECONDS);
        }
        run(reader, "select pgq.force_tick('q')", "select pgq.ticker()");
        while (readBatch(reader, found)) {
          assertThat(System.nanoTime()).isLessThan(deadline);
        }
      }
      List<String> lost =
          db.database().column("select id::text from t").stream()
              .map(String::valueOf)
              .filter(id -> !found.contains(Integer.valueOf(id)))
              .toList();
      assertThat(lost).as("of %d rows", found.size()).isEmpty();
      assertThat(found.size()).isGreaterThan(rotations);
    } finally {
      enough.set(true);
      writers.shutdownNow();
    }
  }

  private static void write(CapturedDatabase db, int first, AtomicBoolean enough)
      throws SQLException {
    String[] begins = {
      "begin", "begin isolation level repeatable read", "begin; select count(*) from t"
    };
    try (Connection session = db.database().connect()) {
      for (int id = first; !enough.get(); id += 3) {
        run(
            session,
            begins[id % 3],
            "select 1 from t limit 1",
            "insert into t values (" + id + ", 'a'), (" + (id + 1) + ", 'b')",
            "insert into t values (" + (id + 2) + ", 'c')",
            "commit");
      }
    }
  }

  /** False if there was none. */
  private static boolean readBatch(Connection reader, Set<Integer> found) throws SQLException {
    try (Statement statement = reader.createStatement()) {
      statement.execute("select pgq.ticker()");
      long batch;
      try (ResultSet next = statement.executeQuery("select pgq.next_batch('q', 'c')")) {
        next.next();
        batch = next.getLong(1);
        if (next.wasNull()) {
          return false;
        }
      }
      try (ResultSet events =
          statement.executeQuery(
              "select ev_data::json->>'id' from pgq.get_batch_events("
                  + batch
                  + ") where ev_extra1 = 'public.t'")) {
        while (events.next()) {
          found.add(events.getInt(1));
        }
      }
      statement.execute("select pgq.finish_batch(" + batch + ")");
      return true;
    }
  }
}
