package dev.jlondiste.contract.pgqnode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import java.util.List;
import org.junit.jupiter.api.Test;

@Contract("pgq_node.get_queue_locations")
class GetQueueLocationsIT extends NodeContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "get_queue_locations(i_queue_name text, OUT node_name text, OUT node_location text,"
                + " OUT dead boolean) returns SETOF record security definer");
    assertThat(callers()).isEqualTo(MEMBERS);
  }

  @Test
  void gives_every_member_of_the_queue() {
    String queue = members();
    members();
    run("register_location", queue, OTHER, null, true);

    assertThat(callAll(queue))
        .containsExactlyInAnyOrder(
            List.of(HERE, "dbname=here", "f"),
            List.of(PROVIDER, "dbname=provider", "f"),
            List.of(OTHER, "dbname=other", "t"));
  }

  @Test
  void an_unknown_queue_has_none() {
    assertThat(callAll("nowhere")).isEmpty();
    assertThat(callAll((Object) null)).isEmpty();
  }
}
