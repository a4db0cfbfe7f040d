package dev.jlondiste.contract.pgqnode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

@Contract("pgq_node.get_consumer_info")
class GetConsumerInfoIT extends NodeContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "get_consumer_info(i_queue_name text, OUT consumer_name text,"
                + " OUT provider_node text, OUT last_tick_id bigint, OUT paused boolean,"
                + " OUT uptodate boolean, OUT cur_error text) returns SETOF record"
                + " security definer");
    assertThat(callers()).isEqualTo(MEMBERS);
  }

  @Test
  void gives_the_worker_and_all_others_by_name() {
    String queue = leaf(5);
    run("register_consumer", queue, "late", OTHER, 3L);
    run("register_consumer", queue, "early", OTHER, 9L);
    run("set_consumer_error", queue, "early", "broken");
    run("set_consumer_paused", queue, WORKER, true);
    run("set_consumer_uptodate", queue, WORKER, true);

    assertThat(callAll(queue))
        .containsExactly(
            List.of("early", OTHER, "9", "f", "f", "broken"),
            Arrays.asList(WORKER, PROVIDER, "5", "t", "t", null),
            Arrays.asList("late", OTHER, "3", "f", "f", null));
  }

  @Test
  void plain_consumers_of_the_queue_are_not_cascaded() {
    String queue = branch(5);
    ask("select pgq.register_consumer(?, 'plain')", queue);

    assertThat(callAll(queue)).hasSize(1);
  }

  @Test
  void an_unknown_queue_has_none() {
    assertThat(callAll("nowhere")).isEmpty();
    assertThat(callAll((Object) null)).isEmpty();
  }
}
