package dev.jlondiste.contract.pgqnode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.Session;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@Contract("pgq_node.register_consumer")
class RegisterConsumerIT extends NodeContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "register_consumer(i_queue_name text, i_consumer_name text, i_provider_node text,"
                + " i_custom_tick_id bigint, OUT ret_code integer, OUT ret_note text)"
                + " returns record security definer");
    assertThat(callers()).isEqualTo(WRITERS);
  }

  @Test
  void a_consumer_runs_and_is_not_uptodate() {
    String queue = leaf(5);

    assertThat(call(queue, "c", OTHER, 7L))
        .containsExactly("200", "Consumer c registered on queue " + queue);

    assertThat(consumer(queue, "c")).containsExactly(OTHER, "7", "f", "f", null);
  }

  @Test
  void the_providers_side_is_not_touched() {
    String queue = branch(5);
    List<@Nullable String> before = positions(queue);

    assertThat(call(queue, "c", HERE, 5L)).startsWith("200");

    assertThat(positions(queue)).isEqualTo(before);
  }

  @Test
  void a_second_call_replaces_provider_and_position_only() {
    String queue = leaf(5);
    call(queue, "c", OTHER, 7L);
    run("set_consumer_paused", queue, "c", true);
    run("set_consumer_uptodate", queue, "c", true);
    run("set_consumer_error", queue, "c", "broken");

    assertThat(call(queue, "c", PROVIDER, 3L))
        .containsExactly("201", "Consumer already registered: " + queue + "/c");

    assertThat(consumer(queue, "c")).containsExactly(PROVIDER, "3", "t", "t", "broken");
  }

  @Test
  void the_queue_must_have_a_node_here() {
    String queue = members();

    assertThat(call(queue, "c", OTHER, 1L)).containsExactly("404", "Unknown queue: " + queue);
    assertThat(call(null, "c", OTHER, 1L)).containsExactly("404", null);
  }

  @Test
  void the_provider_must_be_known() {
    String queue = leaf(5);

    assertThat(refusal(queue, "c", "stranger", 1L).state()).isEqualTo(FOREIGN_KEY_VIOLATION);
  }

  @Test
  void nulls_are_refused() {
    String queue = leaf(5);
    List<Object> before = everything(queue);

    assertThat(refusal(queue, null, OTHER, 1L).state()).isEqualTo(NOT_NULL_VIOLATION);
    assertThat(refusal(queue, "c", null, 1L).state()).isEqualTo(NOT_NULL_VIOLATION);
    assertThat(refusal(queue, "c", OTHER, null).state()).isEqualTo(NOT_NULL_VIOLATION);
    assertThat(refusal(queue, WORKER, OTHER, null).state()).isEqualTo(NOT_NULL_VIOLATION);

    assertThat(everything(queue)).isEqualTo(before);
  }

  @Test
  void a_writer_needs_no_more_than_the_call() {
    String queue = leaf(5);
    try (Session writer = open().as("pgq_writer")) {
      assertThat(callIn(writer, queue, "c", OTHER, 1L)).startsWith("200");
    }
  }
}
