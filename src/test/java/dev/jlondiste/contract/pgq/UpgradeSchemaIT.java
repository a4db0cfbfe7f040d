package dev.jlondiste.contract.pgq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.Session;
import java.util.List;
import org.junit.jupiter.api.Test;

@Contract("pgq.upgrade_schema")
class UpgradeSchemaIT extends PgqContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations()).containsExactly("upgrade_schema() returns integer");
    assertThat(callers()).isEqualTo(ADMINS);
  }

  @Test
  void an_up_to_date_installation_is_left_as_it_is() {
    queue();
    String columns =
        "select string_agg(attrelid::regclass || '.' || attname, ' ' order by attrelid, attnum)"
            + " from pg_attribute where attnum > 0 and attrelid::regclass::text like 'pgq.%'";
    String before = value(columns);

    assertThat(number("select pgq.upgrade_schema()")).isZero();
    assertThat(number("select pgq.upgrade_schema()")).isZero();

    assertThat(value(columns)).isEqualTo(before);
  }

  @Test
  void a_queue_table_of_old_is_completed() {
    try (Session admin = open().begin()) {
      admin.ask("alter table pgq.queue drop column queue_extra_maint");
      // with the trigger that native capture has put there since
      admin.ask("alter table pgq.queue drop column queue_per_tx_limit cascade");

      assertThat(admin.number("select pgq.upgrade_schema()")).isZero();

      // the original forgets the limit, which its own functions need
      assertThat(
              admin.column(
                  "select attname || ' ' || atttypid::regtype from pg_attribute"
                      + " where attrelid = 'pgq.queue'::regclass"
                      + " and attname in ('queue_extra_maint', 'queue_per_tx_limit') order by 1"))
          .isEqualTo(
              installation().isOurs()
                  ? List.of("queue_extra_maint text[]", "queue_per_tx_limit integer")
                  : List.of("queue_extra_maint text[]"));
    }
  }

  @Test
  void an_admin_may_what_readers_and_writers_may() {
    assertThat(
            column(
                "select r from unnest(array['pgq_reader', 'pgq_writer']) r"
                    + " where pg_has_role('pgq_admin', r, 'member')"))
        .containsExactly("pgq_reader", "pgq_writer");
  }
}
