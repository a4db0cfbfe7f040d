package dev.jlondiste.contract.londiste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import org.junit.jupiter.api.Test;

@Contract("londiste.root_notify_change")
class RootNotifyChangeIT extends LondisteContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "root_notify_change(i_queue_name text, i_ev_type text, i_ev_data text) returns integer");
    assertThat(callers()).containsExactly("londiste_writer");
  }

  @Test
  void the_root_puts_an_event_into_its_queue() {
    root("told");

    assertThat(line("select londiste.root_notify_change('told', 'londiste.test', 'x')"))
        .isEqualTo("1");

    assertThat(events("told")).containsExactly("londiste.test | x | null");
  }

  @Test
  void nulls_are_stored_as_they_are() {
    root("nulls");

    assertThat(line("select londiste.root_notify_change('nulls', null, null)")).isEqualTo("1");

    assertThat(events("nulls")).containsExactly("null | null | null");
  }

  @Test
  void other_nodes_may_not() {
    branch("a_branch");
    leaf("a_leaf");

    for (String queue : new String[] {"a_branch", "a_leaf"}) {
      assertMessage(
          failure("select londiste.root_notify_change(?, 't', 'd')", queue),
          "only root node can send events");
    }
    assertThat(events("a_branch")).isEmpty();
  }

  @Test
  void a_queue_without_node_is_an_error() {
    assertMessage(
        failure("select londiste.root_notify_change('nowhere', 't', 'd')"),
        "queue does not exist: nowhere");
    assertMessage(
        failure("select londiste.root_notify_change(null, 't', 'd')"),
        "queue does not exist: <NULL>");
  }
}
