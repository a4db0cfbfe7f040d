package dev.jlondiste.contract.pgqnode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.Session;
import org.junit.jupiter.api.Test;

@Contract("pgq_node.is_leaf_node")
class IsLeafNodeIT extends NodeContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations()).containsExactly("is_leaf_node(i_queue_name text) returns boolean");
    assertThat(callers()).isEqualTo(EVERYBODY);
  }

  @Test
  void every_leaf_is_one_and_nothing_else() {
    String root = root();

    assertThat(call(leaf(1))).containsExactly("t");
    assertThat(call(mergeLeaf(1, root))).containsExactly("t");
    assertThat(call(root)).containsExactly("f");
    assertThat(call(branch(1))).containsExactly("f");
  }

  @Test
  void the_queue_must_have_a_node_here() {
    assertHasNoNode(refusal("nowhere"), "nowhere");
    assertHasNoNode(refusal((Object) null), "<NULL>");
  }

  @Test
  void needs_the_right_to_read_the_nodes() {
    String queue = leaf(1);
    try (Session stranger = open().as(STRANGER)) {
      assertThat(refusalIn(stranger, queue).state()).isEqualTo("42501");
    }
  }
}
