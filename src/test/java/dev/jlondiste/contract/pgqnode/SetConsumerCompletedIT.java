package dev.jlondiste.contract.pgqnode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.Session;
import org.junit.jupiter.api.Test;

@Contract("pgq_node.set_consumer_completed")
class SetConsumerCompletedIT extends NodeContract {
  @Test
  void isDeclaredAsClientsKnowIt() {
    assertThat(declarations())
        .containsExactly(
            "set_consumer_completed(i_queue_name text, i_consumer_name text, i_tick_id bigint,"
                + " OUT ret_code integer, OUT ret_note text) returns record security definer");
    assertThat(callers()).isEqualTo(WRITERS);
  }

  @Test
  void storesThePositionAndForgetsTheError() {
    String queue = leaf(5);
    run("set_consumer_paused", queue, WORKER, true);
    run("set_consumer_uptodate", queue, WORKER, true);
    run("set_consumer_error", queue, WORKER, "broken");

    assertThat(call(queue, WORKER, 6L))
        .containsExactly("100", "Consumer here_worker completed tick = 6");

    assertThat(consumer(queue, WORKER)).containsExactly(PROVIDER, "6", "t", "t", null);
  }

  @Test
  void anyPositionIsTaken() {
    String queue = leaf(5);

    assertThat(call(queue, WORKER, 2L)).startsWith("100");
    assertThat(consumer(queue, WORKER)).startsWith(PROVIDER, "2");
    assertThat(call(queue, WORKER, Long.MAX_VALUE)).startsWith("100");
    assertThat(consumer(queue, WORKER)).startsWith(PROVIDER, "9223372036854775807");
  }

  @Test
  void otherConsumersStayWhereTheyAre() {
    String queue = leaf(5);
    run("register_consumer", queue, "c", OTHER, 7L);

    call(queue, WORKER, 6L);

    assertThat(consumer(queue, "c")).startsWith(OTHER, "7");
  }

  @Test
  void thePositionGoesWithTheTransaction() {
    String queue = leaf(5);
    try (Session worker = open().begin()) {
      assertThat(callIn(worker, queue, WORKER, 6L)).startsWith("100");
      worker.rollback();
    }

    assertThat(consumer(queue, WORKER)).startsWith(PROVIDER, "5");
  }

  @Test
  void aPositionIsNeeded() {
    assertThat(refusal(leaf(5), WORKER, null).state()).isEqualTo(NOT_NULL_VIOLATION);
  }

  @Test
  void theConsumerMustBeKnown() {
    String queue = leaf(5);

    assertThat(call(queue, "stranger", 6L))
        .containsExactly("404", "Consumer not known: " + queue + "/stranger");
    assertThat(call("nowhere", WORKER, 6L))
        .containsExactly("404", "Consumer not known: nowhere/here_worker");
    assertThat(call(null, WORKER, 6L)).containsExactly("404", null);
    assertThat(call(queue, null, 6L)).containsExactly("404", null);
  }

  @Test
  void aWriterNeedsNoMoreThanTheCall() {
    String queue = leaf(5);
    try (Session writer = open().as("pgq_writer")) {
      assertThat(callIn(writer, queue, WORKER, 6L)).startsWith("100");
    }
  }
}
