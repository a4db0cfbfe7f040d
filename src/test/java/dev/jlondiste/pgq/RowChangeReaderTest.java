package dev.jlondiste.pgq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RowChangeReaderTest {
  private static RowChange read(String type, String data) {
    return RowChangeReader.read(
        new Event(7, "", 1, null, type, data, "public.t", null, null, null));
  }

  @Test
  void reads_what_logutriga_writes() {
    RowChange change = read("U:id,part", "id=1&part=a+b&note&empty=");
    assertThat(change.operation()).isEqualTo(RowChange.Operation.UPDATE);
    assertThat(change.key()).containsExactly(Map.entry("id", "1"), Map.entry("part", "a b"));
    assertThat(change.columns()).containsEntry("note", null).containsEntry("empty", "");
  }

  @Test
  void reads_what_jsontriga_writes() {
    RowChange change =
        read(
            "{\"op\":\"DELETE\",\"table\":[\"public\",\"t\"],\"pkey\":[\"id\"]}",
            "{\"id\":1,\"ok\":true,\"note\":null}");
    assertThat(change.operation()).isEqualTo(RowChange.Operation.DELETE);
    assertThat(change.key()).containsExactly(Map.entry("id", "1"));
    assertThat(change.columns()).containsEntry("ok", "true").containsEntry("note", null);
  }

  @Test
  void a_row_without_key_has_none() {
    assertThat(read("I:", "a=1").keys()).isEmpty();
  }

  @Test
  void a_column_that_is_not_there_is_named() {
    RowChange change = read("I:id", "id=1&note");
    assertThatThrownBy(() -> change.required("nothing"))
        .hasMessageContaining("no column 'nothing'")
        .hasMessageContaining("note");
    assertThatThrownBy(() -> change.required("note")).hasMessageContaining("NULL in column 'note'");
  }

  @Test
  void sql_fragments_and_other_events_are_no_rows() {
    for (String type : new String[] {"I", "R", "order", "", "X:id"}) {
      assertThatThrownBy(() -> read(type, "a=1"))
          .as(type)
          .isInstanceOf(BadEvent.class)
          .hasMessageContaining("event 7 of type '" + type + "'");
    }
  }
}
