package dev.jlondiste.contract.pgqnode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@Contract("pgq_node.get_worker_state")
class GetWorkerStateIT extends NodeContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "get_worker_state(i_queue_name text, OUT ret_code integer, OUT ret_note text,"
                + " OUT node_type text, OUT node_name text, OUT completed_tick bigint,"
                + " OUT provider_node text, OUT provider_location text, OUT paused boolean,"
                + " OUT uptodate boolean, OUT cur_error text, OUT worker_name text,"
                + " OUT global_watermark bigint, OUT local_watermark bigint,"
                + " OUT local_queue_top bigint, OUT combined_queue text, OUT combined_type text)"
                + " returns record security definer");
    assertThat(callers()).isEqualTo(ADMINS);
  }

  @Test
  void tells_everything_about_a_root() {
    String queue = root();
    tick(queue);

    assertThat(call(queue))
        .containsExactly(
            "100",
            "Ok",
            "root",
            HERE,
            "1",
            HERE,
            "dbname=here",
            "f",
            "f",
            null,
            WORKER,
            "1",
            "2",
            "2",
            null,
            null);
  }

  @Test
  void tells_everything_about_a_branch() {
    String queue = branch(5);
    tickAs(queue, 8, 1);
    subscribe(queue, 8L);
    run("set_consumer_paused", queue, WORKER, true);
    run("set_consumer_uptodate", queue, WORKER, true);
    run("set_consumer_error", queue, WORKER, "broken");

    assertThat(call(queue))
        .containsExactly(
            "100",
            "Ok",
            "branch",
            HERE,
            "5",
            PROVIDER,
            "dbname=provider",
            "t",
            "t",
            "broken",
            WORKER,
            "5",
            "5",
            "8",
            null,
            null);
  }

  @Test
  void a_leaf_has_no_queue_of_its_own() {
    assertThat(call(leaf(5))).isEqualTo(stateOfLeaf(null, null));
  }

  @Test
  void a_merge_leaf_feeds_another() {
    String combined = root();
    assertThat(call(mergeLeaf(5, combined))).isEqualTo(stateOfLeaf(combined, "root"));
  }

  private static List<@Nullable String> stateOfLeaf(
      @Nullable String combinedQueue, @Nullable String combinedType) {
    return Arrays.asList(
        "100",
        "Ok",
        "leaf",
        HERE,
        "5",
        PROVIDER,
        "dbname=provider",
        "f",
        "f",
        null,
        WORKER,
        null,
        "5",
        null,
        combinedQueue,
        combinedType);
  }

  @Test
  void the_queue_to_feed_needs_a_node() {
    String combined = members();
    ask("select pgq.create_queue(?)", combined);

    assertThat(call(mergeLeaf(5, combined)))
        .startsWith("404", "Combinde queue node not found: " + combined, "leaf", HERE, "5");
  }

  @Test
  void an_unknown_queue_is_told() {
    List<@Nullable String> expected = new ArrayList<>(Collections.nCopies(16, null));
    expected.set(0, "404");
    assertThat(call((Object) null)).isEqualTo(expected);

    expected.set(1, "Unknown queue: nowhere");
    assertThat(call("nowhere")).isEqualTo(expected);
  }

  @Test
  void an_unregistered_worker_is_told() {
    String queue = branch(5);
    run("unregister_consumer", queue, WORKER);

    assertThat(call(queue))
        .containsExactly(
            "404",
            "Unknown consumer: " + queue + "/" + WORKER,
            "branch",
            HERE,
            null,
            null,
            null,
            null,
            null,
            null,
            WORKER,
            null,
            null,
            null,
            null,
            null);
  }
}
