package dev.jlondiste.contract.pgqext;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.OptionalSchemaContract;
import org.junit.jupiter.api.Test;

@Contract("pgq_ext.set_event_done")
class SetEventDoneIT extends OptionalSchemaContract {
  @Test
  void the_second_time_it_was_done_already() {
    assertThat(value("select pgq_ext.set_event_done('c', 7, 70)")).isEqualTo("t");
    assertThat(value("select pgq_ext.set_event_done('c', 7, 71)")).isEqualTo("t");
    assertThat(value("select pgq_ext.set_event_done('c', 7, 70)")).isEqualTo("f");
    assertThat(value("select pgq_ext.set_event_done('c', 'part', 7, 70)")).isEqualTo("t");
  }

  @Test
  void the_first_event_of_another_batch_forgets_the_batch_before() {
    value("select pgq_ext.set_event_done('next', 7, 70)");
    value("select pgq_ext.set_event_done('next', 'part', 7, 70)");
    value("select pgq_ext.set_event_done('next', 8, 80)");
    assertThat(
            column(
                "select concat_ws(':', subconsumer_id, batch_id, event_id) from pgq_ext.completed_event where consumer_id = 'next' order by 1"))
        .containsExactly(":8:80", "part:7:70");
    assertThat(
            column(
                "select cur_batch_id from pgq_ext.partial_batch where consumer_id = 'next' order by subconsumer_id"))
        .containsExactly("8", "7");
  }

  @Test
  void an_event_needs_a_number() {
    assertThat(failure("select pgq_ext.set_event_done('none', 7, null)").state())
        .isEqualTo("23502");
  }

  @Test
  void only_writers_may() {
    assertOpenTo("pgq_writer", "select pgq_ext.set_event_done('by writer', 1, 1)");
    assertRefusedTo("pgq_reader", "select pgq_ext.set_event_done('by reader', '', 1, 1)");
  }
}
