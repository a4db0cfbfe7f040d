package dev.jlondiste.contract.pgqnode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

@Contract("pgq_node.promote_branch")
class PromoteBranchIT extends NodeContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "promote_branch(i_queue_name text, OUT ret_code integer, OUT ret_note text)"
                + " returns record security definer");
    assertThat(callers()).isEqualTo(ADMINS);
  }

  @Test
  void the_branch_becomes_the_root() {
    String queue = branch(5);
    tickAs(queue, 9, 100);
    run("set_consumer_paused", queue, WORKER, true);
    run("set_consumer_uptodate", queue, WORKER, true);
    run("set_consumer_error", queue, WORKER, "broken");

    assertThat(call(queue)).containsExactly("200", "Branch node promoted to root");

    assertThat(node(queue)).containsExactly(Arrays.asList("root", HERE, WORKER, null, null));
    assertThat(flags(queue)).containsExactly("f", "f");
    assertThat(consumer(queue, WORKER)).containsExactly(HERE, "9", "t", "f", "broken");
    assertThat(ticks(queue)).containsExactly("1", "5", "9");
    assertThat(positions(queue)).containsExactly(".global_watermark 5");
  }

  @Test
  void ticks_and_events_go_on_above_those_of_the_old_root() {
    String queue = branch(5);
    tickAs(queue, 9, 100);
    ask("update pgq.queue set queue_ticker_max_lag = '0'");

    call(queue);

    assertThat(number("select pgq.insert_event(?, 'I', 'new')", queue)).isEqualTo(101);
    assertThat(tick(queue)).isEqualTo(10);
  }

  @Test
  void the_sequence_follows_ticks_that_did_not_raise_it() {
    String queue = branch(5);
    ask(
        "insert into pgq.tick (tick_queue, tick_id, tick_event_seq)"
            + " select queue_id, 20, 7 from pgq.queue where queue_name = ?",
        queue);
    ask("update pgq.queue set queue_ticker_max_lag = '0', queue_ticker_idle_period = '0'");

    call(queue);

    ask("select pgq.insert_event(?, 'I', 'new')", queue);
    assertThat(tick(queue)).isEqualTo(21);
    assertThat(consumer(queue, WORKER)).startsWith(HERE, "20");
  }

  @Test
  void only_a_branch_can_be() {
    for (String queue : List.of(root(), leaf(5))) {
      List<Object> before = everything(queue);

      assertThat(call(queue)).containsExactly("301", "Node not branch");

      assertThat(everything(queue)).isEqualTo(before);
    }
  }

  @Test
  void the_queue_must_have_a_node_here() {
    assertThat(call("nowhere")).containsExactly("404", "Node not initialized for queue: nowhere");
    assertThat(call((Object) null)).containsExactly("404", null);
  }

  @Test
  void waits_for_the_node() {
    String queue = branch(5);

    assertWaitsForTheNodeOf(queue, queue);
  }
}
