package dev.jlondiste.pgq.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jlondiste.pgq.row.EventFormat.Action;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** All formats decode to the same row; unknown formats are rejected. */
class EventFormatTest {
  private static final String JSON =
      "{\"op\":\"%s\",\"table\":[\"public\",\"t\"],\"pkey\":[\"b\"]}";

  private static Row row(RowCache known, String type, String data) {
    EventHead head = known.head(type);
    byte[] bytes = ("??" + data + "!").getBytes(StandardCharsets.UTF_8);
    return head.format().row(head, known, bytes, 2, bytes.length - 3);
  }

  private static List<String> values(Row row) {
    return List.of(row.text(0), String.valueOf(row.text(1)), row.text(2));
  }

  @Test
  void formats_carry_the_same_row() {
    RowCache known = new RowCache();
    Row encoded = row(known, "U:b", "a=1&%c3%a9&b=x+%26%0ay");
    Row json = row(known, JSON.formatted("UPDATE"), "{\"a\":1,\"é\":null,\"b\":\"x \\u0026\\ny\"}");
    assertThat(values(encoded)).containsExactly("1", "null", "x &\ny").isEqualTo(values(json));
    assertThat(encoded.shape().columns()).containsExactly("a", "é", "b");
    assertThat(json.shape().columns()).isEqualTo(encoded.shape().columns());
    assertThat(json.shape().keyPositions()).containsExactly(2);
  }

  /** A table may have events of several formats: triggers were replaced, or a node was moved. */
  @Test
  void shapes_are_shared_while_rows_are_alike() {
    RowCache known = new RowCache();
    Row first = row(known, "I:a", "a=1&b=2");
    assertThat(row(known, "D:a", "a=2&b").shape()).isSameAs(first.shape());
    Row json = row(known, JSON.formatted("INSERT"), "{\"a\":1,\"b\":2}");
    assertThat(json.shape()).isNotEqualTo(first.shape());
    assertThat(row(known, JSON.formatted("DELETE"), "{\"a\":2,\"b\":3}").shape())
        .isSameAs(json.shape());
    assertThat(row(known, JSON.formatted("INSERT"), "{\"a\":1,\"c\":2,\"b\":3}").shape().columns())
        .containsExactly("a", "c", "b");
    assertThat(row(known, JSON.formatted("INSERT"), "{\"a\":1}").shape().columns())
        .containsExactly("a");
  }

  @ParameterizedTest
  @CsvSource({"I,INSERT", "U,UPDATE", "D,DELETE", "R,TRUNCATE", "I:a,INSERT", "D:,DELETE"})
  void actions_are_letters(String type, Action action) {
    assertThat(EventHead.read(type).action()).isEqualTo(action);
  }

  @ParameterizedTest
  @CsvSource({"I,INSERT", "INSERT,INSERT", "DELETE,DELETE", "TRUNCATE,TRUNCATE"})
  void actions_are_words(String operation, Action action) {
    String type = JSON.formatted(operation);
    EventHead head = EventHead.read(type);
    assertThat(head.action()).isEqualTo(action);
    assertThat(head.keys()).containsExactly("b");
    assertThat(head.format().isTruncate(type)).isEqualTo(action == Action.TRUNCATE);
  }

  @Test
  void a_moved_row_says_so() {
    assertThat(EventHead.read("{\"op\":\"DELETE\",\"pkey\":[\"a\"],\"moved\":true}").moved())
        .isTrue();
    assertThat(EventHead.read("D:a").moved()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "X", "IU", "X:id", "R:id", "order", "TRUNCATE", "pgq.tick-id", "{}"})
  void other_types_are_not_of_tables(String type) {
    assertThat(EventFormat.of(type)).isNull();
    assertThatThrownBy(() -> EventHead.read(type)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"op\":\"MERGE\"}", "{\"op\":", "{\"op\":\"INSERT\"} x"})
  void a_broken_type_is_refused_where_it_is_read(String type) {
    assertThat(EventFormat.of(type)).isInstanceOf(JsonFormat.class);
    assertThatThrownBy(() -> EventHead.read(type)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void fragments_are_parts_of_statements() {
    assertThat(FragmentFormat.statement("I", "\"t\"", "only \"t\"", "(a) values (1)"))
        .isEqualTo("insert into \"t\" (a) values (1)");
    assertThat(FragmentFormat.statement("U", "\"t\"", "only \"t\"", "a=1 where b=2"))
        .isEqualTo("update only \"t\" set a=1 where b=2");
    assertThat(FragmentFormat.statement("D", "\"t\"", "only \"t\"", "b=2"))
        .isEqualTo("delete from only \"t\" where b=2");
    assertThatThrownBy(() -> row(new RowCache(), "I", "(a) values (1)"))
        .hasMessageContaining("its data is no row");
  }
}
