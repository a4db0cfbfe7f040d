package dev.jlondiste.replica.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScriptHeaderTest {
  @Test
  void values_are_read_up_to_the_first_statement() {
    String sql =
        """

        -- a comment
        --*-- Local-Table: public.a, b,
        --*--    s.c
        --*--need-FUNCTION: f(2)

        -- another
        --*-- Local-Table: d
        select 1;
        --*-- Need-Schema: late
        """;
    assertThat(ScriptHeader.parse("s.sql", sql))
        .containsExactly(entry("local-table", "public.a,b,s.c,d"), entry("need-function", "f(2)"));
    assertThat(Script.parse("s.sql", sql).attributes())
        .contains("local-table=public.a%2cb%2cs.c%2cd&need-function=f%282%29");
  }

  @Test
  void a_script_without_header_has_no_attributes() {
    assertThat(Script.parse("s.sql", "-- nothing\nselect 1").attributes()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--*-- Foo: x | Invalid key: Foo",
        "--*-- Local-Table | s.sql, line 1: no key in '--*-- Local-Table'",
        "--*-- Local-Table: | s.sql, line 1: '--*-- Local-Table:' has no value",
        "--*-- Local-Table: a, | s.sql: the header ends with a comma",
        "--*-- Need-Function: f | s.sql: need-function: 'f': expected a name and the number of"
            + " arguments, such as f(2)",
        "--*-- Need-Pgver: new | s.sql: need-pgver: 'new': expected a version of PostgreSQL, such"
            + " as >=12, <18 or 14",
        "--*-- Need-Table: a. | s.sql: need-table: 'a.': empty schema or table name: 'a.'",
      })
  void errors_name_the_line_and_the_value(String sql, String message) {
    assertThatThrownBy(() -> ScriptHeader.parse("s.sql", sql)).hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource({
    ">=12, 120005, true",
    ">=12, 110022, false",
    "<18, 170006, true",
    "<18, 180000, false",
    ">9.6, 90624, false",
    ">9.6, 100000, true",
    "<=9.6, 90624, true",
    "14, 140001, true",
    "14, 150001, false",
    "=9.6, 90601, true",
    "9.6, 90501, false",
    "14.3, 140003, true",
    "14.3, 140004, false",
    ">= 14.3, 140004, true",
  })
  void versions_are_compared_as_postgresql_numbers_them(String text, int server, boolean expected) {
    assertThat(ServerVersion.parse(text).includes(server)).isEqualTo(expected);
  }
}
