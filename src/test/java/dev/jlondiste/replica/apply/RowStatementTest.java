package dev.jlondiste.replica.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jlondiste.db.TableName;
import dev.jlondiste.pgq.BadEvent;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.RowChange;
import dev.jlondiste.pgq.RowChangeReader;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RowStatementTest {
  private static final RowStatement STATEMENTS =
      new RowStatement(
          new TargetTable(
              TableName.parse("s.My Table"),
              1,
              1,
              Set.of("total"),
              Map.of(),
              false,
              true,
              Set.of(),
              ComputedColumns.NONE),
          true);

  private static Event event(String type, String data) {
    return new Event(
        7, "2026-01-01 00:00:00+00", 100, null, type, data, "s.My Table", null, null, null);
  }

  private static String sql(String type, String data) {
    return STATEMENTS.of(RowChangeReader.read(event(type, data)));
  }

  @Test
  void insert_writes_all_columns_but_generated_ones() {
    assertThat(sql("I:id", "id=1&name=it%27s&note&total=5"))
        .isEqualTo(
            "insert into \"s\".\"My Table\" (\"id\",\"name\",\"note\")"
                + " overriding system value values ('1','it''s',NULL)");
  }

  @Test
  void rows_are_inserted_together() {
    List<RowChange> rows =
        Stream.of("id=1&note=a&total=5", "id=2&note&total=6")
            .map(data -> RowChangeReader.read(event("I:id", data)))
            .toList();
    String insert =
        "insert into \"s\".\"My Table\" (\"id\",\"note\") overriding system value values ";
    assertThat(STATEMENTS.inserts(rows, 1000)).containsExactly(insert + "('1','a'),('2',NULL)");
    assertThat(STATEMENTS.inserts(rows, 10))
        .containsExactly(insert + "('1','a')", insert + "('2',NULL)");
    assertThat(STATEMENTS.inserts(List.of(), 1000)).isEmpty();
  }

  @Test
  void update_sets_the_rest_and_finds_the_row_by_its_key() {
    assertThat(sql("U:id,part", "id=1&part=2&name=a%5cb"))
        .isEqualTo(
            "update only \"s\".\"My Table\" set \"name\"= E'a\\\\b'"
                + " where \"id\"='1' and \"part\"='2'");
  }

  @Test
  void update_of_a_table_with_only_keys_touches_the_row() {
    assertThat(sql("U:id", "id=1"))
        .isEqualTo("update only \"s\".\"My Table\" set \"id\"=\"id\" where \"id\"='1'");
  }

  @Test
  void delete_uses_the_key_only() {
    assertThat(sql("D:id", "id=1&name=x"))
        .isEqualTo("delete from only \"s\".\"My Table\" where \"id\"='1'");
  }

  @Test
  void json_numbers_booleans_and_nulls_become_their_text() {
    assertThat(
            sql(
                "{\"op\":\"INSERT\",\"table\":[\"s\",\"My Table\"],\"pkey\":[\"id\"]}",
                "{\"id\":12345678901234567890,\"ok\":true,\"x\":null,\"y\":\"a\\nb\"}"))
        .isEqualTo(
            "insert into \"s\".\"My Table\" (\"id\",\"ok\",\"x\",\"y\")"
                + " overriding system value values ('12345678901234567890','true',NULL,'a\nb')");
  }

  @Test
  void an_event_without_its_key_stops_the_node() {
    assertThatThrownBy(() -> sql("D:id", "name=x")).hasMessageContaining("'id'");
    assertThatThrownBy(() -> sql("U:", "name=x")).hasMessageContaining("without key");
  }

  @Test
  void an_unreadable_event_is_named() {
    assertThatThrownBy(() -> sql("{\"op\":", "{}"))
        .isInstanceOf(BadEvent.class)
        .hasMessageContaining("event 7");
  }
}
