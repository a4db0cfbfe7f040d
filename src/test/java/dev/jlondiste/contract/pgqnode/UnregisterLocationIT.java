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
  void isDeclaredAsClientsKnowIt() {
    assertThat(declarations())
        .containsExactly(
            "unregister_location(i_queue_name text, i_node_name text, OUT ret_code integer,"
                + " OUT ret_note text) returns record security definer");
    assertThat(callers()).isEqualTo(ADMINS);
  }

  @Test
  void theMemberIsForgotten() {
    String queue = branch(1);

    assertThat(call(queue, OTHER)).containsExactly("200", "Ok");

    assertThat(locations(queue)).containsExactly("here dbname=here", "provider dbname=provider");
    assertThat(events(queue)).isEmpty();
  }

  @Test
  void anUnknownMemberIsNoError() {
    assertThat(call("nowhere", "x")).containsExactly("301", "Location not found: nowhere/x");
    String queue = leaf(1);
    assertThat(call(queue, "x")).containsExactly("301", "Location not found: " + queue + "/x");
  }

  @Test
  void aRootTellsTheOthersInBothCases() {
    String queue = root();

    assertThat(call(queue, OTHER)).containsExactly("200", "Ok");
    assertThat(call(queue, OTHER))
        .containsExactly("301", "Location not found: " + queue + "/" + OTHER);

    List<@Nullable String> event =
        Arrays.asList("pgq.unregister-location", OTHER, queue, null, null, null);
    assertThat(events(queue)).containsExactly(event, event);
  }

  @Test
  void theNodeItselfStays() {
    String queue = root();
    List<Object> before = everything(queue);

    assertThat(call(queue, HERE)).containsExactly("403", "Cannot drop node's own location");

    assertThat(everything(queue)).isEqualTo(before);
  }

  @Test
  void theProviderOfTheWorkerStays() {
    for (String queue : List.of(branch(1), leaf(1))) {
      List<Object> before = everything(queue);

      assertThat(call(queue, PROVIDER))
          .containsExactly("403", "Cannot drop location of node's parent");

      assertThat(everything(queue)).isEqualTo(before);
    }
  }

  @Test
  void theProviderOfAnotherConsumerStaysByItsForeignKey() {
    String queue = branch(1);
    run("register_consumer", queue, "c", OTHER, 1L);

    assertThat(refusal(queue, OTHER).state()).isEqualTo(FOREIGN_KEY_VIOLATION);

    assertThat(locations(queue)).contains("other dbname=other");
  }

  @Test
  void itsSubscriptionGoesAsWell() {
    String queue = branch(1);
    subscribe(queue, null);

    assertThat(call(queue, OTHER)).containsExactly("200", "Ok");

    assertThat(subscribers(queue)).isEmpty();
    assertThat(positions(queue)).containsExactly(".global_watermark 1");
  }

  @Test
  void nullIsNobody() {
    String queue = branch(1);
    List<Object> before = everything(queue);

    assertThat(call(queue, null)).containsExactly("301", null);
    assertThat(call(null, OTHER)).containsExactly("301", null);

    assertThat(everything(queue)).isEqualTo(before);
  }
}
