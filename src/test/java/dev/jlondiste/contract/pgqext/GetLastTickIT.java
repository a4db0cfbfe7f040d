package dev.jlondiste.contract.pgqext;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.OptionalSchemaContract;
import org.junit.jupiter.api.Test;

@Contract("pgq_ext.get_last_tick")
class GetLastTickIT extends OptionalSchemaContract {
  @Test
  void a_consumer_that_has_none_gets_null() {
    assertThat(value("select pgq_ext.get_last_tick('nobody')")).isNull();
    assertThat(value("select pgq_ext.get_last_tick('nobody', 'part')")).isNull();
    assertThat(value("select pgq_ext.get_last_tick(null)")).isNull();
  }

  @Test
  void parts_of_a_consumer_have_ticks_of_their_own() {
    value("select pgq_ext.set_last_tick('parts', 1)");
    value("select pgq_ext.set_last_tick('parts', 'a', 2)");
    assertThat(value("select pgq_ext.get_last_tick('parts')")).isEqualTo("1");
    assertThat(value("select pgq_ext.get_last_tick('parts', '')")).isEqualTo("1");
    assertThat(value("select pgq_ext.get_last_tick('parts', 'a')")).isEqualTo("2");
    assertThat(value("select pgq_ext.get_last_tick('parts', 'b')")).isNull();
  }

  @Test
  void only_writers_may_ask() {
    assertOpenTo("pgq_writer", "select pgq_ext.get_last_tick('x')");
    assertRefusedTo("pgq_reader", "select pgq_ext.get_last_tick('x')");
    assertRefusedTo("pgq_reader", "select pgq_ext.get_last_tick('x', '')");
  }
}
