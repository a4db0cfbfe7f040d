package dev.jlondiste.contract.pgqnode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@Contract("pgq_node.reopen_root")
class ReopenRootIT extends NodeContract {
  @BeforeEach
  void only_ours() {
    assumeOurs("skipped: PgQ has no such function");
  }

  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "reopen_root(i_queue_name text, OUT ret_code integer, OUT ret_note text)"
                + " returns record security definer");
    assertThat(callers()).isEqualTo(ADMINS);
  }

  @Test
  void a_closed_root_accepts_events_again() {
    String queue = root();
    run("demote_root", queue, 1, PROVIDER);
    run("demote_root", queue, 2, PROVIDER);

    assertThat(call(queue)).containsExactly("200", "Root accepts events again: " + queue);

    assertThat(flags(queue)).containsExactly("f", "f");
    assertThat(number("select pgq.insert_event(?, 'I', 'new')", queue)).isPositive();
    assertThat(tick(queue)).isEqualTo(3);
    assertThat(call(queue)).containsExactly("201", "Root is open: " + queue);
  }

  @Test
  void it_can_be_closed_and_opened_any_number_of_times() {
    String queue = root();
    for (int i = 0; i < 3; i++) {
      run("demote_root", queue, 1, PROVIDER);
      run("demote_root", queue, 2, PROVIDER);
      assertThat(failure("select pgq.insert_event(?, 'I', 'x')", queue).message())
          .isEqualTo("Insert into queue disallowed");
      call(queue);
      ask("select pgq.insert_event(?, 'I', 'x')", queue);
    }
  }

  @Test
  void only_a_root_can_be() {
    for (String queue : List.of(branch(5), leaf(5))) {
      List<Object> before = everything(queue);

      assertThat(call(queue)).containsExactly("301", "Node not root");

      assertThat(everything(queue)).isEqualTo(before);
    }
  }

  @Test
  void the_queue_must_have_a_node_here() {
    assertThat(call("nowhere")).containsExactly("404", "Node not initialized for queue: nowhere");
    assertThat(call((Object) null)).containsExactly("404", null);
  }

  @Test
  void waits_for_the_node() {
    String queue = root();

    assertWaitsForTheNodeOf(queue, queue);
  }
}
