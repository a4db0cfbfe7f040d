package dev.jlondiste.contract.pgqnode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

@Contract("pgq_node.set_global_watermark")
class SetGlobalWatermarkIT extends NodeContract {
  private static List<String> moved(long tick) {
    return List.of("200", "Global watermark set to " + tick);
  }

  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "set_global_watermark(i_queue_name text, i_watermark bigint, OUT ret_code integer,"
                + " OUT ret_note text) returns record security definer");
    assertThat(callers()).isEqualTo(ADMINS);
  }

  @Test
  void a_root_moves_it_and_tells_the_others() {
    String queue = root();
    tick(queue);

    assertThat(call(queue, 2L)).isEqualTo(moved(2));

    assertThat(positions(queue)).containsExactly(".global_watermark 2");
    assertThat(consumer(queue, WORKER)).containsExactly(HERE, "2", "f", "f", null);
    assertThat(events(queue))
        .containsExactly(Arrays.asList("pgq.global-watermark", "2", queue, null, null, null));
  }

  @Test
  void without_a_tick_a_root_takes_its_local_watermark() {
    String queue = root();
    tick(queue);

    assertThat(call(queue, null)).isEqualTo(moved(2));

    assertThat(positions(queue)).containsExactly(".global_watermark 2");
  }

  @Test
  void what_a_subtree_still_needs_holds_it_back() {
    String queue = root();
    tick(queue);
    subscribe(queue, 2L);
    assertThat(call(queue, null)).isEqualTo(moved(1));

    run("set_subscriber_watermark", queue, OTHER, 2L);
    assertThat(call(queue, null)).isEqualTo(moved(2));
  }

  @Test
  void any_consumer_holds_it_back() {
    String queue = root();
    ask("select pgq.register_consumer(?, 'plain')", queue);
    tick(queue);

    assertThat(call(queue, null)).isEqualTo(moved(1));
  }

  @Test
  void a_root_tells_it_again() {
    String queue = root();
    call(queue, 1L);
    call(queue, 1L);

    assertThat(events(queue)).hasSize(2);
  }

  @Test
  void a_root_may_move_it_back() {
    String queue = root();
    tick(queue);
    call(queue, 2L);

    assertThat(call(queue, 1L)).isEqualTo(moved(1));

    assertThat(positions(queue)).containsExactly(".global_watermark 1");
    assertThat(consumer(queue, WORKER)).startsWith(HERE, "1");
  }

  @Test
  void a_root_must_have_the_tick() {
    String queue = root();
    List<Object> before = everything(queue);

    assertThat(refusal(queue, 77L).message()).isEqualTo("cannot reposition, tick not found: 77");

    assertThat(everything(queue)).isEqualTo(before);
  }

  @Test
  void a_root_without_ticks_has_none() {
    String queue = root();
    ask("select pgq.drop_queue(?, true)", queue);

    assertThat(refusal(queue, null).message())
        .isEqualTo("local_watermark=NULL from get_node_info()?");
  }

  @Test
  void a_branch_moves_it_and_keeps_its_position() {
    String queue = branch(5);
    tickAs(queue, 8, 1);

    assertThat(call(queue, 8L)).isEqualTo(moved(8));

    assertThat(positions(queue)).containsExactly(".global_watermark 8");
    assertThat(consumer(queue, WORKER)).containsExactly(PROVIDER, "5", "f", "f", null);
    assertThat(events(queue)).isEmpty();
  }

  @Test
  void a_branch_skips_a_tick_that_it_does_not_have() {
    String queue = branch(5);
    List<Object> before = everything(queue);

    assertThat(call(queue, 4L)).containsExactly("200", "Skipping global watermark update to 4");
    assertThat(call(queue, 6L)).containsExactly("200", "Skipping global watermark update to 6");

    assertThat(everything(queue)).isEqualTo(before);
  }

  @Test
  void a_tick_of_another_queue_is_none() {
    String queue = branch(5);
    branch(6);

    assertThat(call(queue, 6L)).containsExactly("200", "Skipping global watermark update to 6");
  }

  @Test
  void a_branch_does_not_find_it_by_itself() {
    String queue = branch(5);

    assertThat(call(queue, null)).containsExactly("500", "bad usage: wm=null on branch node");

    assertThat(positions(queue)).containsExactly(".global_watermark 5");
  }

  @Test
  void a_leaf_has_nothing_to_move() {
    String queue = leaf(5);
    List<Object> before = everything(queue);
    List<String> ignored = List.of("100", "Ignoring global watermark in leaf");

    assertThat(call(queue, 6L)).isEqualTo(ignored);
    assertThat(call(queue, null)).isEqualTo(ignored);

    assertThat(everything(queue)).isEqualTo(before);
  }

  @Test
  void the_queue_must_have_a_node_here() {
    assertThat(call("nowhere", 1L)).containsExactly("404", "Queuenowhere not found");
    assertThat(call(null, 1L)).containsExactly("404", null);
  }

  @Test
  void waits_for_the_node() {
    String queue = branch(5);

    assertWaitsForTheNodeOf(queue, queue, 5L);
  }
}
