package dev.jlondiste.contract.pgqnode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.Session;
import org.junit.jupiter.api.Test;

@Contract("pgq_node.set_consumer_completed")
class SetConsumerCompletedIT extends NodeContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "set_consumer_completed(i_queue_name text, i_consumer_name text, i_tick_id bigint,"
                + " OUT ret_code integer, OUT ret_note text) returns record security definer");
    assertThat(callers()).isEqualTo(WRITERS);
  }

  @Test
  void stores_the_position_and_forgets_the_error() {
    String queue = leaf(5);
    run("set_consumer_paused", queue, WORKER, true);
    run("set_consumer_uptodate", queue, WORKER, true);
    run("set_consumer_error", queue, WORKER, "broken");

    assertThat(call(queue, WORKER, 6L))
        .containsExactly("100", "Consumer here_worker completed tick = 6");

    assertThat(consumer(queue, WORKER)).containsExactly(PROVIDER, "6", "t", "t", null);
  }

  @Test
  void any_position_is_taken() {
    String queue = leaf(5);

    assertThat(call(queue, WORKER, 2L)).startsWith("100");
    assertThat(consumer(queue, WORKER)).startsWith(PROVIDER, "2");
    assertThat(call(queue, WORKER, Long.MAX_VALUE)).startsWith("100");
    assertThat(consumer(queue, WORKER)).startsWith(PROVIDER, "9223372036854775807");
  }

  @Test
  void other_consumers_stay_where_they_are() {
    String queue = leaf(5);
    run("register_consumer", queue, "c", OTHER, 7L);

    call(queue, WORKER, 6L);

    assertThat(consumer(queue, "c")).startsWith(OTHER, "7");
  }

  @Test
  void the_position_goes_with_the_transaction() {
    String queue = leaf(5);
    try (Session worker = open().begin()) {
      assertThat(callIn(worker, queue, WORKER, 6L)).startsWith("100");
      worker.rollback();
    }

    assertThat(consumer(queue, WORKER)).startsWith(PROVIDER, "5");
  }

  @Test
  void a_position_is_needed() {
    assertThat(refusal(leaf(5), WORKER, null).state()).isEqualTo(NOT_NULL_VIOLATION);
  }

  @Test
  void the_consumer_must_be_known() {
    String queue = leaf(5);

    assertThat(call(queue, "stranger", 6L))
        .containsExactly("404", "Consumer not known: " + queue + "/stranger");
    assertThat(call("nowhere", WORKER, 6L))
        .containsExactly("404", "Consumer not known: nowhere/here_worker");
    assertThat(call(null, WORKER, 6L)).containsExactly("404", null);
    assertThat(call(queue, null, 6L)).containsExactly("404", null);
  }

  @Test
  void a_writer_needs_no_more_than_the_call() {
    String queue = leaf(5);
    try (Session writer = open().as("pgq_writer")) {
      assertThat(callIn(writer, queue, WORKER, 6L)).startsWith("100");
    }
  }
}
