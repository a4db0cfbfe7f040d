package dev.jlondiste.cascade;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.pgq.Batch;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CautionTest {
  private final SQLException duplicate = new SQLException("duplicate key", "23505");
  private final SQLException lost = new SQLException("connection lost", "08006");
  private final SQLException tooLarge = new SQLException("out of shared memory", "53200");

  private final Caution caution = new Caution();

  private static Batch batch(long id, long from, long to, long events) {
    return new Batch(
        id, from, to, Instant.EPOCH, Instant.EPOCH, Duration.ZERO, 1000, 1000 + events);
  }

  @Test
  void a_lost_connection_is_no_reason_for_caution() {
    caution.failed(lost, batch(1, 10, 20, 100), 50);
    assertThat(caution.isActive()).isFalse();
    assertThat(caution.isCareful()).isFalse();
  }

  @Test
  void several_ticks_are_taken_one_by_one_until_they_are_completed() {
    caution.failed(duplicate, batch(1, 10, 20, 100_000), 50);
    assertThat(caution.isTickByTick()).isTrue();
    assertThat(caution.isCareful()).isFalse();
    assertThat(caution.isToBeReopened(batch(1, 10, 20, 100_000))).isTrue();
    assertThat(caution.isToBeReopened(batch(2, 10, 11, 100))).isFalse();
    caution.completed(11);
    caution.failed(duplicate, batch(3, 11, 13, 100), 5);
    assertThat(caution.isCareful()).isTrue();
    assertThat(caution.isToBeReopened(batch(3, 11, 13, 100))).isFalse();
    caution.completed(13);
    assertThat(caution.isCareful()).isFalse();
    assertThat(caution.isTickByTick()).isTrue();
    caution.completed(20);
    assertThat(caution.isActive()).isFalse();
  }

  @Test
  void a_small_batch_is_taken_statement_by_statement_at_once() {
    caution.failed(duplicate, batch(1, 10, 20, 50), 5);
    assertThat(caution.isTickByTick()).isTrue();
    assertThat(caution.isCareful()).isTrue();
    caution.completed(11);
    assertThat(caution.isCareful()).isTrue();
    caution.completed(20);
    assertThat(caution.isCareful()).isFalse();
  }

  @Test
  void a_tick_that_is_too_large_is_split_into_ever_smaller_parts() {
    caution.failed(tooLarge, batch(1, 10, 20, 100_000), 40_000);
    assertThat(caution.isTickByTick()).isTrue();
    assertThat(caution.partEvents()).isZero();
    caution.failed(tooLarge, batch(2, 10, 11, 50_000), 5);
    assertThat(caution.partEvents()).isEqualTo(2);
    caution.applied();
    assertThat(caution.partEvents()).isEqualTo(2);
    caution.failed(tooLarge, batch(2, 10, 11, 50_000), 2);
    assertThat(caution.partEvents()).isEqualTo(1);
    caution.failed(tooLarge, batch(2, 10, 11, 50_000), 0);
    assertThat(caution.partEvents()).isEqualTo(1);
    assertThat(caution.isCareful()).isTrue();
    caution.completed(20);
    assertThat(caution.partEvents()).isZero();
  }

  @Test
  void a_batch_beyond_the_tick_of_a_part_is_reopened_once() {
    Batch merged = batch(1, 10, 20, 100);
    assertThat(caution.narrowTo(11, merged)).isTrue();
    assertThat(caution.isToBeReopened(merged)).isTrue();
    assertThat(caution.narrowTo(11, batch(2, 10, 15, 100))).isFalse();
    assertThat(new Caution().narrowTo(11, batch(1, 10, 11, 100))).isFalse();
  }
}
