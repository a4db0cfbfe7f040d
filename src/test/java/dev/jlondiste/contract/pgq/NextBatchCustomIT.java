package dev.jlondiste.contract.pgq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.Session;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Contract("pgq.next_batch_custom")
class NextBatchCustomIT extends PgqContract {
  private static final String CALL =
      "select * from pgq.next_batch_custom(?, ?, ?::interval, ?, ?::interval)";
  private static final List<@Nullable String> NOTHING =
      Arrays.asList(null, null, null, null, null, null, null);

  private List<@Nullable String> next(
      String queue, @Nullable String lag, @Nullable Integer count, @Nullable String interval) {
    return row(CALL, queue, "c", lag, count, interval);
  }

  /** A queue whose ticks hold two, three and four events, an hour from tick to tick. */
  private String hourly() {
    String queue = queue();
    subscribe(queue, "c");
    insertAndTick(queue, "1", "2", "3");
    insertAndTick(queue, "4", "5", "6");
    insertAndTick(queue, "7", "8", "9", "10");
    ask(
        "update pgq.tick set tick_time = timestamptz '2001-01-01 00:00+00'"
            + " + tick_id * interval '1 hour' where tick_queue = ?::int",
        setting(queue, "queue_id"));
    return queue;
  }

  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "next_batch_custom(i_queue_name text, i_consumer_name text, i_min_lag interval,"
                + " i_min_count integer, i_min_interval interval, OUT batch_id bigint,"
                + " OUT cur_tick_id bigint, OUT prev_tick_id bigint, OUT cur_tick_time timestamptz,"
                + " OUT prev_tick_time timestamptz, OUT cur_tick_event_seq bigint,"
                + " OUT prev_tick_event_seq bigint) returns record security definer");
    assertThat(callers()).isEqualTo(READERS);
  }

  @Test
  void a_batch_is_what_lies_between_two_ticks() {
    String queue = hourly();
    ask("set timezone = 'UTC'");

    List<@Nullable String> batch = next(queue, null, null, null);

    assertThat(batch.subList(1, 7))
        .containsExactly("2", "1", "2001-01-01 02:00:00+00", "2001-01-01 01:00:00+00", "3", "1");
    assertThat(position(queue, "c")).containsExactly("1", batch.get(0), "2");
  }

  @Test
  void without_a_new_tick_all_is_null() {
    String queue = queue();
    subscribe(queue, "c");
    insert(queue, "not ticked");
    List<@Nullable String> before = position(queue, "c");

    assertThat(next(queue, null, null, null)).isEqualTo(NOTHING);
    assertThat(next(queue, null, 1, "1 second")).isEqualTo(NOTHING);

    assertThat(position(queue, "c")).isEqualTo(before);
  }

  @Test
  void an_open_batch_is_given_again_whatever_is_wanted() {
    String queue = hourly();
    List<@Nullable String> open = next(queue, null, null, null);

    assertThat(next(queue, null, null, null)).isEqualTo(open);
    assertThat(next(queue, "100 years", 1000, "100 years")).isEqualTo(open);
  }

  @Test
  void batch_ids_are_never_used_twice() {
    String one = hourly();
    String other = hourly();
    long first = Long.parseLong(String.valueOf(next(one, null, null, null).get(0)));
    long second = Long.parseLong(String.valueOf(next(other, null, null, null).get(0)));
    finish(first);

    assertThat(second).isGreaterThan(first);
    assertThat(nextBatch(one, "c")).isGreaterThan(second);
  }

  @Test
  void opening_a_batch_is_a_sign_of_life() {
    String queue = hourly();
    ask("update pgq.subscription set sub_active = '2001-01-01'");
    try (Session consumer = open().begin()) {
      consumer.row(CALL, queue, "c", null, null, null);
      assertThat(
              consumer.value(
                  "select sub_active = now() from pgq.subscription where sub_queue = ?::int",
                  setting(queue, "queue_id")))
          .isEqualTo("t");
    }
  }

  /** Ticks 2, 3, 4 are 2, 5, 9 events and 1, 2, 3 hours after tick 1. */
  @ParameterizedTest
  @CsvSource({
    ", 1, , 2",
    ", 3, , 3",
    ", 4, , 3",
    ", 5, , 4",
    ", 9, , 4",
    ", 10, , ",
    ", , 30 minutes, 2",
    ", , 80 minutes, 3",
    ", , 2 hours, 4",
    ", , 3 hours, 4",
    ", , 4 hours, ",
    ", 10, 1 hour, 2",
    ", 10, 2 hours, 4",
    ", 2, 4 hours, 2",
    "1 second, , , 2",
    "1 second, 5, , 4",
    "100 years, , , ",
    "100 years, 1, 1 second, ",
  })
  void ticks_are_merged_to_the_wanted_size(
      @Nullable String lag,
      @Nullable Integer count,
      @Nullable String interval,
      @Nullable String tick) {
    assertThat(next(hourly(), lag, count, interval).get(1)).isEqualTo(tick);
  }

  @Test
  void a_tick_that_is_too_young_opens_nothing() {
    String queue = queue();
    subscribe(queue, "c");
    insertAndTick(queue, "x");

    assertThat(next(queue, "1 hour", null, null)).isEqualTo(NOTHING);
    assertThat(position(queue, "c")).containsExactly("1", null, null);
  }

  @Test
  void only_subscribers_get_batches() {
    String queue = queue();
    String other = queue();
    subscribe(other, "elsewhere");

    assertThat(refusal(CALL, queue, "elsewhere", null, null, null))
        .isEqualTo("Not subscriber to queue: " + queue + "/elsewhere");
    assertThat(refusal(CALL, "nowhere", "c", null, null, null))
        .isEqualTo("Not subscriber to queue: nowhere/c");
    assertThat(refusal(CALL, null, null, null, null, null))
        .isEqualTo("Not subscriber to queue: NULL/NULL");
  }

  @Test
  void a_consumer_whose_tick_is_gone_is_told() {
    String queue = queue();
    subscribe(queue, "c");
    ask("delete from pgq.tick where tick_queue = ?::int", setting(queue, "queue_id"));

    Failure failure = failure(CALL, queue, "c", null, null, null);
    assertThat(failure.message())
        .isEqualTo("PgQ corruption: Consumer c on queue " + queue + " does not see tick <NULL>");
    // the original cannot say which tick it was
    assertThat(failure.detail())
        .isEqualTo(installation().isOurs() ? "Last tick of the subscription: 1" : null);
  }

  @Test
  void ticks_need_not_be_in_sequence() {
    String queue = hourly();
    ask(
        "delete from pgq.tick where tick_id in (2, 3) and tick_queue = ?::int",
        setting(queue, "queue_id"));

    assertThat(next(queue, null, null, null).get(1)).isEqualTo("4");
    assertThat(dataOf(nextBatch(queue, "c"))).hasSize(10);
  }

  @Test
  void who_may_read_events_may_open_batches() {
    String queue = hourly();
    try (Session reader = open().as("pgq_reader")) {
      assertThat(reader.row(CALL, queue, "c", null, null, null).get(1)).isEqualTo("2");
    }
    try (Session writer = open().as("pgq_writer")) {
      assertThat(writer.failure(CALL, queue, "c", null, null, null).message())
          .isEqualTo("permission denied for function next_batch_custom");
    }
  }
}
