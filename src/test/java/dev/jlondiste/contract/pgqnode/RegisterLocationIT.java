package dev.jlondiste.contract.pgqnode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.Session;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

@Contract("pgq_node.register_location")
class RegisterLocationIT extends NodeContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "register_location(i_queue_name text, i_node_name text, i_node_location text,"
                + " i_dead boolean, OUT ret_code integer, OUT ret_note text) returns record"
                + " security definer");
    assertThat(callers()).isEqualTo(ADMINS);
  }

  @Test
  void a_member_is_known_before_there_is_a_node() {
    assertThat(call("early", "n", "dbname=n", false)).containsExactly("200", "Location registered");

    assertThat(locations("early")).containsExactly("n dbname=n");
  }

  @Test
  void a_second_call_replaces_location_and_state() {
    call("moving", "n", "dbname=old", false);

    assertThat(call("moving", "n", "dbname=new", true))
        .containsExactly("200", "Location registered");

    assertThat(locations("moving")).containsExactly("n dbname=new dead");
  }

  @Test
  void without_a_location_the_stored_one_stays() {
    call("tagged", "n", "dbname=n", false);

    assertThat(call("tagged", "n", null, true)).containsExactly("200", "Location registered");
    assertThat(locations("tagged")).containsExactly("n dbname=n dead");

    call("tagged", "n", null, false);
    assertThat(locations("tagged")).containsExactly("n dbname=n");
  }

  @Test
  void without_a_location_an_unknown_member_stays_unknown() {
    assertThat(call("unknown", "n", null, true)).containsExactly("200", "Location registered");

    assertThat(locations("unknown")).isEmpty();
  }

  @Test
  void an_empty_location_is_a_location() {
    call("empty", "n", "dbname=n", false);
    call("empty", "n", "", false);

    assertThat(locations("empty")).containsExactly("n ");
  }

  @Test
  void a_root_tells_the_others_what_was_passed() {
    String queue = root();

    call(queue, "new", "dbname=new", true);
    call(queue, "new", null, false);
    call(queue, "unknown", null, true);

    assertThat(events(queue))
        .containsExactly(
            Arrays.asList("pgq.location-info", "new", queue, "dbname=new", "true", null),
            Arrays.asList("pgq.location-info", "new", queue, null, "false", null),
            Arrays.asList("pgq.location-info", "unknown", queue, null, "true", null));
  }

  @Test
  void a_branch_tells_nobody() {
    String queue = branch(1);

    call(queue, "new", "dbname=new", false);

    assertThat(events(queue)).isEmpty();
    assertThat(locations(queue)).contains("new dbname=new");
  }

  @Test
  void a_leaf_needs_no_queue() {
    String queue = leaf(1);

    assertThat(call(queue, "new", "dbname=new", false)).startsWith("200");
    assertThat(locations(queue)).contains("new dbname=new");
  }

  @Test
  void nulls_are_refused() {
    call("nulls", "n", "dbname=n", false);

    assertThat(refusal("nulls", "n", "dbname=n", null).state()).isEqualTo(NOT_NULL_VIOLATION);
    assertThat(refusal("nulls", null, "dbname=n", false).state()).isEqualTo(NOT_NULL_VIOLATION);
    assertThat(refusal(null, "n", "dbname=n", false).state()).isEqualTo(NOT_NULL_VIOLATION);
    assertThat(locations("nulls")).containsExactly("n dbname=n");
  }

  @Test
  void waits_for_the_node() {
    String queue = branch(1);

    assertWaitsForTheNodeOf(queue, queue, "new", "dbname=new", false);
  }

  @Test
  void an_admin_needs_no_more_than_the_call() {
    String queue = root();
    try (Session admin = open().as("pgq_admin")) {
      assertThat(callIn(admin, queue, "new", "dbname=new", false)).startsWith("200");
    }
  }
}
