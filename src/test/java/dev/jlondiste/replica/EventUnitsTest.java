package dev.jlondiste.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.db.TableName;
import dev.jlondiste.pgq.DecodedEvent;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.RowChangeReader;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class EventUnitsTest {
  private final List<String> units = new ArrayList<>();
  private final EventUnits splitter =
      new EventUnits(
          unit ->
              units.add(
                  unit.stream()
                      .map(event -> String.valueOf(event.decoded().event().id()))
                      .collect(Collectors.joining("+"))));
  private long id;

  private void add(String type, String table, long txid) throws SQLException {
    id++;
    boolean isTruncate = type.equals("R");
    String data = isTruncate ? "" : type.startsWith("{") ? "{\"id\":1}" : "id=1";
    Event event = new Event(id, "", txid, null, type, data, table, null, null, null);
    DecodedEvent decoded = new DecodedEvent(event, isTruncate ? null : RowChangeReader.read(event));
    TableName name = TableName.parse(table);
    splitter.add(
        new TableEvent(
            decoded,
            new TableInfo(
                name,
                true,
                TableState.OK,
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                0,
                name)));
  }

  @Test
  void an_event_is_a_unit() throws SQLException {
    add("I:id", "public.a", 1);
    add("U:id", "public.a", 1);
    add("D:id", "public.b", 1);
    assertThat(units).containsExactly("1", "2", "3");
  }

  @Test
  void key_updates_that_follow_each_other_are_one() throws SQLException {
    add(MOVED, "public.a", 1);
    add(MOVED, "public.a", 1);
    add("I:id", "public.a", 1);
    add("I:id", "public.a", 1);
    add("I:id", "public.a", 1);
    splitter.finish();
    assertThat(units).containsExactly("1+2+3+4", "5");
  }

  @Test
  void an_old_row_waits_for_its_new_one() throws SQLException {
    add(MOVED, "public.a", 1);
    add("I:id", "public.a", 2);
    add("I:id", "public.b", 1);
    add("I:id", "public.a", 1);
    splitter.close();
    add(MOVED, "public.a", 1);
    splitter.finish();
    assertThat(units).containsExactly("2", "3", "1+4", "5");
  }

  @Test
  void truncates_that_follow_each_other_are_one() throws SQLException {
    add("R", "public.a", 1);
    add("R", "public.b", 1);
    add("I:id", "public.a", 1);
    add("R", "public.a", 1);
    splitter.finish();
    assertThat(units).containsExactly("1+2", "3", "4");
  }

  private static final String MOVED =
      "{\"op\":\"DELETE\",\"table\":[\"public\",\"a\"],\"pkey\":[\"id\"],\"moved\":true}";
}
