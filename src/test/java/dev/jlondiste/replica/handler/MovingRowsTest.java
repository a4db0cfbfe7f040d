package dev.jlondiste.replica.handler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.pgq.DecodedEvent;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.RowChange;
import dev.jlondiste.pgq.RowChangeReader;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a branch that has only some of the rows passes on. */
class MovingRowsTest {
  /** Rows with a small id belong here. */
  private static final MovingRows.Membership SMALL =
      new MovingRows.Membership() {
        @Override
        public List<String> columns(List<String> names) {
          return List.of("id");
        }

        @Override
        public boolean isHere(DecodedEvent event) {
          return ChangeRules.row(event).required("id").length() == 1;
        }

        @Override
        public boolean wasHere(RowChange before) {
          return before.required("id").length() == 1;
        }
      };

  private static Optional<Event> passedOn(long id, String type, String data) throws SQLException {
    Event event = new Event(id, "", 1, null, type, data, "public.t", null, null, null);
    return new MovingRows(SMALL).passOn(new DecodedEvent(event, RowChangeReader.read(event)));
  }

  @Test
  void half_of_a_key_update_is_passed_on_as_a_change_of_its_own() throws SQLException {
    String delete =
        "{\"op\":\"DELETE\",\"table\":[\"public\",\"t,\\\"moved\\\":true\"],\"pkey\":[\"id\"]%s}";
    assertThat(passedOn(1, delete.formatted(",\"moved\":true"), "{\"id\":1}"))
        .map(Event::type)
        .contains(delete.formatted(""));
    assertThat(passedOn(2, delete.formatted(""), "{\"id\":1}"))
        .map(Event::type)
        .contains(delete.formatted(""));
    assertThat(passedOn(3, delete.formatted(",\"moved\":true"), "{\"id\":10}")).isEmpty();
  }
}
