package dev.jlondiste.qadmin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.qadmin.ResultTable.Column;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ResultTableTest {
  private static final List<Column> COLUMNS =
      List.of(Column.text("name"), Column.number("n"), Column.text("note"));

  private static String print(List<List<@Nullable String>> rows) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ResultTable.print(new PrintStream(out, true, StandardCharsets.UTF_8), COLUMNS, rows);
    return out.toString(StandardCharsets.UTF_8);
  }

  private static List<@Nullable String> row(@Nullable String... cells) {
    return Arrays.asList(cells);
  }

  @Test
  void the_format_is_that_of_psql() {
    assertThat(print(List.of(row("first", "1", "x"), row("b", "1234", null))))
        .isEqualTo(
            """
             name  |  n   | note\s
            -------+------+------
             first |    1 | x
             b     | 1234 |\s
            (2 rows)

            """);
  }

  @Test
  void lines_within_a_value_continue_below() {
    assertThat(print(List.of(row("a\nlonger", "1", "one\n\nthree"))))
        .isEqualTo(
            """
              name  | n | note \s
            --------+---+-------
             a     +| 1 | one  +
             longer |   |      +
                    |   | three
            (1 row)

            """);
  }

  @Test
  void control_characters_are_escaped() {
    assertThat(print(List.of(row("a\tb\r\u001b[0m", "1", "é😀"))))
        .isEqualTo(
            """
                 name      | n | note\s
            ---------------+---+------
             a\\tb\\r\\x1B[0m | 1 | é😀
            (1 row)

            """);
  }

  @Test
  void a_result_without_rows_has_a_header() {
    assertThat(print(List.of()))
        .isEqualTo(
            """
             name | n | note\s
            ------+---+------
            (0 rows)

            """);
  }
}
