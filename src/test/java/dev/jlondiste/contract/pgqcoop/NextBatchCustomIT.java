package dev.jlondiste.contract.pgqcoop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@Contract("pgq_coop.next_batch_custom")
class NextBatchCustomIT extends CoopContract {
  @Test
  void a_new_batch_can_be_made_to_wait_and_to_grow() {
    queue("custom", "a");
    event("custom", "1");
    event("custom", "2");
    event("custom", "3");
    assertThat(custom("custom", "'1 hour', null, null")).isNull();
    assertThat(custom("custom", "null, 100000, null")).isNull();
    assertThat(custom("custom", "null, null, '1 hour'")).isNull();
    // each forced tick moves the sequence of events by 2000
    String batch = custom("custom", "null, 4000, null");
    assertThat(events(batch)).containsExactly("1", "2", "3");
    assertThat(custom("custom", "'1 hour', null, null")).isEqualTo(batch);
  }

  private @Nullable String custom(String queue, String arguments) {
    return value(
        "select pgq_coop.next_batch_custom('" + queue + "', 'main', 'a', " + arguments + ")");
  }

  @Test
  void a_dead_ones_batch_needs_no_waiting() {
    queue("custom dead", "a", "b");
    event("custom dead", "1");
    String batch = next("custom dead", "b");
    silence("custom dead", "b", "1 hour");
    assertThat(custom("custom dead", "null, null, null")).isNull();
    assertThat(custom("custom dead", "'1 hour', null, null, '30 minutes'")).isEqualTo(batch);
  }

  @Test
  void the_consumer_itself_may_not_read_beside() {
    queue("beside", "a");
    event("beside", "1");
    String batch = value("select pgq.next_batch('beside', 'main')");
    Failure failure =
        failure("select pgq_coop.next_batch_custom('beside', 'main', 'a', null, null, null)");
    assertThat(failure.message()).isEqualTo("main consumer has batch open?");
    assertThat(failure.state()).isEqualTo("55000");
    assertThat(failure.detail()).isEqualTo("Queue: beside, consumer: main, batch: " + batch);
    assertThat(failure.hint()).isNotBlank();
    value("select pgq.finish_batch(?::bigint)", batch);
    assertThat(custom("beside", "null, null, null")).isNull();
  }

  @Test
  void nobody_is_dead_before_it_begins() {
    queue("negative", "a");
    Failure failure =
        failure(
            "select pgq_coop.next_batch_custom('negative', 'main', 'a', null, null, null, '-1s')");
    assertThat(failure.state()).isEqualTo("22023");
    assertThat(failure.message()).isEqualTo("dead interval is negative: -00:00:01");
    assertThat(failure.hint()).isNotBlank();
  }

  @Test
  void readers_may_and_others_may_not() {
    queue("custom rights", "a");
    String call =
        "select pgq_coop.next_batch_custom('custom rights', 'main', 'a', null, null, null)";
    assertOpenTo("pgq_reader", call);
    assertRefusedTo("pgq_writer", call);
  }
}
