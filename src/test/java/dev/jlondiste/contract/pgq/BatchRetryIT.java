package dev.jlondiste.contract.pgq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.Session;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@Contract("pgq.batch_retry")
class BatchRetryIT extends PgqContract {
  private static final String CALL = "select pgq.batch_retry(?, ?)";

  private List<@Nullable String> retries(String queue) {
    return column(
        "select ev_id || '/' || ev_retry || ' ' || ev_data from pgq.retry_queue"
            + " where ev_queue = ?::int order by ev_owner, ev_id",
        setting(queue, "queue_id"));
  }

  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "batch_retry(i_batch_id bigint, i_retry_seconds integer) returns integer"
                + " security definer");
    assertThat(callers()).isEqualTo(READERS);
  }

  @Test
  void all_events_of_the_batch_are_kept() {
    String queue = queueOf("a", "b", "c");

    assertThat(number(CALL, nextBatch(queue, "c"), 60)).isEqualTo(3);

    assertThat(retries(queue)).containsExactly("1/1 a", "2/1 b", "3/1 c");
  }

  @Test
  void they_are_due_after_that_time() {
    String queue = queueOf("a", "b");
    long batch = nextBatch(queue, "c");
    try (Session consumer = open().begin()) {
      consumer.number(CALL, batch, 90);
      assertThat(
              consumer.row(
                  "select bool_and(ev_retry_after = now() + interval '90 seconds'), count(ev_txid),"
                      + " min(ev_owner) = (select sub_id from pgq.subscription where sub_batch = ?)"
                      + " from pgq.retry_queue where ev_queue = ?::int",
                  batch,
                  setting(queue, "queue_id")))
          .containsExactly("t", "0", "t");
    }
  }

  @Test
  void those_kept_before_are_not_counted() {
    String queue = queueOf("a", "b", "c");
    long batch = nextBatch(queue, "c");
    value("select pgq.event_retry(?, 2, 60)", batch);

    assertThat(number(CALL, batch, 60)).isEqualTo(2);
    assertThat(number(CALL, batch, 60)).isZero();

    assertThat(retries(queue)).containsExactly("1/1 a", "2/1 b", "3/1 c");
  }

  @Test
  void every_consumer_retries_for_itself() {
    String queue = queueOf("a", "b");

    assertThat(number(CALL, nextBatch(queue, "c"), 60)).isEqualTo(2);
    assertThat(number(CALL, nextBatch(queue, "other"), 60)).isEqualTo(2);

    assertThat(retries(queue)).hasSize(4);
  }

  @Test
  void an_empty_batch_has_nothing_to_retry() {
    assertThat(number(CALL, nextBatch(queueOf(), "c"), 60)).isZero();
  }

  @Test
  void the_batch_must_be_open() {
    assertThat(refusal(CALL, 987654321L, 1)).isEqualTo("batch_retry: batch 987654321 not found");
    assertThat(refusal(CALL, null, 1)).isEqualTo("batch_retry: batch <NULL> not found");
  }

  @Test
  void a_time_is_needed() {
    assertThat(failure(CALL, nextBatch(queueOf("x"), "c"), null).state()).isEqualTo("23502");
  }

  @Test
  void who_may_read_events_may_retry_them() {
    long batch = nextBatch(queueOf("x"), "c");
    try (Session reader = open().as("pgq_reader")) {
      assertThat(reader.number(CALL, batch, 1)).isEqualTo(1);
    }
  }
}
