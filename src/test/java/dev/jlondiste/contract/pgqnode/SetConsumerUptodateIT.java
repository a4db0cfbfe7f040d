package dev.jlondiste.contract.pgqnode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import org.junit.jupiter.api.Test;

@Contract("pgq_node.set_consumer_uptodate")
class SetConsumerUptodateIT extends NodeContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "set_consumer_uptodate(i_queue_name text, i_consumer_name text, i_uptodate boolean,"
                + " OUT ret_code integer, OUT ret_note text) returns record security definer");
    assertThat(callers()).isEqualTo(WRITERS);
  }

  @Test
  void only_that_is_stored() {
    String queue = leaf(5);
    run("set_consumer_paused", queue, WORKER, true);
    run("set_consumer_error", queue, WORKER, "broken");

    assertThat(call(queue, WORKER, true)).containsExactly("200", "Consumer uptodate = 1");
    assertThat(consumer(queue, WORKER)).containsExactly(PROVIDER, "5", "t", "t", "broken");

    assertThat(call(queue, WORKER, false)).containsExactly("200", "Consumer uptodate = 0");
    assertThat(consumer(queue, WORKER)).containsExactly(PROVIDER, "5", "t", "f", "broken");
  }

  @Test
  void is_true_or_false() {
    assertThat(refusal(leaf(5), WORKER, null).state()).isEqualTo(NOT_NULL_VIOLATION);
  }

  @Test
  void the_consumer_must_be_known() {
    String queue = leaf(5);

    assertThat(call(queue, "stranger", true))
        .containsExactly("404", "Consumer not known: " + queue + "/stranger");
    assertThat(call("nowhere", WORKER, true))
        .containsExactly("404", "Consumer not known: nowhere/" + WORKER);
    assertThat(call(null, WORKER, true)).containsExactly("404", null);
    assertThat(call(queue, null, true)).containsExactly("404", null);
  }
}
