package dev.jlondiste.contract.pgq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@Contract("pgq.next_batch_info")
class NextBatchInfoIT extends PgqContract {
  private static final String CALL = "select * from pgq.next_batch_info(?, ?)";

  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "next_batch_info(i_queue_name text, i_consumer_name text, OUT batch_id bigint,"
                + " OUT cur_tick_id bigint, OUT prev_tick_id bigint, OUT cur_tick_time timestamptz,"
                + " OUT prev_tick_time timestamptz, OUT cur_tick_event_seq bigint,"
                + " OUT prev_tick_event_seq bigint) returns record");
    assertThat(callers()).isEqualTo(READERS);
  }

  @Test
  void it_is_the_next_tick_however_small() {
    String queue = queue();
    subscribe(queue, "c");
    insertAndTick(queue, "a", "b");
    insertAndTick(queue, "c");

    List<@Nullable String> batch = row(CALL, queue, "c");

    assertThat(batch.subList(1, 3)).containsExactly("2", "1");
    assertThat(batch)
        .isEqualTo(row("select * from pgq.next_batch_custom(?, 'c', null, null, null)", queue));
    assertThat(position(queue, "c")).containsExactly("1", batch.get(0), "2");
  }

  @Test
  void without_a_new_tick_all_is_null() {
    String queue = queue();
    subscribe(queue, "c");

    assertThat(row(CALL, queue, "c")).hasSize(7).containsOnlyNulls();
  }

  @Test
  void only_subscribers_get_batches() {
    assertThat(refusal(CALL, "nowhere", "c")).isEqualTo("Not subscriber to queue: nowhere/c");
    assertThat(refusal(CALL, null, null)).isEqualTo("Not subscriber to queue: NULL/NULL");
  }
}
