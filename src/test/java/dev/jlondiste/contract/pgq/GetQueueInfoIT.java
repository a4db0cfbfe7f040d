package dev.jlondiste.contract.pgq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.Session;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@Contract("pgq.get_queue_info")
class GetQueueInfoIT extends PgqContract {
  private static final String OUT =
      "OUT queue_name text, OUT queue_ntables integer, OUT queue_cur_table integer,"
          + " OUT queue_rotation_period interval, OUT queue_switch_time timestamptz,"
          + " OUT queue_external_ticker boolean, OUT queue_ticker_paused boolean,"
          + " OUT queue_ticker_max_count integer, OUT queue_ticker_max_lag interval,"
          + " OUT queue_ticker_idle_period interval, OUT ticker_lag interval,"
          + " OUT ev_per_sec double precision, OUT ev_new bigint, OUT last_tick_id bigint)"
          + " returns SETOF record";

  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly("get_queue_info(" + OUT, "get_queue_info(i_queue_name text, " + OUT);
    assertThat(callers()).isEqualTo(EVERYBODY);
  }

  @Test
  void settings_are_those_of_the_queue() {
    String queue = queue();
    configure(
        queue,
        "queue_cur_table = 1, queue_rotation_period = '1d', queue_external_ticker = true,"
            + " queue_ticker_paused = true, queue_ticker_max_count = 7,"
            + " queue_ticker_max_lag = '8s', queue_ticker_idle_period = '9s'");

    assertThat(
            row(
                """
                select queue_name, queue_ntables, queue_cur_table, queue_rotation_period,
                    queue_external_ticker, queue_ticker_paused, queue_ticker_max_count,
                    queue_ticker_max_lag, queue_ticker_idle_period,
                    queue_switch_time = (select queue_switch_time from pgq.queue where queue_name = i.queue_name)
                from pgq.get_queue_info(?) i
                """,
                queue))
        .containsExactly(queue, "3", "1", "1 day", "t", "t", "7", "00:00:08", "00:00:09", "t");
  }

  @Test
  void what_is_new_is_counted_from_the_newest_tick() {
    String queue = queue();
    insertAndTick(queue, "1", "2", "3");
    insert(queue, "4");
    insert(queue, "5");

    assertThat(
            row(
                """
                select ev_new, last_tick_id, ticker_lag = now() - (
                    select max(tick_time) from pgq.tick where tick_queue = ?::int)
                from pgq.get_queue_info(?)
                """,
                setting(queue, "queue_id"),
                queue))
        .containsExactly("2", "2", "t");
  }

  @Test
  void the_rate_is_that_of_the_last_twenty_ticks() {
    String queue = queue();
    ask(
        """
            insert into pgq.tick (tick_queue, tick_id, tick_time, tick_event_seq)
                select ?::int, n, now() + n * interval '10 seconds', case n when 2 then 3 else n * 5 end
                from generate_series(2, 30) n
            """,
        setting(queue, "queue_id"));

    assertThat(value("select ev_per_sec from pgq.get_queue_info(?)", queue))
        .as("from 10 to 30: 100 events in 200 seconds")
        .isEqualTo("0.5");
  }

  @Test
  void one_tick_is_no_rate() {
    assertThat(row("select ev_per_sec, last_tick_id from pgq.get_queue_info(?)", queue()))
        .containsExactly(null, "1");
  }

  @Test
  void a_queue_without_ticks_is_shown_too() {
    String queue = queue();
    ask("delete from pgq.tick where tick_queue = ?::int", setting(queue, "queue_id"));

    assertThat(
            row(
                "select ticker_lag, ev_per_sec, ev_new, last_tick_id from pgq.get_queue_info(?)",
                queue))
        .containsOnlyNulls();
  }

  @Test
  void no_name_is_all_queues_by_name() {
    queue();
    queue();
    List<@Nullable String> names = column("select queue_name from pgq.queue order by queue_name");

    assertThat(column("select queue_name from pgq.get_queue_info()")).isEqualTo(names);
    assertThat(column("select queue_name from pgq.get_queue_info(null)")).isEqualTo(names);
    assertThat(rows("select * from pgq.get_queue_info('nowhere')")).isEmpty();
  }

  @Test
  void everybody_may_look() {
    String queue = queue();
    try (Session stranger = open().as(STRANGER)) {
      assertThat(stranger.value("select ev_new from pgq.get_queue_info(?)", queue)).isEqualTo("0");
    }
  }
}
