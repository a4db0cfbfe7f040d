package dev.jlondiste.contract.pgq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.Session;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@Contract("pgq.event_retry")
class EventRetryIT extends PgqContract {
  private static final String IN_SECONDS = "select pgq.event_retry(?, ?, ?::int4)";
  private static final String AT = "select pgq.event_retry(?, ?, ?::timestamptz)";

  private List<List<@Nullable String>> retries(String queue, String columns) {
    return rows(
        "select " + columns + " from pgq.retry_queue where ev_queue = ?::int order by ev_id",
        setting(queue, "queue_id"));
  }

  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "event_retry(x_batch_id bigint, x_event_id bigint, x_retry_seconds integer)"
                + " returns integer security definer",
            "event_retry(x_batch_id bigint, x_event_id bigint, x_retry_time timestamptz)"
                + " returns integer security definer");
    assertThat(callers()).isEqualTo(READERS);
  }

  @Test
  void the_event_is_kept_for_its_consumer() {
    String queue = queue();
    subscribe(queue, "c");
    value("select pgq.insert_event(?, 't', 'd', 'e1', 'e2', 'e3', 'e4')", queue);
    tick(queue);
    long batch = nextBatch(queue, "c");

    assertThat(number(AT, batch, 1L, "2031-02-03 04:05:06+00")).isEqualTo(1);

    assertThat(
            retries(
                queue,
                "ev_retry_after = '2031-02-03 04:05:06+00', ev_id, ev_txid, ev_retry, ev_type, ev_data,"
                    + " ev_extra1, ev_extra2, ev_extra3, ev_extra4,"
                    + " ev_owner = (select sub_id from pgq.subscription where sub_batch = "
                    + batch
                    + "), ev_time = (select ev_time from pgq.get_batch_events("
                    + batch
                    + "))"))
        .containsExactly(
            Arrays.asList("t", "1", null, "1", "t", "d", "e1", "e2", "e3", "e4", "t", "t"));
  }

  @Test
  void seconds_count_from_now() {
    String queue = queueOf("x");
    long batch = nextBatch(queue, "c");
    try (Session consumer = open().begin()) {
      assertThat(consumer.number(IN_SECONDS, batch, 1L, 90)).isEqualTo(1);
      assertThat(
              consumer.value(
                  "select ev_retry_after = now() + interval '90 seconds' from pgq.retry_queue"
                      + " where ev_queue = ?::int",
                  setting(queue, "queue_id")))
          .isEqualTo("t");
    }
  }

  @Test
  void a_second_time_is_zero() {
    String queue = queueOf("x");
    long batch = nextBatch(queue, "c");
    number(AT, batch, 1L, "2031-01-01");

    assertThat(number(AT, batch, 1L, "2041-01-01")).isZero();
    assertThat(number(IN_SECONDS, batch, 1L, 1)).isZero();

    assertThat(retries(queue, "extract(year from ev_retry_after)::int"))
        .containsExactly(List.of("2031"));
  }

  @Test
  void every_consumer_retries_for_itself() {
    String queue = queueOf("x");

    assertThat(number(IN_SECONDS, nextBatch(queue, "c"), 1L, 1)).isEqualTo(1);
    assertThat(number(IN_SECONDS, nextBatch(queue, "other"), 1L, 1)).isEqualTo(1);

    assertThat(retries(queue, "ev_id")).containsExactly(List.of("1"), List.of("1"));
  }

  @Test
  void the_event_must_be_in_the_batch() {
    String queue = queueOf("x");
    long batch = nextBatch(queue, "c");
    insertAndTick(queue, "of the next batch");

    assertThat(refusal(IN_SECONDS, batch, 2L, 1)).isEqualTo("event not found");
    assertThat(refusal(AT, batch, 99L, "2031-01-01")).isEqualTo("event not found");
    assertThat(refusal(IN_SECONDS, batch, null, 1)).isEqualTo("event not found");
    assertThat(retries(queue, "1")).isEmpty();
  }

  @Test
  void the_batch_must_be_open() {
    Failure failure = failure(IN_SECONDS, 987654321L, 1L, 1);

    assertThat(failure.message()).isEqualTo("event not found");
    // the original does not say why
    assertThat(failure.detail())
        .isEqualTo(installation().isOurs() ? "Batch 987654321 is not open." : null);
    assertThat(refusal(AT, null, 1L, "2031-01-01")).isEqualTo("event not found");
  }

  @Test
  void a_time_is_needed() {
    long batch = nextBatch(queueOf("x"), "c");

    assertThat(failure(IN_SECONDS, batch, 1L, null).state()).isEqualTo("23502");
    assertThat(failure(AT, batch, 1L, null).state()).isEqualTo("23502");
  }

  @Test
  void a_retried_event_may_be_retried_again() {
    String queue = queueOf("x");
    long first = nextBatch(queue, "c");
    number(IN_SECONDS, first, 1L, 0);
    finish(first);
    value("select pgq.maint_retry_events()");
    tick(queue);
    long second = nextBatch(queue, "c");

    assertThat(number(IN_SECONDS, second, 1L, 60)).isEqualTo(1);

    assertThat(retries(queue, "ev_id, ev_retry")).containsExactly(List.of("1", "2"));
  }

  @Test
  void who_may_read_events_may_retry_them() {
    long batch = nextBatch(queueOf("x"), "c");
    try (Session reader = open().as("pgq_reader")) {
      assertThat(reader.number(IN_SECONDS, batch, 1L, 1)).isEqualTo(1);
      assertThat(reader.failure("select * from pgq.retry_queue").state()).isEqualTo("42501");
    }
  }
}
