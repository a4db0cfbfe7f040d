package dev.jlondiste.contract.pgq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import org.junit.jupiter.api.Test;

@Contract("pgq.event_retry_raw")
class EventRetryRawIT extends PgqContract {
  private static final String CALL =
      "select pgq.event_retry_raw(?, ?, '2031-01-01 00:00+00', ?, '2001-01-01 00:00+00', 7,"
          + " 't', 'd', 'e1', 'e2', 'e3', 'e4')";

  private String subscribed() {
    String queue = queue();
    subscribe(queue, "c", "other");
    return queue;
  }

  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "event_retry_raw(x_queue text, x_consumer text, x_retry_after timestamptz,"
                + " x_ev_id bigint, x_ev_time timestamptz, x_ev_retry integer, x_ev_type text,"
                + " x_ev_data text, x_ev_extra1 text, x_ev_extra2 text, x_ev_extra3 text,"
                + " x_ev_extra4 text) returns bigint security definer");
    assertThat(callers()).isEqualTo(ADMINS);
  }

  @Test
  void every_field_is_the_callers() {
    String queue = subscribed();

    assertThat(number(CALL, queue, "c", 55L)).isEqualTo(55);

    assertThat(
            row(
                """
                select r.ev_retry_after = '2031-01-01 00:00+00', r.ev_id,
                    r.ev_time = '2001-01-01 00:00+00', r.ev_txid, r.ev_retry, r.ev_type, r.ev_data,
                    r.ev_extra1, r.ev_extra2, r.ev_extra3, r.ev_extra4, c.co_name
                from pgq.retry_queue r
                join pgq.subscription s on s.sub_id = r.ev_owner
                join pgq.consumer c on c.co_id = s.sub_consumer
                where r.ev_queue = ?::int
                """,
                setting(queue, "queue_id")))
        .containsExactly("t", "55", "t", null, "7", "t", "d", "e1", "e2", "e3", "e4", "c");
  }

  @Test
  void without_an_id_it_gets_the_queues_next() {
    String queue = subscribed();
    insert(queue, "first");

    assertThat(number(CALL, queue, "c", null)).isEqualTo(2);
    assertThat(insert(queue, "third")).isEqualTo(3);
  }

  @Test
  void an_id_of_the_callers_takes_none_of_the_queue() {
    String queue = subscribed();
    number(CALL, queue, "c", 55L);

    assertThat(insert(queue, "first")).isEqualTo(1);
  }

  @Test
  void only_that_consumer_gets_it() {
    String queue = subscribed();
    number(CALL, queue, "c", null);
    ask("update pgq.retry_queue set ev_retry_after = now()");
    value("select pgq.maint_retry_events()");
    tick(queue);

    assertThat(consume(queue, "c")).containsExactly("d");
    assertThat(consume(queue, "other")).isEmpty();
  }

  @Test
  void the_consumer_must_be_registered() {
    String queue = subscribed();
    assertThat(refusal(CALL, queue, "nobody", null)).isEqualTo("consumer not registered");
    assertThat(refusal(CALL, "nowhere", "c", null)).isEqualTo("consumer not registered");
    assertThat(refusal(CALL, null, null, null)).isEqualTo("consumer not registered");
  }

  @Test
  void one_event_is_kept_only_once() {
    String queue = subscribed();
    number(CALL, queue, "c", 55L);

    assertThat(failure(CALL, queue, "c", 55L).state()).isEqualTo("23505");
    assertThat(number(CALL, queue, "other", 55L)).isEqualTo(55);
  }
}
