package dev.jlondiste.contract.pgq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.Session;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

@Contract("pgq.maint_rotate_tables_step2")
class MaintRotateTablesStep2IT extends PgqContract {
  private static final String CALL = "select pgq.maint_rotate_tables_step2()";

  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations()).containsExactly("maint_rotate_tables_step2() returns integer");
    assertThat(callers()).isEqualTo(ADMINS);
  }

  @Test
  void all_switches_are_completed_at_once() {
    String one = queue();
    String other = queue();
    String untouched = queue();
    String before = setting(untouched, "q::text");
    configure(one, "queue_switch_step2 = null");
    configure(other, "queue_switch_step2 = null");
    try (Session maintenance = open().begin()) {
      assertThat(maintenance.number(CALL)).isZero();
      assertThat(
              maintenance.column(
                  "select queue_switch_step2 = txid_current() from pgq.queue where queue_name in (?, ?)",
                  one,
                  other))
          .containsExactly("t", "t");
      maintenance.commit();
    }
    assertThat(setting(untouched, "q::text")).isEqualTo(before);
  }

  @Test
  void with_nothing_to_complete_it_is_harmless() {
    String queue = queue();
    number(CALL);
    String before = setting(queue, "q::text");

    assertThat(number(CALL)).isZero();
    assertThat(setting(queue, "q::text")).isEqualTo(before);
  }

  @Test
  void it_comes_after_step1_in_a_transaction_of_its_own() {
    String queue = queue();
    configure(queue, "queue_rotation_period = '0'");
    value("select pgq.maint_rotate_tables_step1(?)", queue);

    number(CALL);

    assertThat(setting(queue, "queue_switch_step2 > queue_switch_step1")).isEqualTo("t");
  }

  @Test
  void what_was_written_to_the_former_table_afterwards_is_read() {
    assumeOurs("the reference names a table to transactions that have no id yet");
    String queue = queueOf("before");
    try (Session writer = open().begin()) {
      String table = writer.value("select pgq.current_event_table(?)", queue);

      rotate(queue);
      tick(queue);
      consume(queue, "c");
      writer.ask("insert into " + table + " (ev_time, ev_data) values (now(), 'after')");
      writer.commit();
    }
    tick(queue);

    assertThat(consume(queue, "c")).containsExactly("after");
  }

  @Test
  void who_had_to_wait_for_the_former_table_is_read() throws Exception {
    assumeOurs("the reference asks for the table before it has a transaction id");
    String queue = queueOf("before");
    String wait = "select count(*) from pg_locks where relation = ?::regclass and not granted";
    ExecutorService waiting = Executors.newSingleThreadExecutor();
    try (Session obstacle = open().begin();
        Session writer = open()) {
      String table = children(queue).get(0);
      obstacle.ask("lock table " + table + " in share mode");
      Future<?> written =
          waiting.submit(() -> writer.number("select pgq.insert_event(?, 't', 'late')", queue));
      await().atMost(Duration.ofSeconds(20)).until(() -> number(wait, table) == 1);

      rotate(queue);
      tick(queue);
      consume(queue, "c");
      obstacle.commit();
      written.get(20, TimeUnit.SECONDS);
    } finally {
      waiting.shutdownNow();
    }
    tick(queue);

    assertThat(consume(queue, "c")).containsExactly("late");
  }

  /** Both steps, when no consumer reads older events. */
  private void rotate(String queue) {
    consume(queue, "c");
    consume(queue, "other");
    configure(queue, "queue_rotation_period = '0'");
    number("select pgq.maint_rotate_tables_step1(?)", queue);
    number(CALL);
    assertThat(setting(queue, "queue_cur_table")).isEqualTo("1");
    assertThat(setting(queue, "queue_switch_step2 is not null")).isEqualTo("t");
  }
}
