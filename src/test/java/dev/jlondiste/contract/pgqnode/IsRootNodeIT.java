package dev.jlondiste.contract.pgqnode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.Session;
import org.junit.jupiter.api.Test;

@Contract("pgq_node.is_root_node")
class IsRootNodeIT extends NodeContract {
  @Test
  void isDeclaredAsClientsKnowIt() {
    assertThat(declarations()).containsExactly("is_root_node(i_queue_name text) returns boolean");
    assertThat(callers()).isEqualTo(EVERYBODY);
  }

  @Test
  void onlyARootIsOne() {
    assertThat(call(root())).containsExactly("t");
    assertThat(call(branch(1))).containsExactly("f");
    assertThat(call(leaf(1))).containsExactly("f");
  }

  @Test
  void followsTheNodeThroughATakeover() {
    String queue = root();
    demote(queue);
    assertThat(call(queue)).containsExactly("f");

    run("promote_branch", queue);
    assertThat(call(queue)).containsExactly("t");
  }

  @Test
  void theQueueMustHaveANodeHere() {
    assertHasNoNode(refusal("nowhere"), "nowhere");
    assertHasNoNode(refusal((Object) null), "<NULL>");
    ask("select pgq.create_queue('queue without node')");
    assertHasNoNode(refusal("queue without node"), "queue without node");
  }

  @Test
  void needsTheRightToReadTheNodes() {
    String queue = root();
    try (Session stranger = open().as(STRANGER)) {
      assertThat(refusalIn(stranger, queue).state()).isEqualTo("42501");
    }
    try (Session reader = open().as("pgq_reader")) {
      assertThat(callIn(reader, queue)).containsExactly("t");
    }
  }
}
