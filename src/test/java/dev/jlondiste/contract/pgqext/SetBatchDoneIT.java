package dev.jlondiste.contract.pgqext;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.OptionalSchemaContract;
import org.junit.jupiter.api.Test;

@Contract("pgq_ext.set_batch_done")
class SetBatchDoneIT extends OptionalSchemaContract {
  @Test
  void the_second_time_it_was_done_already() {
    assertThat(value("select pgq_ext.set_batch_done('c', 7)")).isEqualTo("t");
    assertThat(value("select pgq_ext.set_batch_done('c', 7)")).isEqualTo("f");
    assertThat(value("select pgq_ext.set_batch_done('c', 'part', 7)")).isEqualTo("t");
    assertThat(value("select pgq_ext.set_batch_done('c', 6)")).isEqualTo("t");
    assertThat(
            column(
                "select last_batch_id from pgq_ext.completed_batch where consumer_id = 'c' order by subconsumer_id"))
        .containsExactly("6", "7");
  }

  @Test
  void batches_have_positive_numbers() {
    assertThat(value("select pgq_ext.set_batch_done('zero', 0)")).isEqualTo("t");
    assertThat(value("select pgq_ext.set_batch_done('zero', -1)")).isEqualTo("t");
    assertThat(number("select count(*) from pgq_ext.completed_batch where consumer_id = 'zero'"))
        .isZero();
  }

  @Test
  void only_writers_may() {
    assertOpenTo("pgq_writer", "select pgq_ext.set_batch_done('by writer', 1)");
    assertRefusedTo("pgq_reader", "select pgq_ext.set_batch_done('by reader', '', 1)");
  }
}
