package dev.jlondiste.contract.pgqnode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.Session;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@Contract("pgq_node.rename_node")
class RenameNodeIT extends NodeContract {
  @BeforeEach
  void requireOurs() {
    assumeOurs("a function of ours");
  }

  @Test
  void administrators_call_it() {
    assertThat(declarations())
        .containsExactly(
            "rename_node(i_queue_name text, i_old_name text, i_new_name text,"
                + " OUT ret_code integer, OUT ret_note text) returns record security definer");
    assertThat(callers()).isEqualTo(ADMINS);
  }

  @Test
  void a_root_is_its_own_provider() {
    String queue = root();

    assertThat(call(queue, HERE, "new")).containsExactly("200", "Node here renamed to new");

    assertThat(node(queue).get(0)).containsSequence("root", "new");
    assertThat(consumer(queue, WORKER)).startsWith("new");
    assertThat(locations(queue)).contains("here dbname=here", "new dbname=here");
    assertThat(run("unregister_location", queue, HERE)).startsWith("200");
  }

  @Test
  void a_consumer_sees_that_its_provider_has_another_name() {
    String queue = branch(5);
    run("set_consumer_uptodate", queue, WORKER, true);

    assertThat(call(queue, PROVIDER, "new")).startsWith("200");

    assertThat(consumer(queue, WORKER)).containsExactly("new", "5", "f", "f", null);
    assertThat(run("get_consumer_state", queue, WORKER)).contains("new", "dbname=provider");
    assertThat(run("unregister_location", queue, PROVIDER)).startsWith("200");
  }

  @Test
  void a_subscriber_keeps_its_positions() {
    String queue = branch(5);
    tickAs(queue, 7, 100);
    subscribe(queue, 7L);

    assertThat(call(queue, OTHER, "new")).startsWith("200");

    assertThat(subscribers(queue)).containsExactly(List.of("new", OTHER_WORKER, ".new.watermark"));
    assertThat(positions(queue))
        .containsExactly(".global_watermark 5", ".new.watermark 5", OTHER_WORKER + " 7");
    assertThat(run("set_subscriber_watermark", queue, "new", 7L)).startsWith("200");
  }

  @Test
  void a_gravestone_keeps_its_position() {
    String queue = branch(5);
    assertThat(run("register_subscriber", queue, OTHER, OTHER + ".gravestone", 5L))
        .startsWith("200");

    assertThat(call(queue, OTHER, "new")).startsWith("200");

    assertThat(subscribers(queue))
        .containsExactly(List.of("new", "new.gravestone", ".new.watermark"));
    assertThat(positions(queue))
        .containsExactly(".global_watermark 5", ".new.watermark 5", "new.gravestone 5");
  }

  @Test
  void the_same_node_of_another_queue_keeps_its_name() {
    String queue = branch(5);
    String neighbour = branch(5);
    subscribe(queue, null);
    subscribe(neighbour, null);
    List<Object> before = everything(neighbour);

    call(queue, OTHER, "new");
    call(queue, PROVIDER, "upper");
    call(queue, HERE, "mine");

    assertThat(everything(neighbour)).isEqualTo(before);
  }

  @Test
  void it_may_be_repeated() {
    String queue = branch(5);
    subscribe(queue, null);
    call(queue, OTHER, "new");
    List<Object> before = everything(queue);

    assertThat(call(queue, OTHER, "new")).containsExactly("100", "Nothing to rename: other");

    assertThat(everything(queue)).isEqualTo(before);
  }

  @Test
  void what_is_unknown_is_refused() {
    String queue = branch(5);
    List<Object> before = everything(queue);

    assertThat(call("nowhere", OTHER, "new")).containsExactly("404", "Unknown queue: nowhere");
    assertThat(call(queue, "nosuch", "new")).containsExactly("404", "Node not found: nosuch");

    assertThat(everything(queue)).isEqualTo(before);
  }

  @Test
  void an_administrator_needs_no_more_than_the_call() {
    String queue = branch(5);
    subscribe(queue, null);
    try (Session admin = open().as("pgq_admin")) {
      assertThat(callIn(admin, queue, OTHER, "new")).startsWith("200");
    }
  }
}
