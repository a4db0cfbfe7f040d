package dev.jlondiste.contract.pgq;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a trigger computes from the row: conditions, fields that are expressions, magic columns. */
abstract class TriggerExpressions extends TriggerArguments {
  @ParameterizedTest
  @ValueSource(strings = {"ev_type", "ev_data", "ev_extra1", "ev_extra2", "ev_extra3", "ev_extra4"})
  void every_field_may_be_an_expression(String field) {
    Watched t = pairs(field + "=b || id").run("insert into # values (1, 'x')");

    assertThat(t.event(field)).containsExactly("x1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ev_type", "ev_data", "ev_extra1", "ev_extra2"})
  void an_expression_may_take_a_field_away(String field) {
    Watched t = onePair("backup", field + "=null").run("update # set b = 'x'");

    assertThat(t.event(field)).containsOnlyNulls();
  }

  @Test
  void other_fields_stay_as_they_are() {
    Watched plain = pairs().run("insert into # values (1, 'x')");
    Watched t = pairs("ev_extra3='three'").run("insert into # values (1, 'x')");

    assertThat(t.events("ev_type, ev_data").get(0).get(1))
        .isEqualTo(plain.events("ev_type, ev_data").get(0).get(1));
    assertThat(t.event("ev_extra1, ev_extra3, ev_extra4")).containsExactly(t.table, "three", null);
  }

  @Test
  void columns_are_those_of_the_new_row_or_of_the_deleted_one() {
    Watched t = onePair("ev_extra4=b");

    t.run(
        "insert into # values (2, 'two')",
        "update # set b = 'new' where id = 1",
        "delete from # where id = 2");

    assertThat(t.events("ev_extra4"))
        .containsExactly(List.of("two"), List.of("new"), List.of("two"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`'b'||b`                   | bit's",
        "b /* b */ -- b             | it's",
        "`$$b$$||b||$x$ b $x$`      | `bit's b `",
        "x.y from (select b as y) x | it's",
        "`id::text||id`             | 11",
        "`e'b\\'b'||b`            | b'bit's",
        "id = 1                     | t",
        "array[b, 'c']              | {it's,c}",
        "upper(b)                   | IT'S",
        "b;                         | it's",
        "(select count(*) from pg_class where false) | 0",
        "'12'::int + id             | 13",
        "null::text                 | ",
        "' '                        | ` `",
      })
  void an_expression_is_any_sql_over_the_columns(String expression, @Nullable String text) {
    Watched t = pairs("ev_data=" + expression).run("insert into # values (1, 'it''s')");

    assertThat(t.event("ev_data")).isEqualTo(Collections.singletonList(text));
  }

  @Test
  void quoted_columns_and_functions_named_like_columns_are_told() {
    Watched t =
        watched(
            "id int primary key, upper text, \"Odd b\" text", "ev_data=upper(upper) || \"Odd b\"");

    // the original refuses quoted names, and takes the function for a column
    if (installation().isOurs()) {
      assertThat(t.run("insert into # values (1, 'u', 'b')").event("ev_data"))
          .containsExactly("Ub");
    } else {
      assertThat(t.refusal("insert into # values (1, 'u', 'b')")).isEqualTo("QB: syntax error");
    }
  }

  @Test
  void no_expression_is_null() {
    assertThat(
            pairs("ev_data=", "ev_type= ")
                .run("insert into # values (1, 'x')")
                .event("ev_type, ev_data"))
        .containsOnlyNulls();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"id from generate_series(1, 2) | 2", "id where false | 0"})
  void an_expression_gives_one_row(String expression, int rows) {
    assertThat(pairs("ev_data=" + expression).refusal("insert into # values (1, 'x')"))
        .isEqualTo("Expect 1 row from override query, got " + rows);
  }

  @ParameterizedTest
  @CsvSource({"nosuch, 42703", "B, 42703", "1 +, 42601", "1/0, 22012"})
  void a_wrong_expression_fails_the_change(String expression, String state) {
    Watched t = pairs("ev_data=" + expression);

    assertThat(t.failure("insert into # values (1, 'x')").state()).isEqualTo(state);
    assertThat(t.rows("*")).isEmpty();
  }

  @Test
  void an_expression_is_no_second_statement() {
    Watched t = pairs("ev_data=1; drop table pgq.retry_queue");

    assertThat(t.failure("insert into # values (1, 'x')").state()).isIn("42601", "0A000");
    assertThat(number("select count(*) from pgq.retry_queue")).isZero();
  }

  @Test
  void of_two_expressions_for_one_field_the_first_counts() {
    assertThat(
            pairs("ev_type='a'", "ev_type='b'")
                .run("insert into # values (1, 'x')")
                .event("ev_type"))
        .containsExactly("a");
  }

  @Test
  void a_condition_says_which_rows_are_events() {
    Watched t = pairs("when=b <> 'quiet' and id < 10");

    t.run(
        "insert into # values (1, 'a'), (2, 'quiet'), (11, 'b')",
        "update # set b = 'quiet' where id = 1");
    t.run("delete from # where id = 11", "update # set b = 'loud' where id = 2");

    assertThat(t.kinds()).containsExactly("I", "U");
    assertThat(t.rows("*")).containsExactly(List.of("1", "quiet"), List.of("2", "loud"));
  }

  @Test
  void a_condition_must_not_be_null() {
    assertThat(pairs("when=b = 'x'").refusal("insert into # values (1, null)"))
        .isEqualTo("when= should not be NULL");
  }

  @ParameterizedTest
  @CsvSource({"1, 23", "b, 25", "now(), 1184", "null::int, 23"})
  void a_condition_must_be_boolean(String condition, int type) {
    assertThat(pairs("when=" + condition).refusal("insert into # values (1, 'true')"))
        .isEqualTo("when= query result must be boolean, got=" + type);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ev_type", "ev_data", "ev_extra1", "ev_extra2", "ev_extra3", "ev_extra4"})
  void a_magic_column_is_a_field(String field) {
    Watched t = watched("id int primary key, b text, _pgq_" + field + " text");

    assertThat(t.run("insert into # values (1, 'x', 'magic')").event(field))
        .containsExactly("magic");
    assertThat(t.run("insert into # values (2, 'x', null)").event(field)).containsOnlyNulls();
  }

  @Test
  void a_magic_column_is_no_data() {
    Watched t = watched("id int primary key, b text, _pgq_ev_extra3 int", "backup");

    t.run("insert into # values (1, 'x', 17)", "update # set b = 'y'");

    assertThat(t.events("ev_data, ev_extra2").toString()).doesNotContain("_pgq_ev", "17");
    assertThat(t.events("ev_extra3")).containsExactly(List.of("17"), List.of("17"));
  }

  @Test
  void an_expression_wins_over_a_magic_column() {
    Watched t =
        watched("id int primary key, _pgq_ev_extra3 text", "ev_extra3=_pgq_ev_extra3 || '!'");

    assertThat(t.run("insert into # values (1, 'magic')").event("ev_extra3"))
        .containsExactly("magic!");
  }

  @Test
  void an_unknown_magic_column_is_refused() {
    assertThat(watched("id int primary key, _pgq_ev_foo text").refusal("insert into # values (1)"))
        .isEqualTo("Unknown magic column: _pgq_ev_foo");
    assertThat(
            watched("id int primary key, _pgq_ev_foo text", "ignore=_pgq_ev_foo")
                .refusal("insert into # values (1)"))
        .isEqualTo("Unknown magic column: _pgq_ev_foo");
  }
}
