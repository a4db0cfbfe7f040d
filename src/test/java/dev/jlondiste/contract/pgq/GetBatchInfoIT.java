package dev.jlondiste.contract.pgq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import org.junit.jupiter.api.Test;

@Contract("pgq.get_batch_info")
class GetBatchInfoIT extends PgqContract {
  private static final String CALL = "select * from pgq.get_batch_info(?)";

  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "get_batch_info(x_batch_id bigint, OUT queue_name text, OUT consumer_name text,"
                + " OUT batch_start timestamptz, OUT batch_end timestamptz,"
                + " OUT prev_tick_id bigint, OUT tick_id bigint, OUT lag interval,"
                + " OUT seq_start bigint, OUT seq_end bigint) returns record security definer");
    assertThat(callers()).isEqualTo(READERS);
  }

  @Test
  void it_tells_whose_batch_it_is_and_its_ticks() {
    String queue = queue();
    subscribe(queue, "c");
    insertAndTick(queue, "x", "y");
    insertAndTick(queue, "z");

    assertThat(
            row(
                """
                select i.queue_name, i.consumer_name, i.prev_tick_id, i.tick_id,
                    i.seq_start, i.seq_end,
                    i.batch_start = p.tick_time, i.batch_end = n.tick_time, i.lag = now() - n.tick_time
                from pgq.get_batch_info(?) i
                join pgq.queue q on q.queue_name = i.queue_name
                join pgq.tick p on p.tick_queue = q.queue_id and p.tick_id = i.prev_tick_id
                join pgq.tick n on n.tick_queue = q.queue_id and n.tick_id = i.tick_id
                """,
                nextBatch(queue, "c")))
        .containsExactly(queue, "c", "1", "2", "1", "2", "t", "t", "t");
  }

  @Test
  void an_unknown_batch_is_a_row_of_nulls() {
    assertThat(row(CALL, 987654321L)).hasSize(9).containsOnlyNulls();
    assertThat(row(CALL, new Object[] {null})).hasSize(9).containsOnlyNulls();
  }
}
