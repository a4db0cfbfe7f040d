package dev.jlondiste.contract.pgqnode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.Session;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

@Contract("pgq_node.create_node")
class CreateNodeIT extends NodeContract {
  private static List<String> created(String queue, String type) {
    return List.of(
        "200", "Node \"here\" initialized for queue \"" + queue + "\" with type \"" + type + "\"");
  }

  private void assertNothingIsThere(String queue) {
    assertThat(node(queue)).isEmpty();
    assertThat(hasQueue(queue)).isFalse();
  }

  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "create_node(i_queue_name text, i_node_type text, i_node_name text,"
                + " i_worker_name text, i_provider_name text, i_global_watermark bigint,"
                + " i_combined_queue text, OUT ret_code integer, OUT ret_note text)"
                + " returns record security definer");
    assertThat(callers()).isEqualTo(ADMINS);
  }

  @Test
  void a_root_gets_a_queue_and_reads_from_itself() {
    String queue = members();

    assertThat(call(queue, "root", HERE, WORKER, null, null, null))
        .isEqualTo(created(queue, "root"));

    assertThat(node(queue)).containsExactly(Arrays.asList("root", HERE, WORKER, null, null));
    assertThat(consumer(queue, WORKER)).containsExactly(HERE, "1", "f", "f", null);
    assertThat(flags(queue)).containsExactly("f", "f");
    assertThat(ticks(queue)).containsExactly("1");
    assertThat(positions(queue)).containsExactly(".global_watermark 1");
    assertThat(events(queue)).isEmpty();
  }

  @Test
  void a_queue_that_is_there_becomes_the_roots_at_its_newest_tick() {
    String queue = members();
    ask("select pgq.create_queue(?)", queue);
    ask("update pgq.queue set queue_external_ticker = true where queue_name = ?", queue);
    tickAs(queue, 5, 10);
    ask("update pgq.queue set queue_external_ticker = false where queue_name = ?", queue);

    assertThat(call(queue, "root", HERE, WORKER, null, null, null)).startsWith("200");

    assertThat(consumer(queue, WORKER)).startsWith(HERE, "5");
    assertThat(positions(queue)).containsExactly(".global_watermark 5");
    assertThat(ticks(queue)).containsExactly("1", "5");
  }

  @Test
  void a_root_has_no_provider_watermark_or_combined_queue() {
    String queue = members();
    List<String> refused = List.of("401", "unexpected args for root");

    assertThat(call(queue, "root", HERE, WORKER, HERE, null, null)).isEqualTo(refused);
    assertThat(call(queue, "root", HERE, WORKER, null, 1L, null)).isEqualTo(refused);
    assertThat(call(queue, "root", HERE, WORKER, null, null, "x")).isEqualTo(refused);

    assertNothingIsThere(queue);
  }

  @Test
  void a_branch_gets_a_queue_that_only_its_worker_fills() {
    String queue = members();

    assertThat(call(queue, "branch", HERE, WORKER, PROVIDER, 10L, null))
        .isEqualTo(created(queue, "branch"));

    assertThat(node(queue)).containsExactly(Arrays.asList("branch", HERE, WORKER, null, null));
    assertThat(consumer(queue, WORKER)).containsExactly(PROVIDER, "10", "f", "f", null);
    assertThat(flags(queue)).containsExactly("t", "t");
    assertThat(positions(queue)).containsExactly(".global_watermark 10");
  }

  @Test
  void a_branch_keeps_tick_one_besides_the_watermark() {
    String queue = branch(10);

    assertThat(ticks(queue)).containsExactly("1", "10");
    assertThat(
            rows(
                "select tick_event_seq, pgq.seq_getval(queue_tick_seq),"
                    + " pgq.seq_getval(queue_event_seq) from pgq.tick"
                    + " join pgq.queue on queue_id = tick_queue"
                    + " where queue_name = ? and tick_id = 10",
                queue))
        .containsExactly(List.of("1", "10", "1"));
  }

  @Test
  void a_branch_at_tick_one_has_it_already() {
    String queue = branch(1);

    assertThat(ticks(queue)).containsExactly("1");
    assertThat(positions(queue)).containsExactly(".global_watermark 1");
  }

  @Test
  void a_branch_starts_at_a_tick() {
    String queue = members();

    assertThat(refusal(queue, "branch", HERE, WORKER, PROVIDER, 0L, null).message())
        .isEqualTo("cannot reposition, tick not found: 0");

    assertNothingIsThere(queue);
  }

  @Test
  void a_branch_needs_provider_and_watermark() {
    String queue = members();

    assertThat(call(queue, "branch", HERE, WORKER, null, null, null))
        .containsExactly("401", "provider not set for branch");
    assertThat(call(queue, "branch", HERE, WORKER, null, 1L, null))
        .containsExactly("401", "provider not set for branch");
    assertThat(call(queue, "branch", HERE, WORKER, PROVIDER, null, null))
        .containsExactly("401", "global watermark not set for branch");

    assertNothingIsThere(queue);
  }

  @Test
  void a_branch_feeds_no_other_queue() {
    String queue = members();

    assertThat(refusal(queue, "branch", HERE, WORKER, PROVIDER, 1L, root()).state())
        .isEqualTo(CHECK_VIOLATION);

    assertNothingIsThere(queue);
  }

  @Test
  void a_leaf_gets_no_queue() {
    String queue = members();

    assertThat(call(queue, "leaf", HERE, WORKER, PROVIDER, 10L, null))
        .isEqualTo(created(queue, "leaf"));

    assertThat(node(queue)).containsExactly(Arrays.asList("leaf", HERE, WORKER, null, null));
    assertThat(consumer(queue, WORKER)).containsExactly(PROVIDER, "10", "f", "f", null);
    assertThat(hasQueue(queue)).isFalse();
  }

  @Test
  void a_merge_leaf_knows_the_queue_that_it_feeds() {
    String queue = members();
    String combined = root();

    assertThat(call(queue, "leaf", HERE, WORKER, PROVIDER, 10L, combined)).startsWith("200");

    assertThat(node(queue)).containsExactly(Arrays.asList("leaf", HERE, WORKER, combined, null));
    assertThat(hasQueue(queue)).isFalse();
  }

  @Test
  void the_queue_to_feed_must_be_there() {
    String queue = members();

    assertThat(call(queue, "leaf", HERE, WORKER, PROVIDER, 10L, "nowhere"))
        .containsExactly("401", "non-existing queue on leaf side: nowhere");

    assertNothingIsThere(queue);
  }

  @Test
  void a_queue_has_one_node_in_a_database() {
    for (String queue : List.of(root(), branch(7), leaf(7))) {
      List<Object> before = everything(queue);
      List<String> refused = List.of("401", "Node already initialized");

      assertThat(call(queue, "root", HERE, WORKER, null, null, null)).isEqualTo(refused);
      assertThat(call(queue, "leaf", OTHER, OTHER_WORKER, PROVIDER, 9L, null)).isEqualTo(refused);
      assertThat(call(queue, "no such type", null, null, null, null, null)).isEqualTo(refused);

      assertThat(everything(queue)).isEqualTo(before);
    }
  }

  @Test
  void there_are_three_types() {
    String queue = members();

    if (installation().isOurs()) {
      assertThat(call(queue, "master", HERE, WORKER, PROVIDER, 1L, null))
          .containsExactly("401", "bad node type: master");
      assertThat(call(queue, null, HERE, WORKER, PROVIDER, 1L, null))
          .containsExactly("401", "bad node type: NULL");
    } else {
      // forgets to return after its note, and runs into the constraints
      assertThat(refusal(queue, "master", HERE, WORKER, PROVIDER, 1L, null).state())
          .isEqualTo(CHECK_VIOLATION);
      assertThat(refusal(queue, null, HERE, WORKER, PROVIDER, 1L, null).state())
          .isEqualTo(NOT_NULL_VIOLATION);
    }

    assertNothingIsThere(queue);
  }

  @Test
  void the_locations_must_be_known() {
    String queue = members();

    assertThat(refusal(queue, "root", "stranger", WORKER, null, null, null).state())
        .isEqualTo(FOREIGN_KEY_VIOLATION);
    assertThat(refusal(queue, "branch", HERE, WORKER, "stranger", 1L, null).state())
        .isEqualTo(FOREIGN_KEY_VIOLATION);
    assertThat(refusal(queue, "leaf", HERE, WORKER, "stranger", 1L, null).state())
        .isEqualTo(FOREIGN_KEY_VIOLATION);

    assertNothingIsThere(queue);
  }

  @Test
  void every_node_needs_name_and_worker() {
    String queue = members();

    assertThat(refusal(queue, "root", null, WORKER, null, null, null).state())
        .isEqualTo(NOT_NULL_VIOLATION);
    assertThat(refusal(queue, "root", HERE, null, null, null, null).state())
        .isEqualTo(CHECK_VIOLATION);
    assertThat(refusal(queue, "branch", HERE, null, PROVIDER, 1L, null).state())
        .isEqualTo(CHECK_VIOLATION);
    assertThat(refusal(queue, "leaf", HERE, null, PROVIDER, 1L, null).state())
        .isEqualTo(CHECK_VIOLATION);
    assertThat(refusal(null, "root", HERE, WORKER, null, null, null).message())
        .isEqualTo("Invalid NULL value");

    assertNothingIsThere(queue);
  }

  @Test
  void a_leaf_needs_provider_and_position() {
    String queue = members();

    assertThat(refusal(queue, "leaf", HERE, WORKER, null, 1L, null).state())
        .isEqualTo(NOT_NULL_VIOLATION);
    assertThat(refusal(queue, "leaf", HERE, WORKER, PROVIDER, null, null).state())
        .isEqualTo(NOT_NULL_VIOLATION);

    assertNothingIsThere(queue);
  }

  @Test
  void an_admin_needs_no_more_than_the_call() {
    String queue = members();
    try (Session admin = open().as("pgq_admin")) {
      assertThat(callIn(admin, queue, "branch", HERE, WORKER, PROVIDER, 9L, null))
          .startsWith("200");
    }
  }
}
