package dev.jlondiste.contract.pgq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.Session;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@Contract("pgq.maint_rotate_tables_step1")
class MaintRotateTablesStep1IT extends PgqContract {
  private static final String CALL = "select pgq.maint_rotate_tables_step1(?)";

  private String due() {
    String queue = queue();
    configure(queue, "queue_rotation_period = '0'");
    return queue;
  }

  private void completeSwitch() {
    value("select pgq.maint_rotate_tables_step2()");
  }

  private List<@Nullable String> state(String queue) {
    return row(
        "select queue_cur_table, queue_switch_step2 is null from pgq.queue where queue_name = ?",
        queue);
  }

  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly("maint_rotate_tables_step1(i_queue_name text) returns integer");
    assertThat(callers()).isEqualTo(ADMINS);
  }

  @Test
  void the_next_table_becomes_the_current_one() {
    String queue = due();
    try (Session maintenance = open().begin()) {
      assertThat(maintenance.number(CALL, queue)).isZero();
      assertThat(
              maintenance.row(
                  "select queue_cur_table, queue_switch_step1 = txid_current(), queue_switch_step2,"
                      + " queue_switch_time = now() from pgq.queue where queue_name = ?",
                  queue))
          .containsExactly("1", "t", null, "t");
      maintenance.commit();
    }
    insert(queue, "x");
    assertThat(column("select ev_data from " + children(queue).get(1))).containsExactly("x");
  }

  @Test
  void the_tables_take_turns_and_are_emptied() {
    String queue = due();
    for (String data : List.of("0", "1", "2")) {
      insert(queue, data);
      value(CALL, queue);
      completeSwitch();
    }

    assertThat(state(queue)).containsExactly("0", "f");
    assertThat(stored(queue, "ev_data")).containsExactly(List.of("1"), List.of("2"));
  }

  @Test
  void while_the_last_switch_is_not_complete_nothing_happens() {
    String queue = due();
    value(CALL, queue);
    String before = setting(queue, "q::text");

    assertThat(number(CALL, queue)).isZero();

    assertThat(setting(queue, "q::text")).isEqualTo(before);
  }

  @Test
  void before_its_time_nothing_happens() {
    String queue = queue();
    String before = setting(queue, "q::text");

    assertThat(number(CALL, queue)).isZero();

    assertThat(setting(queue, "q::text")).isEqualTo(before);
  }

  @Test
  void an_unknown_queue_is_not_due() {
    assertThat(number(CALL, "nowhere")).isZero();
    assertThat(number(CALL, new Object[] {null})).isZero();
  }

  @Test
  void nothing_is_taken_from_a_slow_consumer() {
    String queue = due();
    tick(queue);
    subscribe(queue, "slow", "quick");
    insertAndTick(queue, "x");
    consume(queue, "quick");
    value(CALL, queue);
    completeSwitch();
    String before = setting(queue, "q::text");

    assertThat(number(CALL, queue)).as("the previous table is still read").isZero();
    assertThat(setting(queue, "q::text")).isEqualTo(before);
    assertThat(consume(queue, "slow")).containsExactly("x");

    tick(queue);
    consume(queue, "slow");
    consume(queue, "quick");
    value(CALL, queue);
    assertThat(state(queue)).containsExactly("2", "t");
  }

  @Test
  void a_consumer_must_have_seen_the_whole_switch() {
    String queue = due();
    subscribe(queue, "c");
    ask(
        "update pgq.tick set tick_snapshot = (queue_switch_step2 || ':' || queue_switch_step2 || ':')"
            + "::txid_snapshot from pgq.queue q where q.queue_id = tick_queue and q.queue_name = ?",
        queue);

    assertThat(number(CALL, queue)).isZero();
    assertThat(state(queue)).as("equal is not greater").containsExactly("0", "f");
  }

  @Test
  void whoever_reads_the_table_is_not_disturbed() {
    String queue = due();
    String before = setting(queue, "q::text");
    try (Session dump = open().begin()) {
      dump.rows("select * from " + children(queue).get(1));

      assertThat(number(CALL, queue)).isZero();
      assertThat(setting(queue, "q::text")).isEqualTo(before);
    }
    number(CALL, queue);
    assertThat(state(queue)).containsExactly("1", "t");
  }

  @Test
  void ticks_are_kept_back_to_the_switch_before() {
    String queue = due();
    tick(queue);
    value(CALL, queue);
    assertThat(ticks(queue)).as("back to when the queue was made").containsExactly("1", "2");
    completeSwitch();
    tick(queue);
    tick(queue);

    value(CALL, queue);

    assertThat(ticks(queue)).containsExactly("3", "4");
    assertThat(number("select pgq.register_consumer_at(?, 'back', 3)", queue)).isEqualTo(1);
  }

  @Test
  void transaction_ids_never_go_back() {
    String queue = due();
    configure(queue, "queue_switch_step1 = 999999999");

    Failure failure = failure(CALL, queue);

    assertThat(failure.message())
        .matches("queue " + queue + " maint failure: step1=999999999, current=\\d+");
    // the original gives no hints
    assertThat(failure.hint())
        .isEqualTo(
            installation().isOurs()
                ? "this database was restored into a server with lower transaction ids"
                : null);
  }

  @Test
  void a_consumer_without_its_tick_is_an_error() {
    String queue = due();
    subscribe(queue, "lost");
    ask(
        "update pgq.subscription set sub_last_tick = 77 where sub_queue = ?::int",
        setting(queue, "queue_id"));

    assertThat(refusal(CALL, queue))
        .isEqualTo("queue " + queue + " maint failure: tick 77 not found");
  }

  @Test
  void it_waits_for_whoever_changes_the_queue() {
    String queue = due();
    try (Session other = open().begin();
        Session maintenance = open()) {
      other.row("select 1 from pgq.queue where queue_name = ? for update", queue);
      maintenance.ask("set lock_timeout = '10ms'");

      assertThat(maintenance.failure(CALL, queue).state()).isEqualTo("55P03");
    }
  }

  @Test
  void nothing_is_lost_while_writers_are_at_work() {
    String queue = due();
    subscribe(queue, "c");
    insertAndTick(queue, "before");
    try (Session early = open().begin();
        Session between = open().begin()) {
      early.value("select pgq.insert_event(?, 't', 'early')", queue);
      assertThat(consume(queue, "c")).containsExactly("before");
      value(CALL, queue);
      between.value("select pgq.insert_event(?, 't', 'between')", queue);
      completeSwitch();
      insert(queue, "after");
      early.commit();
      tick(queue);
      between.commit();
    }
    tick(queue);

    assertThat(consume(queue, "c")).containsExactly("early", "after");
    assertThat(consume(queue, "c")).containsExactly("between");
  }
}
