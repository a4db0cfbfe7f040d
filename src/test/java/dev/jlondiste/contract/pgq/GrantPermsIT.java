package dev.jlondiste.contract.pgq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.Session;
import org.junit.jupiter.api.Test;

@Contract("pgq.grant_perms")
class GrantPermsIT extends PgqContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly("grant_perms(x_queue_name text) returns integer security definer");
    assertThat(callers()).isEqualTo(ADMINS);
  }

  @Test
  void the_event_tables_get_what_the_template_has() {
    String queue = queue();
    try (Session admin = open().begin()) {
      admin.ask("grant select on pgq.event_template to " + STRANGER + " with grant option");
      assertThat(admin.number("select pgq.grant_perms(?)", queue)).isEqualTo(1);
      admin.commit();
    }

    try {
      assertThat(privileges(setting(queue, "queue_data_pfx")))
          .contains(STRANGER + " SELECT*")
          .isEqualTo(privileges("pgq.event_template"));
      assertThat(children(queue))
          .allSatisfy(
              table -> assertThat(privileges(table)).isEqualTo(privileges("pgq.event_template")));
    } finally {
      ask("revoke all on pgq.event_template from " + STRANGER);
    }
  }

  @Test
  void the_sequences_are_granted_again() {
    String queue = queue();
    String prefix = setting(queue, "queue_data_pfx");
    ask("revoke all on " + prefix + "_id_seq, " + prefix + "_tick_seq from public, pgq_admin");

    value("select pgq.grant_perms(?)", queue);

    assertThat(privileges(prefix + "_id_seq")).containsExactly("pgq_admin USAGE", "public SELECT");
    assertThat(privileges(prefix + "_tick_seq")).containsExactly("public SELECT");
  }

  @Test
  void what_was_granted_besides_stays() {
    String queue = queue();
    String table = children(queue).get(1);
    ask("grant select on " + table + " to " + STRANGER);

    assertThat(number("select pgq.grant_perms(?)", queue)).isEqualTo(1);
    assertThat(number("select pgq.grant_perms(?)", queue)).isEqualTo(1);

    assertThat(privileges(table)).contains(STRANGER + " SELECT");
  }

  @Test
  void the_queue_must_exist() {
    assertThat(refusal("select pgq.grant_perms('nowhere')")).isEqualTo("Queue not found");
    assertThat(refusal("select pgq.grant_perms(null)")).isEqualTo("Queue not found");
  }
}
