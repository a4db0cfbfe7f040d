package dev.jlondiste.contract.pgqnode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

@Contract("pgq_node.drop_node")
class DropNodeIT extends NodeContract {
  private static List<String> dropped(String node) {
    return List.of("200", "Node dropped: " + node);
  }

  private void assertNothingIsLeft(String queue) {
    assertThat(everything(queue))
        .isEqualTo(
            List.of(List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of()));
    assertThat(hasQueue(queue)).isFalse();
  }

  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "drop_node(i_queue_name text, i_node_name text, OUT ret_code integer,"
                + " OUT ret_note text) returns record security definer");
    assertThat(callers()).isEqualTo(ADMINS);
  }

  @Test
  void the_local_node_goes_with_everything() {
    for (String queue : List.of(root(), branch(4), leaf(4))) {
      assertThat(call(queue, HERE)).isEqualTo(dropped(HERE));

      assertNothingIsLeft(queue);
    }
  }

  @Test
  void subscribers_and_consumers_of_the_local_node_go_too() {
    String queue = root();
    subscribe(queue, null);
    run("register_consumer", queue, "c", OTHER, 1L);
    ask("select pgq.register_consumer(?, 'plain')", queue);

    assertThat(call(queue, HERE)).isEqualTo(dropped(HERE));

    assertNothingIsLeft(queue);
    assertThat(column("select co_name from pgq.consumer"))
        .doesNotContain("plain", OTHER_WORKER, ".other.watermark");
  }

  @Test
  void tables_of_the_local_node_are_forgotten() {
    String queue = leaf(1);
    ask("select londiste.global_add_table(?, 'public.t')", queue);

    assertThat(call(queue, HERE)).isEqualTo(dropped(HERE));

    assertThat(rows("select 1 from londiste.table_info where queue_name = ?", queue)).isEmpty();
  }

  @Test
  void other_queues_of_the_database_stay() {
    String queue = branch(4);
    String neighbour = branch(4);
    List<Object> before = everything(neighbour);

    call(queue, HERE);

    assertThat(everything(neighbour)).isEqualTo(before);
  }

  @Test
  void a_node_can_be_created_again() {
    String queue = root();
    call(queue, HERE);
    run("register_location", queue, HERE, "dbname=here", false);

    assertThat(run("create_node", queue, "root", HERE, WORKER, null, null, null)).startsWith("200");
  }

  @Test
  void another_member_goes_with_its_subscription() {
    String queue = branch(4);
    subscribe(queue, null);

    assertThat(call(queue, OTHER)).isEqualTo(dropped(OTHER));

    assertThat(locations(queue)).containsExactly("here dbname=here", "provider dbname=provider");
    assertThat(subscribers(queue)).isEmpty();
    assertThat(positions(queue)).containsExactly(".global_watermark 4");
    assertThat(node(queue)).hasSize(1);
  }

  @Test
  void a_root_tells_the_others() {
    String queue = root();

    call(queue, OTHER);

    assertThat(events(queue))
        .containsExactly(Arrays.asList("pgq.unregister-location", OTHER, queue, null, null, null));
  }

  @Test
  void the_provider_stays() {
    for (String queue : List.of(branch(4), leaf(4))) {
      List<Object> before = everything(queue);

      assertThat(call(queue, PROVIDER))
          .containsExactly("405", "Cannot drop provider node: provider");

      assertThat(everything(queue)).isEqualTo(before);
    }
  }

  @Test
  void an_unknown_member_is_no_error() {
    String queue = leaf(4);
    List<Object> before = everything(queue);

    assertThat(call(queue, "stranger")).isEqualTo(dropped("stranger"));
    assertThat(everything(queue)).isEqualTo(before);
    assertThat(call("nowhere", "stranger")).isEqualTo(dropped("stranger"));
  }

  @Test
  void drops_twice() {
    String queue = root();

    assertThat(call(queue, HERE)).isEqualTo(dropped(HERE));
    assertThat(call(queue, HERE)).isEqualTo(dropped(HERE));
  }

  @Test
  void without_a_local_node_all_members_go() {
    String queue = members();

    assertThat(call(queue, OTHER)).isEqualTo(dropped(OTHER));

    assertNothingIsLeft(queue);
  }

  @Test
  void without_a_local_node_the_queue_goes() {
    String queue = members();
    ask("select pgq.create_queue(?)", queue);
    ask("select pgq.register_consumer(?, 'c')", queue);

    assertThat(call(queue, OTHER)).isEqualTo(dropped(OTHER));

    assertNothingIsLeft(queue);
  }

  @Test
  void null_is_nobody() {
    String queue = branch(4);
    List<Object> before = everything(queue);

    assertThat(call(queue, null)).containsExactly("200", null);
    assertThat(call(null, OTHER)).isEqualTo(dropped(OTHER));

    assertThat(everything(queue)).isEqualTo(before);
  }
}
