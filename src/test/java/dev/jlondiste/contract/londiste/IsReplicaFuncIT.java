package dev.jlondiste.contract.londiste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.Session;
import org.junit.jupiter.api.Test;

@Contract("londiste.is_replica_func")
class IsReplicaFuncIT extends LondisteContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly("is_replica_func(func_oid oid) returns boolean stable strict");
    assertThat(callers()).isEqualTo(EVERYBODY);
  }

  @Test
  void the_trigger_functions_of_the_queue_are() {
    assertThat(isOne("pgq.logutriga")).isEqualTo("t");
    assertThat(isOne("pgq.sqltriga")).isEqualTo("t");
    assertThat(isOne("pgq.jsontriga")).isEqualTo("t");
  }

  @Test
  void others_are_not() {
    assertThat(isOne("pgq.ticker(text)")).isEqualTo("f");
    assertThat(isOne("pg_catalog.suppress_redundant_updates_trigger")).isEqualTo("f");
  }

  @Test
  void a_function_of_that_name_elsewhere_is_not() {
    run(
        """
            create schema pgqq;
            create function pgqq.logutriga() returns trigger language plpgsql
                as 'begin return new; end';
            """);

    assertThat(isOne("pgqq.logutriga")).isEqualTo("f");
  }

  @Test
  void everybody_may_ask() {
    try (Session stranger = open().as(STRANGER)) {
      assertThat(stranger.value("select londiste.is_replica_func(1)")).isEqualTo("f");
    }
  }

  @Test
  void what_is_no_function_is_not() {
    assertThat(line("select londiste.is_replica_func(1)")).isEqualTo("f");
    assertThat(line("select londiste.is_replica_func(null)")).isEqualTo("null");
  }

  private String isOne(String function) {
    String cast = function.contains("(") ? "regprocedure" : "regproc";
    return line("select londiste.is_replica_func(?::" + cast + ")", function);
  }
}
