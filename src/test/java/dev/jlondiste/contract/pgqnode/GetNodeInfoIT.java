package dev.jlondiste.contract.pgqnode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.Session;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@Contract("pgq_node.get_node_info")
class GetNodeInfoIT extends NodeContract {
  private static final int RET_CODE = 0;
  private static final int GLOBAL_WATERMARK = 4;
  private static final int LOCAL_WATERMARK = 5;
  private static final int COMBINED_QUEUE = 8;
  private static final int COMBINED_TYPE = 9;
  private static final int WORKER_LAST_TICK = 13;
  private static final int TARGET_FOR = 15;

  private @Nullable String field(String queue, int field) {
    return call(queue).get(field);
  }

  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "get_node_info(i_queue_name text, OUT ret_code integer, OUT ret_note text,"
                + " OUT node_type text, OUT node_name text, OUT global_watermark bigint,"
                + " OUT local_watermark bigint, OUT provider_node text,"
                + " OUT provider_location text, OUT combined_queue text, OUT combined_type text,"
                + " OUT worker_name text, OUT worker_paused boolean,"
                + " OUT worker_uptodate boolean, OUT worker_last_tick bigint,"
                + " OUT node_attrs text, OUT target_for text[]) returns record"
                + " security definer");
    assertThat(callers()).isEqualTo(MEMBERS);
  }

  @Test
  void tells_everything_about_a_root() {
    assertThat(call(root()))
        .containsExactly(
            "100",
            "Ok",
            "root",
            HERE,
            "1",
            "1",
            HERE,
            "dbname=here",
            null,
            null,
            WORKER,
            "f",
            "f",
            "1",
            null,
            null);
  }

  @Test
  void tells_everything_about_a_branch() {
    assertThat(call(branch(5)))
        .containsExactly(
            "100",
            "Ok",
            "branch",
            HERE,
            "5",
            "5",
            PROVIDER,
            "dbname=provider",
            null,
            null,
            WORKER,
            "f",
            "f",
            "5",
            null,
            null);
  }

  @Test
  void tells_everything_about_a_leaf() {
    String queue = leaf(5);
    run("set_node_attrs", queue, "a=b");
    run("set_consumer_paused", queue, WORKER, true);
    run("set_consumer_uptodate", queue, WORKER, true);
    run("set_consumer_completed", queue, WORKER, 6L);

    assertThat(call(queue))
        .containsExactly(
            "100",
            "Ok",
            "leaf",
            HERE,
            null,
            "6",
            PROVIDER,
            "dbname=provider",
            null,
            null,
            WORKER,
            "t",
            "t",
            "6",
            "a=b",
            null);
  }

  @Test
  void an_unknown_queue_is_told() {
    for (String queue : Arrays.asList("nowhere", null)) {
      List<@Nullable String> expected = new ArrayList<>(Collections.nCopies(16, null));
      expected.set(0, "404");
      expected.set(1, queue == null ? null : "Unknown queue: nowhere");

      assertThat(call(queue)).isEqualTo(expected);
    }
  }

  @Test
  void the_worker_of_a_root_is_where_its_queue_is() {
    String queue = root();
    tick(queue);

    assertThat(field(queue, WORKER_LAST_TICK)).isEqualTo("2");
    assertThat(consumer(queue, WORKER)).startsWith(HERE, "1");
  }

  @Test
  void the_worker_of_a_branch_is_where_its_position_is() {
    String queue = branch(5);
    tickAs(queue, 8, 1);

    assertThat(field(queue, WORKER_LAST_TICK)).isEqualTo("5");
  }

  @Test
  void without_consumers_the_local_watermark_is_the_newest_tick() {
    String queue = branch(5);
    tickAs(queue, 8, 1);

    assertThat(field(queue, LOCAL_WATERMARK)).isEqualTo("8");
    assertThat(field(queue, GLOBAL_WATERMARK)).isEqualTo("5");
  }

  @Test
  void the_local_watermark_is_the_last_of_all_consumers() {
    String queue = branch(5);
    tickAs(queue, 8, 1);
    ask("select pgq.register_consumer_at(?, 'fast', 8)", queue);
    assertThat(field(queue, LOCAL_WATERMARK)).isEqualTo("8");

    ask("select pgq.register_consumer_at(?, 'slow', 1)", queue);
    assertThat(field(queue, LOCAL_WATERMARK)).isEqualTo("1");
  }

  @Test
  void the_local_watermark_leaves_the_global_one_out() {
    String queue = branch(5);
    tickAs(queue, 8, 1);
    ask("select pgq.register_consumer_at(?, 'c', 8)", queue);

    assertThat(field(queue, GLOBAL_WATERMARK)).isEqualTo("5");
    assertThat(field(queue, LOCAL_WATERMARK)).isEqualTo("8");
  }

  @Test
  void the_local_watermark_counts_what_a_subscribers_subtree_needs() {
    String queue = branch(5);
    tickAs(queue, 8, 1);
    subscribe(queue, 8L);
    assertThat(positions(queue)).contains(".other.watermark 5", "other_worker 8");

    assertThat(field(queue, LOCAL_WATERMARK)).isEqualTo("5");

    run("set_subscriber_watermark", queue, OTHER, 8L);
    assertThat(field(queue, LOCAL_WATERMARK)).isEqualTo("8");
  }

  @Test
  void consumers_of_other_queues_do_not_count() {
    String queue = branch(5);
    String neighbour = branch(1);
    subscribe(neighbour, null);

    assertThat(field(queue, LOCAL_WATERMARK)).isEqualTo("5");
  }

  @Test
  void a_merge_leaf_knows_the_type_of_the_queue_that_it_feeds() {
    String combined = root();
    String queue = mergeLeaf(3, combined);

    assertThat(field(queue, COMBINED_QUEUE)).isEqualTo(combined);
    assertThat(field(queue, COMBINED_TYPE)).isEqualTo("root");

    demote(combined);
    assertThat(field(queue, COMBINED_TYPE)).isEqualTo("branch");
  }

  @Test
  void a_combined_queue_without_node_is_not_told() {
    String combined = members();
    ask("select pgq.create_queue(?)", combined);
    String queue = mergeLeaf(3, combined);

    assertThat(field(queue, RET_CODE)).isEqualTo("100");
    assertThat(field(queue, COMBINED_QUEUE)).isNull();
    assertThat(field(queue, COMBINED_TYPE)).isNull();
  }

  @Test
  void a_combined_queue_knows_its_parts_by_name() {
    String combined = root();
    String one = mergeLeaf(3, combined);
    String two = mergeLeaf(3, combined);

    assertThat(field(combined, TARGET_FOR))
        .isEqualTo("{\"" + String.join("\",\"", Stream.of(one, two).sorted().toList()) + "\"}");
  }

  @Test
  void an_unregistered_worker_is_nowhere() {
    String queue = branch(5);
    run("unregister_consumer", queue, WORKER);

    assertThat(call(queue))
        .containsExactly(
            "100", "Ok", "branch", HERE, "5", "5", null, null, null, null, WORKER, null, null, null,
            null, null);
  }

  @Test
  void a_reader_needs_no_more_than_the_call() {
    String queue = root();
    try (Session reader = open().as("pgq_reader")) {
      assertThat(callIn(reader, queue)).startsWith("100");
    }
  }
}
