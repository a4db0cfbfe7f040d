package dev.jlondiste.contract.pgqnode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.Session;
import org.junit.jupiter.api.Test;

@Contract("pgq_node.is_root_node")
class IsRootNodeIT extends NodeContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations()).containsExactly("is_root_node(i_queue_name text) returns boolean");
    assertThat(callers()).isEqualTo(EVERYBODY);
  }

  @Test
  void only_a_root_is_one() {
    assertThat(call(root())).containsExactly("t");
    assertThat(call(branch(1))).containsExactly("f");
    assertThat(call(leaf(1))).containsExactly("f");
  }

  @Test
  void follows_the_node_through_a_takeover() {
    String queue = root();
    demote(queue);
    assertThat(call(queue)).containsExactly("f");

    run("promote_branch", queue);
    assertThat(call(queue)).containsExactly("t");
  }

  @Test
  void the_queue_must_have_a_node_here() {
    assertHasNoNode(refusal("nowhere"), "nowhere");
    assertHasNoNode(refusal((Object) null), "<NULL>");
    ask("select pgq.create_queue('queue without node')");
    assertHasNoNode(refusal("queue without node"), "queue without node");
  }

  @Test
  void needs_the_right_to_read_the_nodes() {
    String queue = root();
    try (Session stranger = open().as(STRANGER)) {
      assertThat(refusalIn(stranger, queue).state()).isEqualTo("42501");
    }
    try (Session reader = open().as("pgq_reader")) {
      assertThat(callIn(reader, queue)).containsExactly("t");
    }
  }
}
