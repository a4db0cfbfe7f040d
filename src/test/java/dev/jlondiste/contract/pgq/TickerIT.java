package dev.jlondiste.contract.pgq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.Session;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Contract("pgq.ticker")
class TickerIT extends PgqContract {
  private static final String EXTERNAL = "select pgq.ticker(?, ?, '2001-02-03 04:05:06+00', ?)";

  private String external() {
    String queue = queue();
    configure(queue, "queue_external_ticker = true");
    return queue;
  }

  private long sequence(String queue, String which) {
    return number("select pgq.seq_getval(?)", setting(queue, "queue_" + which + "_seq"));
  }

  /** Lets the last tick be that many seconds and events ago, after that many seconds more. */
  private void lastTick(String queue, int newEvents, int secondsAgo, int secondsAfterTheOneBefore) {
    ask(
        """
            update pgq.tick t
                set tick_event_seq = pgq.seq_getval(q.queue_event_seq) - ?,
                    tick_time = now() - ? * interval '1 second'
                        - case when tick_id = 1 then ? * interval '1 second' else '0' end
                from pgq.queue q
                where q.queue_id = t.tick_queue and q.queue_name = ?
            """,
        newEvents,
        secondsAgo,
        secondsAfterTheOneBefore,
        queue);
  }

  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "ticker() returns bigint security definer",
            "ticker(i_queue_name text) returns bigint security definer",
            "ticker(i_queue_name text, i_tick_id bigint, i_orig_timestamp timestamptz,"
                + " i_event_seq bigint) returns bigint security definer");
    assertThat(callers()).isEqualTo(ADMINS);
  }

  @Test
  void a_tick_keeps_what_is_visible() {
    String queue = queue();
    insert(queue, "a");
    insert(queue, "b");
    try (Session ticker = open().begin()) {
      assertThat(ticker.number("select pgq.ticker(?)", queue)).isEqualTo(2);
      assertThat(
              ticker.row(
                  "select tick_id, tick_time = now(), tick_event_seq,"
                      + " txid_snapshot_xmax(tick_snapshot) <= txid_snapshot_xmax(txid_current_snapshot())"
                      + " from pgq.tick where tick_queue = ?::int order by tick_id desc limit 1",
                  setting(queue, "queue_id")))
          .containsExactly("2", "t", "2", "t");
    }
  }

  /** At most 10 events, 60 seconds with and 600 seconds without events apart. */
  @ParameterizedTest
  @CsvSource({
    "9, 59, 1, false",
    "10, 0, 1, true",
    "11, 0, 1, true",
    "1, 59, 1, false",
    "1, 61, 1, true",
    "0, 29, 1, false",
    "0, 31, 1, true",
    "0, 50, 30, false",
    "0, 62, 30, true",
    "0, 590, 400, false",
    "0, 610, 400, true",
    "-3, 31, 1, true",
    "-3, 29, 1, false",
  })
  void it_is_time_when_there_is_enough(int newEvents, int lag, int lagBefore, boolean ticks) {
    String queue = queue();
    tick(queue);
    configure(
        queue,
        "queue_ticker_max_count = 10, queue_ticker_max_lag = '60s',"
            + " queue_ticker_idle_period = '600s'");
    lastTick(queue, newEvents, lag, lagBefore);

    assertThat(value("select pgq.ticker(?)", queue)).isEqualTo(ticks ? "3" : null);
    assertThat(ticks(queue)).hasSize(ticks ? 3 : 2);
  }

  @Test
  void with_fewer_than_two_ticks_it_is_always_time() {
    value("select pgq.create_queue('young')");

    assertThat(tick("young")).isEqualTo(2);
    assertThat(value("select pgq.ticker('young')")).isNull();
    ask("delete from pgq.tick where tick_queue = ?::int", setting("young", "queue_id"));
    assertThat(tick("young")).isEqualTo(3);
  }

  @Test
  void the_very_first_event_does_not_count_as_new() {
    value("select pgq.create_queue('first event')");
    configure("first event", "queue_ticker_max_count = 1");
    tick("first event");
    insert("first event", "1");

    assertThat(value("select pgq.ticker('first event')")).isNull();
    insert("first event", "2");
    assertThat(tick("first event")).isEqualTo(3);
  }

  @Test
  void the_queue_must_exist_and_tick_here() {
    String paused = queue();
    configure(paused, "queue_ticker_paused = true");

    assertThat(refusal("select pgq.ticker('nowhere')")).isEqualTo("no such queue");
    assertThat(refusal("select pgq.ticker(null)")).isEqualTo("no such queue");
    assertThat(refusal("select pgq.ticker(?)", external()))
        .isEqualTo("This queue has external tick source.");
    assertThat(refusal("select pgq.ticker(?)", paused))
        .isEqualTo("Ticker has been paused for this queue");
  }

  @Test
  void a_snapshot_of_the_future_is_an_error() {
    String queue = queue();
    ask(
        "update pgq.tick set tick_snapshot = '999999999:999999999:' where tick_queue = ?::int",
        setting(queue, "queue_id"));

    Failure failure = failure("select pgq.ticker(?)", queue);

    assertThat(failure.message())
        .matches("Invalid PgQ state: old xmin=999999999, old xmax=999999999, cur txid=\\d+");
    // the original gives no hints
    assertThat(failure.hint())
        .isEqualTo(
            installation().isOurs()
                ? "this database was restored into a server with lower transaction ids"
                : null);
    assertThat(ticks(queue)).hasSize(1);
  }

  @Test
  void what_is_doubtful_is_told_only() {
    String queue = queue();
    ask(
        "update pgq.tick set tick_snapshot = '1:999999999:', tick_event_seq = 100"
            + " where tick_queue = ?::int",
        setting(queue, "queue_id"));

    Answer answer = ask("select pgq.ticker(?)", queue);

    assertThat(answer.rows()).containsExactly(List.of("2"));
    assertThat(answer.warnings())
        .hasSize(2)
        .contains("WARNING: Negative new_events?  old=100 cur=1")
        .anyMatch(w -> w.matches("WARNING: Dubious PgQ state: old xmax=999999999, cur txid=\\d+"));
  }

  @Test
  void all_queues_that_are_due_tick() {
    ask("update pgq.queue set queue_ticker_paused = true");
    String due = queue();
    String dueToo = queue();
    String elsewhere = external();
    String paused = queue();
    configure(paused, "queue_ticker_paused = true");
    String idle = queue();
    tick(idle);
    configure(idle, "queue_ticker_max_lag = '1h', queue_ticker_idle_period = '1h'");

    assertThat(number("select pgq.ticker()")).isEqualTo(2);

    assertThat(List.of(ticks(due).size(), ticks(dueToo).size(), ticks(idle).size()))
        .containsExactly(2, 2, 2);
    assertThat(List.of(ticks(elsewhere).size(), ticks(paused).size())).containsExactly(1, 1);
    ask("update pgq.queue set queue_ticker_paused = true");
    assertThat(number("select pgq.ticker()")).isZero();
  }

  @Test
  void a_tick_from_elsewhere_is_taken_as_it_is() {
    String queue = external();

    assertThat(number(EXTERNAL, queue, 50L, 900L)).isEqualTo(50);

    assertThat(
            row(
                "select tick_id, tick_time = '2001-02-03 04:05:06+00', tick_event_seq"
                    + " from pgq.tick where tick_queue = ?::int order by tick_id desc limit 1",
                setting(queue, "queue_id")))
        .containsExactly("50", "t", "900");
  }

  @Test
  void a_tick_from_elsewhere_raises_the_sequences() {
    String queue = external();
    number(EXTERNAL, queue, 50L, 900L);
    assertThat(sequence(queue, "tick")).isEqualTo(50);
    assertThat(sequence(queue, "event")).isEqualTo(900);

    number(EXTERNAL, queue, 40L, 90L);

    assertThat(sequence(queue, "tick")).as("never lowered").isEqualTo(50);
    assertThat(sequence(queue, "event")).as("never lowered").isEqualTo(900);
  }

  @Test
  void a_tick_from_elsewhere_sees_the_events_of_here() {
    String queue = external();
    subscribe(queue, "c");
    insert(queue, "x");
    number(EXTERNAL, queue, 50L, 900L);

    assertThat(consume(queue, "c")).containsExactly("x");
  }

  @Test
  void a_tick_from_elsewhere_comes_once() {
    String queue = external();
    number(EXTERNAL, queue, 50L, 900L);

    assertThat(failure(EXTERNAL, queue, 50L, 1900L).state()).isEqualTo("23505");
    assertThat(sequence(queue, "event")).isEqualTo(900);
  }

  @Test
  void a_tick_from_elsewhere_is_complete() {
    String queue = external();

    assertThat(failure(EXTERNAL, queue, null, 1L).state()).isEqualTo("23502");
    assertThat(failure(EXTERNAL, queue, 9L, null).state()).isEqualTo("23502");
    assertThat(failure("select pgq.ticker(?, 9, null, 1)", queue).state()).isEqualTo("23502");
  }

  @Test
  void only_a_queue_that_ticks_elsewhere_takes_them() {
    String local = queue();
    String paused = external();
    configure(paused, "queue_ticker_paused = true");

    for (String queue : List.of(local, paused, "nowhere")) {
      assertThat(refusal(EXTERNAL, queue, 50L, 900L))
          .isEqualTo("queue not found or ticker disabled: " + queue);
    }
    assertThat(refusal(EXTERNAL, null, 50L, 900L))
        .isEqualTo("queue not found or ticker disabled: <NULL>");
  }

  @Test
  void two_tickers_do_not_meet() {
    assumeOurs("the reference relies on there being one ticker only");
    String queue = queue();
    try (Session first = open().begin()) {
      first.number("select pgq.ticker(?)", queue);

      assertThat(value("select pgq.ticker(?)", queue)).isNull();
      first.commit();
    }
    assertThat(tick(queue)).isEqualTo(3);
  }

  private @Nullable String tickLate(String queue) {
    return value("select pgq._ticker(?, true)", queue);
  }

  /** The next tick without events would come in half an hour. */
  @Test
  void events_that_were_counted_and_not_seen_do_not_wait_for_others() {
    assumeOurs("with the reference they wait until the idle queue ticks");
    String queue = queue();
    configure(queue, "queue_ticker_idle_period = '1800s'");
    try (Session early = open().begin();
        Session late = open().begin()) {
      early.ask("select pgq.insert_event(?, 'test', 'early')", queue);
      late.ask("select pgq.insert_event(?, 'test', 'late')", queue);
      tick(queue);
      ask(
          "update pgq.tick set tick_time = tick_time - interval '1 hour'"
              + " where tick_queue = ?::int and tick_id = 1",
          setting(queue, "queue_id"));
      int counted = ticks(queue).size();

      early.commit();
      assertThat(value("select pgq.ticker(?)", queue)).isNull();
      assertThat(tickLate(queue)).isEqualTo(String.valueOf(counted + 1));
      late.commit();
      assertThat(tickLate(queue)).isEqualTo(String.valueOf(counted + 2));
    }
  }

  @Test
  void who_began_after_the_last_counted_event_is_not_waited_for() {
    assumeOurs("the reference waits for nobody");
    String queue = queue();
    configure(queue, "queue_ticker_idle_period = '1800s'");
    insert(queue, "seen");
    tick(queue);
    ask(
        "update pgq.tick set tick_time = tick_time - interval '1 hour' * (3 - tick_id)"
            + " where tick_queue = ?::int",
        setting(queue, "queue_id"));
    long after = number("select txid_current()");
    await() // for transactions that began before in other databases
        .atMost(Duration.ofMinutes(1))
        .until(() -> number("select txid_snapshot_xmin(txid_current_snapshot())") > after);
    try (Session other = open().begin()) {
      other.ask("select txid_current()");
      value("select txid_current()"); // so that a snapshot lists the other one as running
      tick(queue);
      other.commit();
    }

    assertThat(tickLate(queue)).isNull();
  }

  @Test
  void a_tick_needs_a_snapshot_of_its_own() {
    assumeOurs("the reference ticks, and loses events");
    String queue = queue();
    try (Session ticker = open().begin()) {
      ticker.ask("set transaction isolation level repeatable read");

      assertThat(ticker.failure("select pgq.ticker(?)", queue).message())
          .isEqualTo("queue \"" + queue + "\" cannot tick in a repeatable read transaction");
    }
  }
}
