package dev.jlondiste.contract.londiste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.Session;
import java.util.List;
import org.junit.jupiter.api.Test;

@Contract("londiste.set_session_replication_role")
class SetSessionReplicationRoleIT extends LondisteContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "set_session_replication_role(val text, is_local boolean) returns void security definer");
    assertThat(callers()).containsExactly("londiste_writer");
  }

  private static final String ROLE = "show session_replication_role";

  @Test
  void of_the_session() {
    try (Session session = open()) {
      assertThat(set(session, "replica", false)).isEqualTo("replica");
      assertThat(set(session, "local", false)).isEqualTo("local");
      assertThat(set(session, "origin", false)).isEqualTo("origin");
    }
  }

  @Test
  void of_the_transaction() {
    try (Session session = open()) {
      set(session, "replica", false);
      session.begin();
      assertThat(set(session, "local", true)).isEqualTo("local");
      session.commit();
      assertThat(lineIn(session, ROLE)).isEqualTo("replica");
    }
  }

  /** As workers do, right after every connect. */
  @Test
  void a_writer_may_though_no_superuser() {
    try (Session session = open().as("londiste_writer")) {
      assertThat(set(session, "replica", false)).isEqualTo("replica");
    }
    assertThat(
            failureAs("pgq_admin", "select londiste.set_session_replication_role('replica', false)")
                .state())
        .isEqualTo("42501");
  }

  @Test
  void other_values_are_an_error() {
    for (String value : List.of("'x'", "'Replica'", "''", "null")) {
      assertMessage(
          failure("select londiste.set_session_replication_role(" + value + ", false)"),
          "bad value for session_replication_role");
    }
  }

  @Test
  void the_search_path_is_pinned() {
    // that of the original is not, so a caller may bring its own set_config()
    assertThat(
            line(
                "select coalesce(array_to_string(proconfig, ' '), '') from pg_proc"
                    + " where proname = 'set_session_replication_role'"
                    + " and pronamespace = 'londiste'::regnamespace"))
        .isEqualTo(installation().isOurs() ? "search_path=pg_catalog, pg_temp" : "");
  }

  /** The original requires it; ours informs its own triggers and queue functions. */
  @Test
  void without_rights_of_a_superuser_our_triggers_still_obey() {
    root("told");
    tables("told");
    reply("local_add_table('told', 'told')");
    String events =
        "select count(*) from "
            + line("select queue_data_pfx from pgq.queue where queue_name = 'told'")
            + " where ev_type = 'I:id'";
    role("contract_owner");
    try (Session session = open().begin()) { // the owner comes back with the rollback
      session.execute(
          "alter function londiste.set_session_replication_role(text, boolean)"
              + " owner to contract_owner");
      if (installation().isOurs()) {
        assertThat(set(session, "replica", true)).isEqualTo("origin");
        lineIn(session, "insert into told values (1, 'x') returning id");
        assertThat(lineIn(session, events)).isEqualTo("0");
        assertThat(set(session, "origin", true)).isEqualTo("origin");
        lineIn(session, "insert into told values (2, 'y') returning id");
        assertThat(lineIn(session, events)).isEqualTo("1");
      } else {
        assertThat(
                session
                    .failure("select londiste.set_session_replication_role('replica', true)")
                    .state())
            .isEqualTo("42501");
      }
    }
  }

  private static String set(Session session, String role, boolean isLocal) {
    lineIn(
        session, "select londiste.set_session_replication_role('" + role + "', " + isLocal + ")");
    return lineIn(session, ROLE);
  }
}
