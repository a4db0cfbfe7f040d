package dev.jlondiste.contract.pgq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.contract.Contract;
import org.junit.jupiter.api.Test;

@Contract("pgq.maint_tables_to_vacuum")
class MaintTablesToVacuumIT extends PgqContract {
  private static final String CALL = "select * from pgq.maint_tables_to_vacuum()";

  private void autovacuum(String setting) {
    ask("alter system " + setting);
    ask("select pg_reload_conf()");
  }

  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations()).containsExactly("maint_tables_to_vacuum() returns SETOF text");
    assertThat(callers()).isEqualTo(ADMINS);
  }

  @Test
  void with_autovacuum_there_is_nothing_to_do() {
    assertThat(value("show autovacuum")).isEqualTo("on");
    assertThat(rows(CALL)).isEmpty();
  }

  @Test
  void without_autovacuum_the_busy_tables_are_named() {
    autovacuum("set autovacuum = off");
    try {
      await().untilAsserted(() -> assertThat(value("show autovacuum")).isEqualTo("off"));

      assertThat(column(CALL))
          .startsWith(
              "pgq.subscription", "pgq.consumer", "pgq.queue", "pgq.tick", "pgq.retry_queue")
          .contains("pgq_node.local_state", "londiste.seq_info")
          .allSatisfy(table -> assertThat(value("select to_regclass(?)", table)).isEqualTo(table));
    } finally {
      autovacuum("reset autovacuum");
      await().untilAsserted(() -> assertThat(value("show autovacuum")).isEqualTo("on"));
    }
  }
}
