package dev.jlondiste.contract.pgq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import org.junit.jupiter.api.Test;

@Contract("pgq.tune_storage")
class TuneStorageIT extends PgqContract {
  @Test
  void isDeclaredAsClientsKnowIt() {
    assertThat(declarations())
        .containsExactly("tune_storage(i_queue_name text) returns integer strict");
    assertThat(callers()).isEqualTo(ADMINS);
  }

  @Test
  void theDataTablesAreNotVacuumed() {
    String queue = queue();
    for (String table : children(queue)) {
      ask(
          "alter table "
              + table
              + " reset (fillfactor, autovacuum_enabled, toast.autovacuum_enabled)");
    }

    assertThat(number("select pgq.tune_storage(?)", queue)).isEqualTo(1);

    assertThat(children(queue))
        .allSatisfy(
            table ->
                assertThat(
                        value(
                            "select c.reloptions::text || t.reloptions::text from pg_class c"
                                + " join pg_class t on t.oid = c.reltoastrelid"
                                + " where c.oid = ?::regclass",
                            table))
                    .isEqualTo("{fillfactor=100,autovacuum_enabled=off}{autovacuum_enabled=off}"));
  }

  @Test
  void otherOptionsStay() {
    String queue = queue();
    String table = children(queue).get(0);
    ask("alter table " + table + " set (parallel_workers = 3)");

    assertThat(number("select pgq.tune_storage(?)", queue)).isEqualTo(1);

    assertThat(value("select reloptions::text from pg_class where oid = ?::regclass", table))
        .contains("parallel_workers=3");
  }

  @Test
  void anUnknownQueueIsZero() {
    assertThat(number("select pgq.tune_storage('nowhere')")).isZero();
    assertThat(value("select pgq.tune_storage(null)")).isNull();
  }
}
