package dev.jlondiste.contract.pgq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.Session;
import org.junit.jupiter.api.Test;

@Contract("pgq.maint_rotate_tables_step2")
class MaintRotateTablesStep2IT extends PgqContract {
  private static final String CALL = "select pgq.maint_rotate_tables_step2()";

  @Test
  void isDeclaredAsClientsKnowIt() {
    assertThat(declarations()).containsExactly("maint_rotate_tables_step2() returns integer");
    assertThat(callers()).isEqualTo(ADMINS);
  }

  @Test
  void allSwitchesAreCompletedAtOnce() {
    String one = queue();
    String other = queue();
    String untouched = queue();
    String before = setting(untouched, "q::text");
    configure(one, "queue_switch_step2 = null");
    configure(other, "queue_switch_step2 = null");
    try (Session maintenance = open().begin()) {
      assertThat(maintenance.number(CALL)).isZero();
      assertThat(
              maintenance.column(
                  "select queue_switch_step2 = txid_current() from pgq.queue where queue_name in (?, ?)",
                  one,
                  other))
          .containsExactly("t", "t");
      maintenance.commit();
    }
    assertThat(setting(untouched, "q::text")).isEqualTo(before);
  }

  @Test
  void withNothingToCompleteItIsHarmless() {
    String queue = queue();
    number(CALL);
    String before = setting(queue, "q::text");

    assertThat(number(CALL)).isZero();
    assertThat(setting(queue, "q::text")).isEqualTo(before);
  }

  @Test
  void itComesAfterStep1InATransactionOfItsOwn() {
    String queue = queue();
    configure(queue, "queue_rotation_period = '0'");
    value("select pgq.maint_rotate_tables_step1(?)", queue);

    number(CALL);

    assertThat(setting(queue, "queue_switch_step2 > queue_switch_step1")).isEqualTo("t");
  }
}
