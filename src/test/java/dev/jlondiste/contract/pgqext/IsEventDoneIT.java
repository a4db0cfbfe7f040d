package dev.jlondiste.contract.pgqext;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.OptionalSchemaContract;
import org.junit.jupiter.api.Test;

@Contract("pgq_ext.is_event_done")
class IsEventDoneIT extends OptionalSchemaContract {
  @Test
  void an_event_is_known_by_consumer_part_and_batch() {
    value("select pgq_ext.set_event_done('c', 7, 70)");
    assertThat(value("select pgq_ext.is_event_done('c', 7, 70)")).isEqualTo("t");
    assertThat(value("select pgq_ext.is_event_done('c', '', 7, 70)")).isEqualTo("t");
    assertThat(value("select pgq_ext.is_event_done('c', 7, 71)")).isEqualTo("f");
    assertThat(value("select pgq_ext.is_event_done('c', 8, 70)")).isEqualTo("f");
    assertThat(value("select pgq_ext.is_event_done('c', 'part', 7, 70)")).isEqualTo("f");
    assertThat(value("select pgq_ext.is_event_done('other', 7, 70)")).isEqualTo("f");
  }

  @Test
  void only_writers_may_ask() {
    assertOpenTo("pgq_writer", "select pgq_ext.is_event_done('x', 1, 1)");
    assertRefusedTo("pgq_reader", "select pgq_ext.is_event_done('x', '', 1, 1)");
  }
}
