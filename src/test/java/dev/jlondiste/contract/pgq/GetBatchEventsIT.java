package dev.jlondiste.contract.pgq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.Session;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@Contract("pgq.get_batch_events")
class GetBatchEventsIT extends PgqContract {
  private static final String CALL = "select * from pgq.get_batch_events(?)";

  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "get_batch_events(x_batch_id bigint, OUT ev_id bigint, OUT ev_time timestamptz,"
                + " OUT ev_txid bigint, OUT ev_retry integer, OUT ev_type text, OUT ev_data text,"
                + " OUT ev_extra1 text, OUT ev_extra2 text, OUT ev_extra3 text,"
                + " OUT ev_extra4 text) returns SETOF record");
    assertThat(callers()).isEqualTo(READERS);
  }

  @Test
  void all_fields_are_given() {
    String queue = queue();
    subscribe(queue, "c");
    value("select pgq.insert_event(?, 't', 'd', 'e1', 'e2', null, 'e4')", queue);
    tick(queue);
    long batch = nextBatch(queue, "c");

    List<@Nullable String> event = row(CALL, batch);

    assertThat(event)
        .isEqualTo(
            row(
                "select ev_id, ev_time, ev_txid, ev_retry, ev_type, ev_data, ev_extra1, ev_extra2,"
                    + " ev_extra3, ev_extra4 from "
                    + setting(queue, "queue_data_pfx")));
    assertThat(event.subList(3, 10)).containsExactly(null, "t", "d", "e1", "e2", null, "e4");
  }

  @Test
  void events_come_by_id() {
    String queue = queue();
    subscribe(queue, "c");
    for (String id : List.of("30", "10", "20")) {
      value(
          "select pgq.insert_event_raw(?, ?::int8, now(), null, null, 't', ?, null, null, null, null)",
          queue,
          id,
          id);
    }
    tick(queue);

    assertThat(dataOf(nextBatch(queue, "c"))).containsExactly("10", "20", "30");
  }

  @Test
  void an_empty_batch_has_none() {
    String queue = queue();
    subscribe(queue, "c");
    tick(queue);

    assertThat(rows(CALL, nextBatch(queue, "c"))).isEmpty();
  }

  @Test
  void the_batch_must_be_open() {
    String queue = queue();
    subscribe(queue, "c");
    insertAndTick(queue, "x");
    long batch = nextBatch(queue, "c");
    finish(batch);

    assertThat(refusal(CALL, batch)).isEqualTo("batch not found");
    assertThat(refusal(CALL, new Object[] {null})).isEqualTo("batch not found");
  }

  @Test
  void reading_changes_nothing() {
    String queue = queue();
    subscribe(queue, "c");
    insertAndTick(queue, "x");
    long batch = nextBatch(queue, "c");

    assertThat(dataOf(batch)).containsExactly("x");
    insertAndTick(queue, "later");
    assertThat(dataOf(batch)).containsExactly("x");
  }

  @Test
  void every_consumer_gets_every_event() {
    String queue = queue();
    subscribe(queue, "c", "d");
    insertAndTick(queue, "x", "y");

    assertThat(consume(queue, "c")).containsExactly("x", "y");
    assertThat(consume(queue, "d")).containsExactly("x", "y");
  }

  @Test
  void who_may_read_events_reads_them() {
    String queue = queue();
    subscribe(queue, "c");
    insertAndTick(queue, "x");
    long batch = nextBatch(queue, "c");
    try (Session reader = open().as("pgq_reader")) {
      assertThat(reader.column("select ev_data from pgq.get_batch_events(?)", batch))
          .containsExactly("x");
    }
    try (Session writer = open().as("pgq_writer")) {
      assertThat(writer.failure(CALL, batch).message())
          .isEqualTo("permission denied for function get_batch_events");
    }
  }
}
