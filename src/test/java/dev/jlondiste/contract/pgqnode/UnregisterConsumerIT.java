package dev.jlondiste.contract.pgqnode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import java.util.List;
import org.junit.jupiter.api.Test;

@Contract("pgq_node.unregister_consumer")
class UnregisterConsumerIT extends NodeContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "unregister_consumer(i_queue_name text, i_consumer_name text, OUT ret_code integer,"
                + " OUT ret_note text) returns record security definer");
    assertThat(callers()).isEqualTo(WRITERS);
  }

  @Test
  void its_state_is_forgotten() {
    String queue = leaf(5);
    run("register_consumer", queue, "c", OTHER, 7L);

    assertThat(call(queue, "c")).containsExactly("200", "Consumer c unregistered from " + queue);

    assertThat(run("get_consumer_info", queue)).startsWith(WORKER);
  }

  @Test
  void an_unknown_one_is_forgotten_already() {
    String queue = leaf(5);
    List<Object> before = everything(queue);

    assertThat(call(queue, "c")).containsExactly("200", "Consumer c unregistered from " + queue);
    assertThat(call(queue, null)).containsExactly("200", null);

    assertThat(everything(queue)).isEqualTo(before);
  }

  @Test
  void consumers_of_other_queues_stay() {
    String queue = leaf(5);
    String neighbour = leaf(5);
    List<Object> before = everything(neighbour);

    assertThat(call(queue, WORKER)).startsWith("200");

    assertThat(everything(neighbour)).isEqualTo(before);
  }

  @Test
  void the_queue_must_have_a_node_here() {
    assertThat(call("nowhere", "c")).containsExactly("404", "Unknown queue: nowhere");
    assertThat(call(null, "c")).containsExactly("404", null);
  }
}
