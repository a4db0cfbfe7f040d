package dev.jlondiste.contract.pgqnode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import org.junit.jupiter.api.Test;

@Contract("pgq_node.set_consumer_error")
class SetConsumerErrorIT extends NodeContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "set_consumer_error(i_queue_name text, i_consumer_name text, i_error_msg text,"
                + " OUT ret_code integer, OUT ret_note text) returns record security definer");
    assertThat(callers()).isEqualTo(WRITERS);
  }

  @Test
  void only_the_error_is_stored() {
    String queue = leaf(5);
    run("set_consumer_paused", queue, WORKER, true);
    run("set_consumer_uptodate", queue, WORKER, true);

    assertThat(call(queue, WORKER, "broken"))
        .containsExactly("100", "Consumer here_worker error = broken");

    assertThat(consumer(queue, WORKER)).containsExactly(PROVIDER, "5", "t", "t", "broken");
  }

  @Test
  void the_last_error_counts() {
    String queue = leaf(5);
    call(queue, WORKER, "broken");
    call(queue, WORKER, "beyond repair");

    assertThat(consumer(queue, WORKER)).endsWith("beyond repair");
  }

  @Test
  void null_forgets_it() {
    String queue = leaf(5);
    call(queue, WORKER, "broken");

    assertThat(call(queue, WORKER, null)).containsExactly("100", null);

    assertThat(consumer(queue, WORKER)).containsExactly(PROVIDER, "5", "f", "f", null);
  }

  @Test
  void that_nobody_knows_the_consumer_may_be_the_error() {
    String queue = leaf(5);

    assertThat(call(queue, "stranger", "broken"))
        .containsExactly("101", "Consumer not known, ignoring: " + queue + "/stranger");
    assertThat(call("nowhere", WORKER, "broken"))
        .containsExactly("101", "Consumer not known, ignoring: nowhere/here_worker");
    assertThat(call(null, WORKER, "broken")).containsExactly("101", null);
    assertThat(call(queue, null, "broken")).containsExactly("101", null);
  }
}
