package dev.jlondiste.contract.pgqnode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@Contract("pgq_node.get_consumer_state")
class GetConsumerStateIT extends NodeContract {
  private static List<@Nullable String> notFound(@Nullable String... known) {
    List<@Nullable String> row = new ArrayList<>(Collections.nCopies(10, null));
    row.set(0, "404");
    for (int i = 0; i < known.length; i++) {
      row.set(i + 1, known[i]);
    }
    return row;
  }

  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "get_consumer_state(i_queue_name text, i_consumer_name text, OUT ret_code integer,"
                + " OUT ret_note text, OUT node_type text, OUT node_name text,"
                + " OUT completed_tick bigint, OUT provider_node text,"
                + " OUT provider_location text, OUT paused boolean, OUT uptodate boolean,"
                + " OUT cur_error text) returns record security definer");
    assertThat(callers()).isEqualTo(MEMBERS);
  }

  @Test
  void tells_what_a_round_begins_with() {
    String queue = leaf(5);

    assertThat(call(queue, WORKER))
        .containsExactly(
            "100", "Ok", "leaf", HERE, "5", PROVIDER, "dbname=provider", "f", "f", null);
  }

  @Test
  void tells_what_has_happened_to_the_consumer() {
    String queue = branch(5);
    run("register_consumer", queue, "c", OTHER, 7L);
    run("set_consumer_paused", queue, "c", true);
    run("set_consumer_uptodate", queue, "c", true);
    run("set_consumer_error", queue, "c", "broken");

    assertThat(call(queue, "c"))
        .containsExactly(
            "100", "Ok", "branch", HERE, "7", OTHER, "dbname=other", "t", "t", "broken");
  }

  @Test
  void a_roots_worker_reads_from_itself() {
    assertThat(call(root(), WORKER))
        .containsExactly("100", "Ok", "root", HERE, "1", HERE, "dbname=here", "f", "f", null);
  }

  @Test
  void a_new_location_of_the_provider_is_seen() {
    String queue = leaf(5);
    run("register_location", queue, PROVIDER, "dbname=moved", false);

    assertThat(call(queue, WORKER)).contains("dbname=moved");
  }

  @Test
  void an_unknown_queue_is_told() {
    assertThat(call("nowhere", WORKER)).isEqualTo(notFound("Unknown queue: nowhere"));
    assertThat(call(null, WORKER)).isEqualTo(notFound());
  }

  @Test
  void an_unknown_consumer_learns_its_node() {
    String queue = leaf(5);

    assertThat(call(queue, "stranger"))
        .isEqualTo(notFound("Unknown consumer: " + queue + "/stranger", "leaf", HERE));
    assertThat(call(queue, null)).isEqualTo(notFound(null, "leaf", HERE));
  }

  @Test
  void a_provider_without_location_is_told() {
    String queue = leaf(5);
    db().executeAsReplica(
            "delete from pgq_node.node_location where node_name = 'provider' and queue_name = '"
                + queue
                + "'");

    assertThat(call(queue, WORKER))
        .startsWith("404", "Unknown provider node: " + queue + "/" + PROVIDER, "leaf", HERE, "5");
  }
}
