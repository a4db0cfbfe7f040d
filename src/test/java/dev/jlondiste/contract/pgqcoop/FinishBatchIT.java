package dev.jlondiste.contract.pgqcoop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import java.util.List;
import org.junit.jupiter.api.Test;

@Contract("pgq_coop.finish_batch")
class FinishBatchIT extends CoopContract {
  @Test
  void a_subconsumer_is_idle_then() {
    queue("idle", "a");
    event("idle", "1");
    String batch = next("idle", "a");
    assertThat(subscriptions("idle"))
        .containsExactly("main shared positioned", "main.a shared positioned busy");
    assertThat(finish(batch)).isEqualTo("1");
    assertThat(subscriptions("idle"))
        .containsExactly("main shared positioned", "main.a shared idle");
    assertThat(next("idle", "a")).isNull();
  }

  @Test
  void a_batch_that_nobody_has_is_told_and_harmless() {
    queue("twice", "a");
    event("twice", "1");
    String batch = next("twice", "a");
    finish(batch);
    Answer again = ask("select pgq_coop.finish_batch(?::bigint)", batch);
    assertThat(again.rows()).containsExactly(List.of("0"));
    assertThat(again.warnings())
        .containsExactly("WARNING: coop_finish_batch: batch " + batch + " not found");
    assertThat(value("select pgq_coop.finish_batch(null)")).isEqualTo("0");
  }

  @Test
  void a_batch_of_the_consumer_itself_is_not_closed() {
    queue("main's", "a");
    event("main's", "1");
    String batch = value("select pgq.next_batch('main''s', 'main')");
    assertThat(finish(batch)).isEqualTo("0");
    assertThat(value("select pgq.next_batch('main''s', 'main')")).isEqualTo(batch);
    assertThat(events(batch)).containsExactly("1");
  }
}
