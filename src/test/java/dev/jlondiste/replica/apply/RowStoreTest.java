package dev.jlondiste.replica.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jlondiste.db.CopyRows;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.RowChange;
import dev.jlondiste.pgq.RowChangeReader;
import dev.jlondiste.pgq.row.UrlEncoding;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stored rows are returned unchanged. */
class RowStoreTest {
  private static final List<@Nullable String> ODD =
      List.of(
          "", "\\", "\\N", "\\.", "\t", "a\nb", "\r\n", "NULL", "null", "ä€𝄞", "\u0001", "\"",
          "\\t");

  private static RowChange json(String data) {
    return RowChangeReader.read(
        new Event(
            1, "", 1, null, "{\"op\":\"UPDATE\",\"pkey\":[\"id\"]}", data, "t", null, null, null));
  }

  private static RowChange encoded(String type, String data) {
    return RowChangeReader.read(new Event(1, "", 1, null, type, data, "t", null, null, null));
  }

  private static String element(String column, List<@Nullable String> row) {
    String value = row.get(column.charAt(0) - 'a');
    return "&" + column + (value == null ? "" : "=" + UrlEncoding.encode(value));
  }

  private static RowStore storeOf(RowChange... changes) throws SQLException {
    RowStore store = new RowStore();
    for (RowChange change : changes) {
      store.add(change);
    }
    return store;
  }

  @Test
  void texts_and_nulls() throws SQLException {
    RowStore store =
        storeOf(
            json("{\"id\":1,\"a\":null,\"b\":\"\"}"),
            json("{\"id\":2,\"a\":\"x\\ty\\\\\",\"b\":\"\\\\N\"}"),
            encoded("D:id", "id=3&a&b=null"));
    assertThat(store.change(0).columns()).containsEntry("a", null).containsEntry("b", "");
    assertThat(store.change(1).columns()).containsEntry("a", "x\ty\\").containsEntry("b", "\\N");
    assertThat(store.change(2).columns()).containsEntry("a", null).containsEntry("b", "null");
    assertThat(store.change(0).operation()).isEqualTo(RowChange.Operation.UPDATE);
    assertThat(store.change(2).operation()).isEqualTo(RowChange.Operation.DELETE);
    assertThat(store.change(0).shape().json()).isTrue();
    assertThat(store.change(2).shape().json()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "7", "-5", "123456789012345678", "9223372036854775807"})
  void whole_numbers(String number) throws SQLException {
    RowStore store = storeOf(json("{\"a\":\"x\",\"id\":" + number + "}"));
    assertThat(store.change(0).wholeNumber(1)).isEqualTo(Long.valueOf(number));
    assertThat(store.change(0).wholeNumber(0)).isNull();
  }

  @Test
  void a_value_that_is_not_there() throws SQLException {
    RowStore store = storeOf(json("{\"id\":1}"), json("{\"id\":2}"));
    assertThatThrownBy(() -> store.change(0).value(1))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  /** Short and long rows of several pages, read in random order. */
  @RepeatedTest(20)
  void rows_can_be_read_in_random_order(RepetitionInfo repetition) throws SQLException {
    Random random = new Random(repetition.getCurrentRepetition());
    RowStore store = new RowStore();
    List<List<@Nullable String>> expected = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      List<@Nullable String> row = new ArrayList<>();
      for (int column = 0; column < 3; column++) {
        row.add(
            switch (random.nextInt(6)) {
              case 0 -> null;
              case 1 -> "x".repeat(random.nextInt(20_000));
              case 2 -> "€\t".repeat(random.nextInt(600));
              default -> ODD.get(random.nextInt(ODD.size()));
            });
      }
      expected.add(row);
      store.add(encoded("I:a", element("a", row) + element("b", row) + element("c", row)));
    }
    for (int i = 0; i < 2000; i++) {
      int number = random.nextInt(500);
      int column = random.nextInt(3);
      RowChange change = store.change(number);
      assertThat(change.value(column)).isEqualTo(expected.get(number).get(column));
      assertThat(change.value(random.nextInt(3))).isIn(expected.get(number));
    }
    assertThat(lines(store)).isEqualTo(lines(expected));
    assertThat(store.bytes()).isGreaterThan(lines(store).length());
  }

  private static String lines(RowStore store) throws SQLException {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    CopyRows rows = new CopyRows(100, lines::write);
    for (int i = 0; i < store.size(); i++) {
      store.copyTo(rows, i);
    }
    rows.flush();
    return lines.toString(StandardCharsets.UTF_8);
  }

  private static String lines(List<List<@Nullable String>> expected) throws SQLException {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    CopyRows rows = new CopyRows(100, lines::write);
    for (List<@Nullable String> row : expected) {
      for (String value : row) {
        rows.value(value);
      }
      rows.endRow();
    }
    rows.flush();
    return lines.toString(StandardCharsets.UTF_8);
  }
}
