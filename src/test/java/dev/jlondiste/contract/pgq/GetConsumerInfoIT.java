package dev.jlondiste.contract.pgq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.Session;
import org.junit.jupiter.api.Test;

@Contract("pgq.get_consumer_info")
class GetConsumerInfoIT extends PgqContract {
  private static final String OUT =
      "OUT queue_name text, OUT consumer_name text, OUT lag interval, OUT last_seen interval,"
          + " OUT last_tick bigint, OUT current_batch bigint, OUT next_tick bigint,"
          + " OUT pending_events bigint) returns SETOF record security definer";

  private static final String NAMES = "select queue_name || '/' || consumer_name from ";

  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "get_consumer_info(" + OUT,
            "get_consumer_info(i_queue_name text, " + OUT,
            "get_consumer_info(i_queue_name text, i_consumer_name text, " + OUT);
    assertThat(callers()).isEqualTo(EVERYBODY);
  }

  @Test
  void it_tells_where_a_consumer_is() {
    String queue = queue();
    subscribe(queue, "c");
    insertAndTick(queue, "1", "2", "3");
    insertAndTick(queue, "4", "5");
    String batch = String.valueOf(nextBatch(queue, "c"));

    assertThat(
            row(
                """
                select i.queue_name, i.consumer_name, i.last_tick, i.current_batch, i.next_tick,
                    i.pending_events, i.lag = now() - t.tick_time, i.last_seen = now() - s.sub_active
                from pgq.get_consumer_info(?, 'c') i
                join pgq.subscription s on s.sub_batch = i.current_batch
                join pgq.tick t on t.tick_queue = s.sub_queue and t.tick_id = i.last_tick
                """,
                queue))
        .containsExactly(queue, "c", "1", batch, "2", "4", "t", "t");
  }

  @Test
  void an_idle_consumer_has_no_batch() {
    String queue = queue();
    subscribe(queue, "c");

    assertThat(
            row(
                "select current_batch, next_tick, pending_events from pgq.get_consumer_info(?)",
                queue))
        .containsExactly(null, null, "0");
  }

  @Test
  void without_its_tick_the_lag_is_unknown() {
    String queue = queue();
    subscribe(queue, "c");
    tick(queue);
    ask(
        "delete from pgq.tick where tick_id = 1 and tick_queue = ?::int",
        setting(queue, "queue_id"));

    assertThat(row("select last_tick, lag, pending_events from pgq.get_consumer_info(?)", queue))
        .containsExactly("1", null, null);
  }

  @Test
  void names_choose_and_no_name_is_all() {
    String one = queue();
    String other = queue();
    subscribe(one, "b", "a");
    subscribe(other, "a");

    assertThat(column(NAMES + "pgq.get_consumer_info(?)", one))
        .containsExactly(one + "/a", one + "/b");
    assertThat(column(NAMES + "pgq.get_consumer_info(?, null)", one)).hasSize(2);
    assertThat(column(NAMES + "pgq.get_consumer_info(?, 'b')", one)).containsExactly(one + "/b");
    assertThat(column(NAMES + "pgq.get_consumer_info(null, 'b')"))
        .contains(one + "/b")
        .doesNotContain(one + "/a");
    assertThat(column(NAMES + "pgq.get_consumer_info()"))
        .isEqualTo(column(NAMES + "pgq.get_consumer_info(null)"))
        .containsSubsequence(one + "/a", one + "/b", other + "/a");
  }

  @Test
  void who_is_not_there_is_not_shown() {
    String queue = queue();
    assertThat(rows("select * from pgq.get_consumer_info(?)", queue)).isEmpty();
    assertThat(rows("select * from pgq.get_consumer_info(?, 'nobody')", queue)).isEmpty();
    assertThat(rows("select * from pgq.get_consumer_info('nowhere')")).isEmpty();
  }

  @Test
  void everybody_may_look() {
    String queue = queue();
    subscribe(queue, "c");
    try (Session stranger = open().as(STRANGER)) {
      assertThat(stranger.column(NAMES + "pgq.get_consumer_info(?)", queue))
          .containsExactly(queue + "/c");
    }
  }
}
