package dev.jlondiste.contract.pgqnode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@Contract("pgq_node.unregister_location")
class UnregisterLocationIT extends NodeContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "unregister_location(i_queue_name text, i_node_name text, OUT ret_code integer,"
                + " OUT ret_note text) returns record security definer");
    assertThat(callers()).isEqualTo(ADMINS);
  }

  @Test
  void the_member_is_forgotten() {
    String queue = branch(1);

    assertThat(call(queue, OTHER)).containsExactly("200", "Ok");

    assertThat(locations(queue)).containsExactly("here dbname=here", "provider dbname=provider");
    assertThat(events(queue)).isEmpty();
  }

  @Test
  void an_unknown_member_is_no_error() {
    assertThat(call("nowhere", "x")).containsExactly("301", "Location not found: nowhere/x");
    String queue = leaf(1);
    assertThat(call(queue, "x")).containsExactly("301", "Location not found: " + queue + "/x");
  }

  @Test
  void a_root_tells_the_others_in_both_cases() {
    String queue = root();

    assertThat(call(queue, OTHER)).containsExactly("200", "Ok");
    assertThat(call(queue, OTHER))
        .containsExactly("301", "Location not found: " + queue + "/" + OTHER);

    List<@Nullable String> event =
        Arrays.asList("pgq.unregister-location", OTHER, queue, null, null, null);
    assertThat(events(queue)).containsExactly(event, event);
  }

  @Test
  void the_node_itself_stays() {
    String queue = root();
    List<Object> before = everything(queue);

    assertThat(call(queue, HERE)).containsExactly("403", "Cannot drop node's own location");

    assertThat(everything(queue)).isEqualTo(before);
  }

  @Test
  void the_provider_of_the_worker_stays() {
    for (String queue : List.of(branch(1), leaf(1))) {
      List<Object> before = everything(queue);

      assertThat(call(queue, PROVIDER))
          .containsExactly("403", "Cannot drop location of node's parent");

      assertThat(everything(queue)).isEqualTo(before);
    }
  }

  @Test
  void the_provider_of_another_consumer_stays_by_its_foreign_key() {
    String queue = branch(1);
    run("register_consumer", queue, "c", OTHER, 1L);

    assertThat(refusal(queue, OTHER).state()).isEqualTo(FOREIGN_KEY_VIOLATION);

    assertThat(locations(queue)).contains("other dbname=other");
  }

  @Test
  void its_subscription_goes_as_well() {
    String queue = branch(1);
    subscribe(queue, null);

    assertThat(call(queue, OTHER)).containsExactly("200", "Ok");

    assertThat(subscribers(queue)).isEmpty();
    assertThat(positions(queue)).containsExactly(".global_watermark 1");
  }

  @Test
  void null_is_nobody() {
    String queue = branch(1);
    List<Object> before = everything(queue);

    assertThat(call(queue, null)).containsExactly("301", null);
    assertThat(call(null, OTHER)).containsExactly("301", null);

    assertThat(everything(queue)).isEqualTo(before);
  }
}
