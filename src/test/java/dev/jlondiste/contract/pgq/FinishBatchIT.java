package dev.jlondiste.contract.pgq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.Session;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@Contract("pgq.finish_batch")
class FinishBatchIT extends PgqContract {
  private static final String CALL = "select pgq.finish_batch(?)";

  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly("finish_batch(x_batch_id bigint) returns integer security definer");
    assertThat(callers()).isEqualTo(READERS);
  }

  @Test
  void the_consumer_moves_on_to_the_end_of_the_batch() {
    String queue = queue();
    subscribe(queue, "c", "other");
    insertAndTick(queue, "x");
    insertAndTick(queue, "y");
    long others = nextBatch(queue, "other");

    assertThat(number(CALL, nextBatch(queue, "c"))).isEqualTo(1);

    assertThat(position(queue, "c")).containsExactly("2", null, null);
    assertThat(position(queue, "other")).containsExactly("1", String.valueOf(others), "2");
  }

  @Test
  void finishing_is_a_sign_of_life() {
    String queue = queue();
    subscribe(queue, "c");
    insertAndTick(queue, "x");
    long batch = nextBatch(queue, "c");
    ask("update pgq.subscription set sub_active = '2001-01-01'");
    try (Session consumer = open().begin()) {
      consumer.value(CALL, batch);
      assertThat(
              consumer.value(
                  "select sub_active = now() from pgq.subscription where sub_queue = ?::int",
                  setting(queue, "queue_id")))
          .isEqualTo("t");
    }
  }

  @Test
  void a_batch_that_nobody_has_is_told_and_harmless() {
    Answer answer = ask(CALL, 987654321L);

    assertThat(answer.rows()).containsExactly(List.of("0"));
    assertThat(answer.warnings())
        .containsExactly("WARNING: finish_batch: batch 987654321 not found");
  }

  @Test
  void no_batch_is_none_too() {
    Answer answer = ask(CALL, new Object[] {null});

    assertThat(answer.rows()).containsExactly(List.of("0"));
    assertThat(answer.warnings()).containsExactly("WARNING: finish_batch: batch <NULL> not found");
  }

  @Test
  void a_second_time_changes_nothing() {
    String queue = queue();
    subscribe(queue, "c");
    insertAndTick(queue, "x");
    insertAndTick(queue, "y");
    long batch = nextBatch(queue, "c");
    finish(batch);
    List<@Nullable String> before = position(queue, "c");

    assertThat(number(CALL, batch)).isZero();

    assertThat(position(queue, "c")).isEqualTo(before);
  }

  @Test
  void rolled_back_it_is_still_open() {
    String queue = queue();
    subscribe(queue, "c");
    insertAndTick(queue, "x");
    long batch = nextBatch(queue, "c");
    try (Session consumer = open().begin()) {
      consumer.value(CALL, batch);
      consumer.rollback();
    }

    assertThat(nextBatch(queue, "c")).isEqualTo(batch);
    assertThat(dataOf(batch)).containsExactly("x");
  }
}
