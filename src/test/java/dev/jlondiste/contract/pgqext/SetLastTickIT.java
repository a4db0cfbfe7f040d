package dev.jlondiste.contract.pgqext;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.OptionalSchemaContract;
import org.junit.jupiter.api.Test;

@Contract("pgq_ext.set_last_tick")
class SetLastTickIT extends OptionalSchemaContract {
  @Test
  void the_last_one_stays() {
    assertThat(value("select pgq_ext.set_last_tick('twice', 5)")).isEqualTo("1");
    assertThat(value("select pgq_ext.set_last_tick('twice', 3)")).isEqualTo("1");
    assertThat(value("select pgq_ext.get_last_tick('twice')")).isEqualTo("3");
    assertThat(number("select count(*) from pgq_ext.completed_tick where consumer_id = 'twice'"))
        .isEqualTo(1);
  }

  @Test
  void null_forgets_the_consumer_and_no_other_part() {
    value("select pgq_ext.set_last_tick('gone', 5)");
    value("select pgq_ext.set_last_tick('gone', 'a', 6)");
    assertThat(value("select pgq_ext.set_last_tick('gone', null)")).isEqualTo("1");
    assertThat(value("select pgq_ext.set_last_tick('gone', null)")).isEqualTo("1");
    assertThat(value("select pgq_ext.get_last_tick('gone')")).isNull();
    assertThat(value("select pgq_ext.get_last_tick('gone', 'a')")).isEqualTo("6");
  }

  @Test
  void a_consumer_needs_a_name() {
    assertThat(failure("select pgq_ext.set_last_tick(null, 5)").state()).isEqualTo("23502");
  }

  @Test
  void only_writers_may() {
    assertOpenTo("pgq_writer", "select pgq_ext.set_last_tick('by writer', 1)");
    assertRefusedTo("pgq_reader", "select pgq_ext.set_last_tick('by reader', '', 1)");
  }
}
