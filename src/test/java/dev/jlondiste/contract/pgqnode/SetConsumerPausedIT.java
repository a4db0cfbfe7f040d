package dev.jlondiste.contract.pgqnode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.Session;
import org.junit.jupiter.api.Test;

@Contract("pgq_node.set_consumer_paused")
class SetConsumerPausedIT extends NodeContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "set_consumer_paused(i_queue_name text, i_consumer_name text, i_paused boolean,"
                + " OUT ret_code integer, OUT ret_note text) returns record security definer");
    assertThat(callers()).isEqualTo(WRITERS);
  }

  @Test
  void the_consumer_has_to_notice_it() {
    String queue = leaf(5);
    run("set_consumer_error", queue, WORKER, "broken");
    run("set_consumer_uptodate", queue, WORKER, true);

    assertThat(call(queue, WORKER, true))
        .containsExactly("200", "Consumer here_worker tagged as paused");
    assertThat(consumer(queue, WORKER)).containsExactly(PROVIDER, "5", "t", "f", "broken");

    run("set_consumer_uptodate", queue, WORKER, true);
    assertThat(call(queue, WORKER, false))
        .containsExactly("200", "Consumer here_worker tagged as resumed");
    assertThat(consumer(queue, WORKER)).containsExactly(PROVIDER, "5", "f", "f", "broken");
  }

  @Test
  void what_is_so_already_needs_no_notice() {
    String queue = leaf(5);
    run("set_consumer_uptodate", queue, WORKER, true);

    assertThat(call(queue, WORKER, false))
        .containsExactly("201", "Consumer here_worker already resumed");
    assertThat(consumer(queue, WORKER)).containsExactly(PROVIDER, "5", "f", "t", null);

    call(queue, WORKER, true);
    run("set_consumer_uptodate", queue, WORKER, true);
    assertThat(call(queue, WORKER, true))
        .containsExactly("201", "Consumer here_worker already paused");
    assertThat(consumer(queue, WORKER)).containsExactly(PROVIDER, "5", "t", "t", null);
  }

  @Test
  void other_consumers_go_on() {
    String queue = leaf(5);
    run("register_consumer", queue, "c", OTHER, 7L);

    call(queue, WORKER, true);

    assertThat(consumer(queue, "c")).containsExactly(OTHER, "7", "f", "f", null);
  }

  @Test
  void is_true_or_false() {
    assertThat(refusal(leaf(5), WORKER, null).state()).isEqualTo(NOT_NULL_VIOLATION);
  }

  @Test
  void the_consumer_must_be_known() {
    assertThat(call(leaf(5), "stranger", true))
        .containsExactly("404", "Unknown consumer: stranger");
    assertThat(call("nowhere", WORKER, true))
        .containsExactly("404", "Unknown consumer: here_worker");
    assertThat(call(null, WORKER, true)).containsExactly("404", "Unknown consumer: here_worker");
    assertThat(call(leaf(5), null, true)).containsExactly("404", null);
  }

  @Test
  void two_at_once_take_turns() {
    String queue = leaf(5);
    try (Session first = open().begin();
        Session second = open()) {
      callIn(first, queue, WORKER, true);
      second.ask("set lock_timeout = '10ms'");

      assertThat(refusalIn(second, queue, WORKER, true).state()).isEqualTo("55P03");
    }
  }
}
