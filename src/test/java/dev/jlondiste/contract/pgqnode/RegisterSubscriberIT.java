package dev.jlondiste.contract.pgqnode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.Session;
import java.util.List;
import org.junit.jupiter.api.Test;

@Contract("pgq_node.register_subscriber")
class RegisterSubscriberIT extends NodeContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "register_subscriber(i_queue_name text, i_remote_node_name text,"
                + " i_remote_worker_name text, i_custom_tick_id bigint, OUT ret_code integer,"
                + " OUT ret_note text, OUT global_watermark bigint) returns record"
                + " security definer");
    assertThat(callers()).isEqualTo(MEMBERS);
  }

  @Test
  void a_subscriber_starts_at_the_global_watermark() {
    String queue = branch(5);
    tickAs(queue, 8, 1);

    assertThat(call(queue, OTHER, OTHER_WORKER, null))
        .containsExactly("200", "Subscriber registered: other", "5");

    assertThat(subscribers(queue))
        .containsExactly(List.of(OTHER, OTHER_WORKER, ".other.watermark"));
    assertThat(positions(queue))
        .containsExactly(".global_watermark 5", ".other.watermark 5", "other_worker 5");
  }

  @Test
  void the_worker_may_start_elsewhere() {
    String queue = branch(5);
    tickAs(queue, 8, 1);

    assertThat(call(queue, OTHER, OTHER_WORKER, 8L))
        .containsExactly("200", "Subscriber registered: other", "5");

    assertThat(positions(queue))
        .containsExactly(".global_watermark 5", ".other.watermark 5", "other_worker 8");
  }

  @Test
  void a_root_has_subscribers_too() {
    String queue = root();
    tick(queue);

    assertThat(call(queue, OTHER, OTHER_WORKER, 2L))
        .containsExactly("200", "Subscriber registered: other", "1");
  }

  @Test
  void the_tick_must_be_here() {
    String queue = branch(5);
    List<Object> before = everything(queue);

    assertThat(refusal(queue, OTHER, OTHER_WORKER, 77L).message())
        .isEqualTo("cannot reposition, tick not found: 77");

    assertThat(everything(queue)).isEqualTo(before);
  }

  @Test
  void a_leaf_is_no_provider() {
    String queue = leaf(5);

    assertThat(call(queue, OTHER, OTHER_WORKER, null))
        .containsExactly("401", "Cannot subscribe to leaf node", null);

    assertThat(subscribers(queue)).isEmpty();
  }

  @Test
  void the_queue_must_have_a_node_here() {
    assertThat(call("nowhere", OTHER, OTHER_WORKER, null))
        .containsExactly("404", "Unknown queue: nowhere", null);
    assertThat(call(null, OTHER, OTHER_WORKER, null)).containsExactly("404", null, null);
  }

  @Test
  void the_location_must_be_known() {
    String queue = root();
    List<Object> before = everything(queue);

    assertThat(refusal(queue, "stranger", OTHER_WORKER, null).state())
        .isEqualTo(FOREIGN_KEY_VIOLATION);

    assertThat(everything(queue)).isEqualTo(before);
  }

  @Test
  void a_node_subscribes_once() {
    String queue = branch(5);
    tickAs(queue, 8, 1);
    subscribe(queue, 8L);
    List<Object> before = everything(queue);

    assertThat(refusal(queue, OTHER, "another_worker", null).state()).isEqualTo(UNIQUE_VIOLATION);

    assertThat(everything(queue)).isEqualTo(before);
  }

  @Test
  void node_and_worker_need_names() {
    String queue = root();

    assertThat(refusal(queue, null, OTHER_WORKER, null).state()).isEqualTo(NOT_NULL_VIOLATION);
    assertThat(refusal(queue, OTHER, null, null).state()).isEqualTo(NOT_NULL_VIOLATION);
  }

  @Test
  void a_reader_needs_no_more_than_the_call() {
    String queue = root();
    try (Session reader = open().as("pgq_reader")) {
      assertThat(callIn(reader, queue, OTHER, OTHER_WORKER, null)).startsWith("200");
    }
  }
}
