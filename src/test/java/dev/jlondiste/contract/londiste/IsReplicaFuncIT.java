package dev.jlondiste.contract.londiste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.Session;
import org.junit.jupiter.api.Test;

@Contract("londiste.is_replica_func")
class IsReplicaFuncIT extends LondisteContract {
  @Test
  void isDeclaredAsClientsKnowIt() {
    assertThat(declarations())
        .containsExactly("is_replica_func(func_oid oid) returns boolean stable strict");
    assertThat(callers()).isEqualTo(EVERYBODY);
  }

  @Test
  void theTriggerFunctionsOfTheQueueAre() {
    assertThat(isOne("pgq.logutriga")).isEqualTo("t");
    assertThat(isOne("pgq.sqltriga")).isEqualTo("t");
    assertThat(isOne("pgq.jsontriga")).isEqualTo("t");
  }

  @Test
  void othersAreNot() {
    assertThat(isOne("pgq.ticker(text)")).isEqualTo("f");
    assertThat(isOne("pg_catalog.suppress_redundant_updates_trigger")).isEqualTo("f");
  }

  @Test
  void aFunctionOfThatNameElsewhereIsNot() {
    run(
        """
            create schema pgqq;
            create function pgqq.logutriga() returns trigger language plpgsql
                as 'begin return new; end';
            """);

    assertThat(isOne("pgqq.logutriga")).isEqualTo("f");
  }

  @Test
  void everybodyMayAsk() {
    try (Session stranger = open().as(STRANGER)) {
      assertThat(stranger.value("select londiste.is_replica_func(1)")).isEqualTo("f");
    }
  }

  @Test
  void whatIsNoFunctionIsNot() {
    assertThat(line("select londiste.is_replica_func(1)")).isEqualTo("f");
    assertThat(line("select londiste.is_replica_func(null)")).isEqualTo("null");
  }

  private String isOne(String function) {
    String cast = function.contains("(") ? "regprocedure" : "regproc";
    return line("select londiste.is_replica_func(?::" + cast + ")", function);
  }
}
