package dev.jlondiste.cascade;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.pgq.DecodedEvent;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.RowChangeReader;
import org.junit.jupiter.api.Test;

class MovedRowsTest {
  private final MovedRows moved = new MovedRows();
  private long ids;

  private void see(String operation, String more, long txid, String table) {
    String type =
        "{\"op\":\"%s\",\"table\":[\"public\",\"%s\"],\"pkey\":[\"id\"]%s}"
            .formatted(operation, table, more);
    Event event =
        new Event(++ids, "", txid, null, type, "{\"id\":1}", "public." + table, null, null, null);
    moved.see(new DecodedEvent(event, RowChangeReader.read(event)));
  }

  private void leave(long txid, String table) {
    see("DELETE", ",\"moved\":true", txid, table);
  }

  private void arrive(long txid, String table) {
    see("INSERT", "", txid, table);
  }

  @Test
  void a_moved_row_arrives_in_its_own_transaction_and_table() {
    leave(1, "a");
    arrive(2, "a");
    arrive(1, "b");
    assertThat(moved.haveArrived()).isFalse();
    arrive(1, "a");
    assertThat(moved.haveArrived()).isTrue();
  }

  @Test
  void every_moved_row_must_arrive() {
    leave(1, "a");
    leave(1, "a");
    arrive(1, "a");
    assertThat(moved.haveArrived()).isFalse();
    arrive(1, "a");
    assertThat(moved.haveArrived()).isTrue();
  }

  @Test
  void rows_that_are_deleted_and_inserted_do_not_move() {
    see("DELETE", "", 1, "a");
    assertThat(moved.haveArrived()).isTrue();
    arrive(1, "a");
    assertThat(moved.haveArrived()).isTrue();
  }
}
