package dev.jlondiste.contract.pgqnode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import java.util.List;
import org.junit.jupiter.api.Test;

@Contract("pgq_node.unregister_consumer")
class UnregisterConsumerIT extends NodeContract {
  @Test
  void isDeclaredAsClientsKnowIt() {
    assertThat(declarations())
        .containsExactly(
            "unregister_consumer(i_queue_name text, i_consumer_name text, OUT ret_code integer,"
                + " OUT ret_note text) returns record security definer");
    assertThat(callers()).isEqualTo(WRITERS);
  }

  @Test
  void itsStateIsForgotten() {
    String queue = leaf(5);
    run("register_consumer", queue, "c", OTHER, 7L);

    assertThat(call(queue, "c")).containsExactly("200", "Consumer c unregistered from " + queue);

    assertThat(run("get_consumer_info", queue)).startsWith(WORKER);
  }

  @Test
  void anUnknownOneIsForgottenAlready() {
    String queue = leaf(5);
    List<Object> before = everything(queue);

    assertThat(call(queue, "c")).containsExactly("200", "Consumer c unregistered from " + queue);
    assertThat(call(queue, null)).containsExactly("200", null);

    assertThat(everything(queue)).isEqualTo(before);
  }

  @Test
  void consumersOfOtherQueuesStay() {
    String queue = leaf(5);
    String neighbour = leaf(5);
    List<Object> before = everything(neighbour);

    assertThat(call(queue, WORKER)).startsWith("200");

    assertThat(everything(neighbour)).isEqualTo(before);
  }

  @Test
  void theQueueMustHaveANodeHere() {
    assertThat(call("nowhere", "c")).containsExactly("404", "Unknown queue: nowhere");
    assertThat(call(null, "c")).containsExactly("404", null);
  }
}
