package dev.jlondiste.contract.pgq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.Session;
import org.junit.jupiter.api.Test;

@Contract("pgq.next_batch")
class NextBatchIT extends PgqContract {
  private static final String CALL = "select pgq.next_batch(?, ?)";

  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly("next_batch(i_queue_name text, i_consumer_name text) returns bigint");
    assertThat(callers()).isEqualTo(READERS);
  }

  @Test
  void an_open_batch_is_given_again() {
    String queue = queue();
    subscribe(queue, "c", "d");
    insertAndTick(queue, "x");
    insertAndTick(queue, "y");

    long batch = number(CALL, queue, "c");

    assertThat(number(CALL, queue, "c")).isEqualTo(batch);
    assertThat(number(CALL, queue, "d")).as("another consumer has its own").isNotEqualTo(batch);
    finish(batch);
    assertThat(number(CALL, queue, "c")).isNotEqualTo(batch);
  }

  @Test
  void without_a_new_tick_there_is_none() {
    String queue = queue();
    subscribe(queue, "c");
    insert(queue, "not ticked");

    assertThat(value(CALL, queue, "c")).isNull();
  }

  @Test
  void an_idle_queue_gives_empty_batches() {
    String queue = queue();
    subscribe(queue, "c");
    tick(queue);

    assertThat(dataOf(number(CALL, queue, "c"))).isEmpty();
  }

  @Test
  void only_subscribers_get_batches() {
    assertThat(refusal(CALL, queue(), "stranger")).endsWith("/stranger");
    assertThat(refusal(CALL, null, "c")).isEqualTo("Not subscriber to queue: NULL/c");
  }

  @Test
  void another_transaction_gets_the_same_batch() {
    String queue = queue();
    subscribe(queue, "c");
    insertAndTick(queue, "x");
    try (Session first = open().begin();
        Session second = open()) {
      first.ask("set lock_timeout = '10s'");
      long batch = first.number(CALL, queue, "c");
      first.commit();

      assertThat(second.number(CALL, queue, "c")).isEqualTo(batch);
    }
  }
}
