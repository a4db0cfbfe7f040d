package dev.jlondiste.contract.pgq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import org.junit.jupiter.api.Test;

@Contract("pgq.tune_storage")
class TuneStorageIT extends PgqContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly("tune_storage(i_queue_name text) returns integer strict");
    assertThat(callers()).isEqualTo(ADMINS);
  }

  @Test
  void the_data_tables_are_not_vacuumed() {
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
  void other_options_stay() {
    String queue = queue();
    String table = children(queue).get(0);
    ask("alter table " + table + " set (parallel_workers = 3)");

    assertThat(number("select pgq.tune_storage(?)", queue)).isEqualTo(1);

    assertThat(value("select reloptions::text from pg_class where oid = ?::regclass", table))
        .contains("parallel_workers=3");
  }

  @Test
  void an_unknown_queue_is_zero() {
    assertThat(number("select pgq.tune_storage('nowhere')")).isZero();
    assertThat(value("select pgq.tune_storage(null)")).isNull();
  }
}
