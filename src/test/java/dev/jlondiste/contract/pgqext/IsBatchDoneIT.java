package dev.jlondiste.contract.pgqext;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.OptionalSchemaContract;
import org.junit.jupiter.api.Test;

@Contract("pgq_ext.is_batch_done")
class IsBatchDoneIT extends OptionalSchemaContract {
  @Test
  void only_the_last_batch_is_known() {
    assertThat(value("select pgq_ext.is_batch_done('c', 7)")).isEqualTo("f");
    value("select pgq_ext.set_batch_done('c', 7)");
    assertThat(value("select pgq_ext.is_batch_done('c', 7)")).isEqualTo("t");
    assertThat(value("select pgq_ext.is_batch_done('c', '', 7)")).isEqualTo("t");
    assertThat(value("select pgq_ext.is_batch_done('c', 'part', 7)")).isEqualTo("f");
    value("select pgq_ext.set_batch_done('c', 8)");
    assertThat(value("select pgq_ext.is_batch_done('c', 7)")).isEqualTo("f");
  }

  @Test
  void only_writers_may_ask() {
    assertOpenTo("pgq_writer", "select pgq_ext.is_batch_done('x', 1)");
    assertRefusedTo("pgq_reader", "select pgq_ext.is_batch_done('x', '', 1)");
  }
}
