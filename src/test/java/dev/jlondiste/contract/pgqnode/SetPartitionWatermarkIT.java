package dev.jlondiste.contract.pgqnode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import java.util.List;
import org.junit.jupiter.api.Test;

@Contract("pgq_node.set_partition_watermark")
class SetPartitionWatermarkIT extends NodeContract {
  private static final List<String> MOVED = List.of("200", "Ok");
  private static final List<String> NO_SUCH_PART = List.of("201", "Part-queue does not exist");

  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "set_partition_watermark(i_combined_queue_name text, i_part_queue_name text,"
                + " i_watermark bigint, OUT ret_code integer, OUT ret_note text)"
                + " returns record security definer");
    assertThat(callers()).isEqualTo(ADMINS);
  }

  @Test
  void moves_the_leaf_that_waits_behind_a_branch() {
    String combined = branch(5);
    String part = mergeLeaf(3, combined);
    run("set_consumer_uptodate", part, WORKER, true);

    assertThat(call(combined, part, 99L)).isEqualTo(MOVED);

    assertThat(consumer(part, WORKER)).containsExactly(PROVIDER, "99", "f", "t", null);
    assertThat(consumer(combined, WORKER)).startsWith(PROVIDER, "5");
  }

  @Test
  void each_part_has_its_own_position() {
    String combined = branch(5);
    String part = mergeLeaf(3, combined);
    String sibling = mergeLeaf(4, combined);

    call(combined, part, 99L);

    assertThat(consumer(sibling, WORKER)).startsWith(PROVIDER, "4");
  }

  @Test
  void any_position_is_taken() {
    String combined = branch(5);
    String part = mergeLeaf(3, combined);

    assertThat(call(combined, part, 1L)).isEqualTo(MOVED);
    assertThat(consumer(part, WORKER)).startsWith(PROVIDER, "1");
    assertThat(refusal(combined, part, null).state()).isEqualTo(NOT_NULL_VIOLATION);
  }

  @Test
  void a_leaf_that_feeds_a_root_moves_itself() {
    String combined = root();
    String part = mergeLeaf(3, combined);

    assertThat(call(combined, part, 99L)).isEqualTo(NO_SUCH_PART);
    assertThat(consumer(part, WORKER)).startsWith(PROVIDER, "3");

    demote(combined);
    assertThat(call(combined, part, 99L)).isEqualTo(MOVED);
  }

  @Test
  void others_are_no_parts() {
    String combined = branch(5);
    String leaf = leaf(3);
    String partOfAnother = mergeLeaf(3, branch(5));

    assertThat(call(combined, leaf, 99L)).isEqualTo(NO_SUCH_PART);
    assertThat(call(combined, partOfAnother, 99L)).isEqualTo(NO_SUCH_PART);
    assertThat(call(combined, combined, 99L)).isEqualTo(NO_SUCH_PART);
    assertThat(call(combined, "nowhere", 99L)).isEqualTo(NO_SUCH_PART);
    assertThat(call("nowhere", partOfAnother, 99L)).isEqualTo(NO_SUCH_PART);
    assertThat(call(combined, null, 99L)).isEqualTo(NO_SUCH_PART);
    assertThat(call(null, partOfAnother, 99L)).isEqualTo(NO_SUCH_PART);

    assertThat(consumer(leaf, WORKER)).startsWith(PROVIDER, "3");
    assertThat(consumer(partOfAnother, WORKER)).startsWith(PROVIDER, "3");
  }

  @Test
  void the_worker_must_be_registered() {
    String combined = branch(5);
    String part = mergeLeaf(3, combined);
    run("unregister_consumer", part, WORKER);

    assertThat(call(combined, part, 99L)).containsExactly("401", "Worker registration not found");
  }
}
