package dev.jlondiste.contract.pgqnode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.Session;
import java.util.List;
import org.junit.jupiter.api.Test;

@Contract("pgq_node.unregister_subscriber")
class UnregisterSubscriberIT extends NodeContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "unregister_subscriber(i_queue_name text, i_remote_node_name text,"
                + " OUT ret_code integer, OUT ret_note text) returns record security definer");
    assertThat(callers()).isEqualTo(MEMBERS);
  }

  @Test
  void both_its_consumers_go() {
    String queue = branch(5);
    ask("select pgq.register_consumer(?, 'plain')", queue);
    subscribe(queue, null);

    assertThat(call(queue, OTHER)).containsExactly("200", "Subscriber unregistered: other");

    assertThat(subscribers(queue)).isEmpty();
    assertThat(positions(queue)).containsExactly(".global_watermark 5", "plain 5");
    assertThat(locations(queue)).contains("other dbname=other");
  }

  @Test
  void its_open_batch_goes_with_it() {
    String queue = root();
    subscribe(queue, null);
    tick(queue);
    long batch = number("select pgq.next_batch(?, ?)", queue, OTHER_WORKER);

    assertThat(call(queue, OTHER)).startsWith("200");

    assertThat(rows("select 1 from pgq.subscription where sub_batch = ?", batch)).isEmpty();
  }

  @Test
  void its_subscription_elsewhere_stays() {
    String queue = branch(5);
    String neighbour = branch(5);
    subscribe(queue, null);
    subscribe(neighbour, null);
    List<Object> before = everything(neighbour);

    assertThat(call(queue, OTHER)).startsWith("200");

    assertThat(everything(neighbour)).isEqualTo(before);
    assertThat(call(neighbour, OTHER)).startsWith("200");
  }

  @Test
  void who_is_no_subscriber_is_told() {
    String queue = branch(5);
    List<Object> before = everything(queue);
    List<String> unknown = List.of("304", "Subscriber not found");

    assertThat(call(queue, OTHER)).isEqualTo(unknown);
    assertThat(call(queue, null)).isEqualTo(unknown);
    assertThat(call("nowhere", OTHER)).isEqualTo(unknown);
    assertThat(call(null, OTHER)).isEqualTo(unknown);

    assertThat(everything(queue)).isEqualTo(before);
  }

  @Test
  void a_node_may_subscribe_again() {
    String queue = branch(5);
    subscribe(queue, null);
    call(queue, OTHER);

    subscribe(queue, null);

    assertThat(subscribers(queue)).hasSize(1);
  }

  @Test
  void a_reader_needs_no_more_than_the_call() {
    String queue = branch(5);
    subscribe(queue, null);
    try (Session reader = open().as("pgq_reader")) {
      assertThat(callIn(reader, queue, OTHER)).startsWith("200");
    }
  }
}
