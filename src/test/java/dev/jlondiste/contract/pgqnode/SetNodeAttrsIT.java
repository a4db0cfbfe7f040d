package dev.jlondiste.contract.pgqnode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

@Contract("pgq_node.set_node_attrs")
class SetNodeAttrsIT extends NodeContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "set_node_attrs(i_queue_name text, i_node_attrs text, OUT ret_code integer,"
                + " OUT ret_note text) returns record security definer");
    assertThat(callers()).isEqualTo(ADMINS);
  }

  @Test
  void they_are_stored_as_they_are() {
    String queue = branch(1);

    assertThat(call(queue, "sync_watermark=n1,n2"))
        .containsExactly("200", "Node attributes updated");

    assertThat(node(queue))
        .containsExactly(Arrays.asList("branch", HERE, WORKER, null, "sync_watermark=n1,n2"));
    assertThat(run("get_node_info", queue)).contains("sync_watermark=n1,n2");
  }

  @Test
  void null_removes_them() {
    String queue = leaf(1);
    call(queue, "a=b");

    assertThat(call(queue, null)).containsExactly("200", "Node attributes updated");

    assertThat(node(queue)).containsExactly(Arrays.asList("leaf", HERE, WORKER, null, null));
  }

  @Test
  void the_queue_must_have_a_node_here() {
    assertThat(call("nowhere", "a=b")).containsExactly("404", "Node not found");
    assertThat(call(null, "a=b")).containsExactly("404", "Node not found");
  }
}
