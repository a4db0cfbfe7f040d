package dev.jlondiste.contract.pgqnode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import java.util.List;
import org.junit.jupiter.api.Test;

@Contract("pgq_node.get_subscriber_info")
class GetSubscriberInfoIT extends NodeContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "get_subscriber_info(i_queue_name text, OUT node_name text, OUT worker_name text,"
                + " OUT node_watermark bigint) returns SETOF record security definer");
    assertThat(callers()).isEqualTo(MEMBERS);
  }

  @Test
  void gives_what_each_subtree_still_needs_by_name() {
    String queue = branch(5);
    tickAs(queue, 8, 1);
    run("register_location", queue, "another", "dbname=another", false);
    subscribe(queue, 8L);
    run("register_subscriber", queue, "another", "another_worker", null);
    run("set_subscriber_watermark", queue, OTHER, 8L);

    assertThat(callAll(queue))
        .containsExactly(
            List.of("another", "another_worker", "5"), List.of(OTHER, OTHER_WORKER, "8"));
  }

  @Test
  void others_have_none() {
    String queue = branch(5);
    subscribe(branch(5), null);
    ask("select pgq.register_consumer(?, 'plain')", queue);

    assertThat(callAll(queue)).isEmpty();
    assertThat(callAll("nowhere")).isEmpty();
    assertThat(callAll((Object) null)).isEmpty();
  }
}
