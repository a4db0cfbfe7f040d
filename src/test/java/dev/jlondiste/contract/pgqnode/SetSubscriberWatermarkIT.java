package dev.jlondiste.contract.pgqnode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.Session;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@Contract("pgq_node.set_subscriber_watermark")
class SetSubscriberWatermarkIT extends NodeContract {
  /** A branch with ticks 1, 5 and 8, and a subscriber at 5. */
  private String subscribed() {
    String queue = branch(5);
    tickAs(queue, 8, 1);
    subscribe(queue, null);
    return queue;
  }

  private void assertRefused(
      String queue, List<@Nullable String> refusal, @Nullable Object... arguments) {
    List<Object> before = everything(queue);

    assertThat(call(arguments)).isEqualTo(refusal);

    assertThat(everything(queue)).isEqualTo(before);
  }

  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "set_subscriber_watermark(i_queue_name text, i_node_name text, i_watermark bigint,"
                + " OUT ret_code integer, OUT ret_note text) returns record security definer");
    assertThat(callers()).isEqualTo(MEMBERS);
  }

  @Test
  void moves_ahead_and_nothing_else() {
    String queue = subscribed();

    assertThat(call(queue, OTHER, 8L)).containsExactly("200", ".other.watermark set to 8");

    assertThat(positions(queue))
        .containsExactly(".global_watermark 5", ".other.watermark 8", "other_worker 5");
  }

  @Test
  void is_not_moved_backwards() {
    String queue = subscribed();

    assertRefused(
        queue, Arrays.asList("405", "watermark must not be moved backwards"), queue, OTHER, 1L);
  }

  @Test
  void may_be_there_already() {
    String queue = subscribed();

    assertRefused(queue, Arrays.asList("100", "watermark already set"), queue, OTHER, 5L);
  }

  @Test
  void a_tick_that_is_not_here_is_an_error() {
    String queue = subscribed();
    List<Object> before = everything(queue);

    assertThat(refusal(queue, OTHER, 6L).message())
        .isEqualTo("cannot reposition, tick not found: 6");

    assertThat(everything(queue)).isEqualTo(before);
  }

  @Test
  void only_subscribers_have_one() {
    String queue = subscribed();
    // the original leaves the name of the queue out
    String named = installation().isOurs() ? queue : "";

    assertRefused(
        queue,
        Arrays.asList("404", "node stranger not subscribed to queue " + named),
        queue,
        "stranger",
        8L);
    assertThat(call("nowhere", OTHER, 8L)).startsWith("404");
  }

  @Test
  void without_a_tick_nothing_moves() {
    String queue = subscribed();
    List<Object> before = everything(queue);

    assertThat(call(queue, OTHER, null)).containsExactly("200", null);

    assertThat(everything(queue)).isEqualTo(before);
  }

  @Test
  void null_is_nobody() {
    assumeOurs("skipped: the reference goes on without having found it");
    String queue = subscribed();

    assertRefused(queue, List.of("404", "node other not subscribed to queue "), null, OTHER, 8L);
    assertRefused(queue, Arrays.asList("404", null), queue, null, 8L);
  }

  @Test
  void a_reader_needs_no_more_than_the_call() {
    String queue = subscribed();
    try (Session reader = open().as("pgq_reader")) {
      assertThat(callIn(reader, queue, OTHER, 8L)).startsWith("200");
    }
  }
}
