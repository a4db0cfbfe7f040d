package dev.jlondiste.contract.pgq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.Session;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@Contract("pgq.maint_retry_events")
class MaintRetryEventsIT extends PgqContract {
  private static final String CALL = "select * from pgq.maint_retry_events()";

  @BeforeEach
  void nothingToRetry() {
    ask("delete from pgq.retry_queue");
  }

  /** A queue whose consumer retries events, due at once. */
  private String retrying(String... events) {
    String queue = queue();
    subscribe(queue, "c", "other");
    insertAndTick(queue, events);
    long batch = nextBatch(queue, "c");
    value("select pgq.batch_retry(?, 0)", batch);
    finish(batch);
    nextBatch(queue, "other");
    return queue;
  }

  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations()).containsExactly("maint_retry_events() returns integer");
    assertThat(callers()).isEqualTo(ADMINS);
  }

  @Test
  void a_due_event_comes_back_to_its_consumer_alone() {
    String queue = retrying("x", "y");
    insert(queue, "new");

    assertThat(number(CALL)).isEqualTo(2);

    assertThat(number("select count(*) from pgq.retry_queue")).isZero();
    tick(queue);
    assertThat(consume(queue, "c")).as("old ids come first").containsExactly("x", "y", "new");
    assertThat(consume(queue, "other")).containsExactly("x", "y");
    assertThat(consume(queue, "other")).containsExactly("new");
  }

  @Test
  void it_is_the_same_event_in_a_new_transaction() {
    String queue = retrying("x");

    number(CALL);

    assertThat(
            rows(
                """
                select r.ev_id = e.ev_id, r.ev_time = e.ev_time, r.ev_txid > e.ev_txid, r.ev_retry,
                    r.ev_owner = s.sub_id, r.ev_type, r.ev_data
                from %1$s e
                join %1$s r on r.ev_owner is not null
                join pgq.subscription s on s.sub_queue = ?::int
                join pgq.consumer c on c.co_id = s.sub_consumer and c.co_name = 'c'
                where e.ev_owner is null
                """
                    .formatted(setting(queue, "queue_data_pfx")),
                setting(queue, "queue_id")))
        .containsExactly(List.of("t", "t", "t", "1", "t", "test", "x"));
  }

  @Test
  void every_retry_is_counted() {
    String queue = retrying("x");
    for (String retry : List.of("1", "2")) {
      number(CALL);
      tick(queue);
      long batch = nextBatch(queue, "c");
      assertThat(column("select ev_retry from pgq.get_batch_events(?)", batch))
          .containsExactly(retry);
      value("select pgq.batch_retry(?, 0)", batch);
      finish(batch);
    }
    assertThat(value("select ev_retry from pgq.retry_queue")).isEqualTo("3");
  }

  @Test
  void what_is_not_due_waits() {
    retrying("x", "y");
    ask(
        "update pgq.retry_queue set ev_retry_after = now() + interval '1 hour' where ev_data = 'y'");

    assertThat(number(CALL)).isEqualTo(1);
    assertThat(number(CALL)).isZero();
    assertThat(column("select ev_data from pgq.retry_queue")).containsExactly("y");
  }

  @Test
  void ten_at_a_time_the_longest_due_first() {
    retrying("1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12");
    ask("update pgq.retry_queue set ev_retry_after = now() - ev_id * interval '1 minute'");

    assertThat(number(CALL)).isEqualTo(10);
    assertThat(column("select ev_data from pgq.retry_queue order by ev_id"))
        .containsExactly("1", "2");
    assertThat(number(CALL)).isEqualTo(2);
    assertThat(number(CALL)).isZero();
  }

  @Test
  void one_mover_at_a_time_but_events_are_added() {
    String queue = retrying("x");
    try (Session mover = open().begin();
        Session second = open()) {
      assertThat(mover.number(CALL)).isEqualTo(1);
      second.ask("set lock_timeout = '10ms'");

      assertThat(second.failure(CALL).state()).isEqualTo("55P03");
      assertThat(
              second.number(
                  "select pgq.event_retry_raw(?, 'other', now(), null, now(), null, 't', 'd', '', '', '', '')",
                  queue))
          .isPositive();
    }
  }

  @Test
  void a_branch_redelivers_to_its_consumers() {
    String queue = retrying("x");
    configure(queue, "queue_disable_insert = true");

    // the original refuses, and with it the retries of every other queue
    if (installation().isOurs()) {
      assertThat(number(CALL)).isEqualTo(1);
      assertThat(refusal("select pgq.insert_event(?, 't', 'd')", queue))
          .as("open for redelivery only")
          .isEqualTo("Insert into queue disallowed");
    } else {
      assertThat(refusal(CALL)).isEqualTo("Insert into queue disallowed");
    }
  }
}
