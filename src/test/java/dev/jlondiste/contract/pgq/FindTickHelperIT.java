package dev.jlondiste.contract.pgq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@Contract("pgq.find_tick_helper")
class FindTickHelperIT extends PgqContract {
  private static final String CALL =
      "select next_tick_id, extract(epoch from next_tick_time)::int, next_tick_seq"
          + " from pgq.find_tick_helper(?::int, ?, to_timestamp(?::int), ?, ?, ?::interval)";

  /** A queue with the ticks {@code id@second/eventSeq}. */
  private String ticked(String... ticks) {
    String id = setting(queue(), "queue_id");
    ask("delete from pgq.tick where tick_queue = ?::int", id);
    for (String tick : ticks) {
      String[] part = tick.split("[@/]", -1);
      ask(
          "insert into pgq.tick (tick_queue, tick_id, tick_time, tick_event_seq)"
              + " values (?::int, ?::int, to_timestamp(?::int), ?::int)",
          id,
          part[0],
          part[1],
          part[2]);
    }
    return id;
  }

  private List<@Nullable String> find(String id, @Nullable Long count, @Nullable String interval) {
    return row(CALL, id, 1L, 0, 100L, count, interval);
  }

  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "find_tick_helper(i_queue_id integer, i_prev_tick_id bigint,"
                + " i_prev_tick_time timestamptz, i_prev_tick_seq bigint, i_min_count bigint,"
                + " i_min_interval interval, OUT next_tick_id bigint,"
                + " OUT next_tick_time timestamptz, OUT next_tick_seq bigint)"
                + " returns record stable");
    assertThat(callers()).isEqualTo(READERS);
  }

  @Test
  void nothing_after_the_tick_is_nothing() {
    assertThat(find(ticked("1@0/100"), 1L, "1 second")).containsOnlyNulls();
    assertThat(find("-1", 1L, "1 second")).containsOnlyNulls();
  }

  @Test
  void the_newest_tick_is_taken_when_it_is_enough() {
    String queue = ticked("1@0/100", "2@10/110", "3@20/120");

    assertThat(find(queue, 15L, null)).containsExactly("3", "20", "120");
    assertThat(find(queue, 20L, null)).as("exactly enough").containsExactly("3", "20", "120");
    assertThat(find(queue, 10L, null))
        .as("twice is not too much")
        .containsExactly("3", "20", "120");
    assertThat(find(queue, null, "15 seconds")).containsExactly("3", "20", "120");
  }

  @Test
  void nothing_is_taken_before_it_is_enough() {
    String queue = ticked("1@0/100", "2@10/110", "3@20/120");

    assertThat(find(queue, 21L, null)).containsOnlyNulls();
    assertThat(find(queue, null, "21 seconds")).containsOnlyNulls();
    assertThat(find(queue, 21L, "21 seconds")).containsOnlyNulls();
    assertThat(find(queue, null, null)).containsOnlyNulls();
  }

  @Test
  void what_is_too_much_ends_at_the_first_that_is_enough() {
    String queue = ticked("1@0/100", "2@10/104", "3@20/109", "4@30/130");

    assertThat(find(queue, 9L, null)).containsExactly("3", "20", "109");
    assertThat(find(queue, 3L, null)).containsExactly("2", "10", "104");
    assertThat(find(queue, null, "11 seconds")).containsExactly("3", "20", "109");
  }

  @Test
  void either_wish_is_enough() {
    String queue = ticked("1@0/100", "2@10/110", "3@20/120");

    assertThat(find(queue, 15L, "1 hour")).containsExactly("3", "20", "120");
    assertThat(find(queue, 1000L, "15 seconds")).containsExactly("3", "20", "120");
    assertThat(find(queue, 1000L, "5 seconds"))
        .as("too long, whatever the count")
        .containsExactly("2", "10", "110");
  }

  @Test
  void ticks_of_other_queues_do_not_count() {
    ticked("5@50/500");

    assertThat(find(ticked("1@0/100"), 1L, null)).containsOnlyNulls();
  }

  @Test
  void ids_need_not_be_in_sequence() {
    assertThat(find(ticked("1@0/100", "700@10/110"), 10L, null))
        .containsExactly("700", "10", "110");
  }
}
