package dev.jlondiste.replica.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jlondiste.replica.script.ScriptStatement.TransactionControl;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptReaderTest {
  private static List<ScriptStatement> read(String sql) {
    return ScriptReader.statements("s.sql", sql);
  }

  private static List<String> texts(String sql) {
    return read(sql).stream().map(ScriptStatement::sql).toList();
  }

  @Test
  void statements_end_at_semicolons_and_empty_ones_are_left_out() {
    assertThat(texts("select 1; ;-- nothing\n;select 2")).containsExactly("select 1", "select 2");
    assertThat(texts("  -- only\n/* comments */ ;")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select 'a;b', 'it''s; ', E'\\';', \"x;\"\"y\"",
        "select $$a;b$$, $t$ $$; $t$, $1, a$b$, 1",
        "select /* ; /* ; */ ; */ 1 -- ;\n + 2",
        "select U&'d\\0061;t', B'01;', n';'",
        "create rule r as on insert to t do also (insert into a values (1); delete from b)",
        "create function f() returns int begin atomic select 1; select 2; end",
        "create or replace procedure p() language sql begin atomic"
            + " select case when 1 = 1 then 2 end; select 3; end",
        "create function begins() returns void language plpgsql as 'begin null; end;'",
        "select e'\\\\', ';'"
      })
  void semicolons_inside_of_something_end_nothing(String sql) {
    assertThat(texts("select 0; " + sql + "; select 9"))
        .containsExactly("select 0", sql, "select 9");
  }

  @Test
  void each_statement_knows_its_line_and_that_of_an_error_inside() {
    List<ScriptStatement> statements = read("-- head\n\nselect\n 1;\nselect\n\n  nonsense;");
    assertThat(statements).extracting(ScriptStatement::line).containsExactly(3, 5);
    assertThat(statements.get(1).lineOf(11)).isEqualTo(7);
    assertThat(statements.get(1).lineOf(1)).isEqualTo(5);
    assertThat(statements.get(1).lineOf(1000)).isEqualTo(7);
    assertThat(statements.get(1).brief()).isEqualTo("select nonsense");
  }

  @Test
  void rows_of_a_copy_belong_to_it() {
    List<ScriptStatement> statements =
        read("COPY public.t (a, b) FROM stdin;\n1\tit's;\n2\t\\N\n\\.\n\nselect 1;\n");
    assertThat(statements)
        .extracting(ScriptStatement::sql)
        .containsExactly("COPY public.t (a, b) FROM stdin", "select 1");
    assertThat(statements.get(0).data()).isEqualTo("1\tit's;\n2\t\\N\n");
    assertThat(statements.get(1).data()).isNull();
    assertThat(statements.get(1).line()).isEqualTo(6);
    assertThat(read("copy t from stdin with (format csv);\n\\.").get(0).data()).isEmpty();
    assertThat(read("copy t from '/tmp/stdin'").get(0).data()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "select 1; select 'a | s.sql, line 1: a string in quotes is not closed",
        "/* | s.sql, line 1: a comment is not closed",
        "select $a$ $$ | s.sql, line 1: a string that begins with $a$ is not closed",
        "\\i other.sql | s.sql, line 1: commands of psql are not possible: \\i other.sql",
        "copy t from stdin | s.sql, line 1: COPY … FROM STDIN without rows",
        "copy (select 1) to stdout | s.sql, line 1: COPY … TO STDOUT: a script has no output"
      })
  void what_cannot_be_split_is_refused(String sql, String message) {
    assertThatThrownBy(() -> read(sql)).hasMessage(message);
  }

  @Test
  void rows_without_end_are_refused() {
    assertThatThrownBy(() -> read("select 1;\ncopy t from stdin;\n1\n2"))
        .hasMessage("s.sql, line 2: the rows of COPY … FROM STDIN have no end");
  }

  @ParameterizedTest
  @CsvSource({
    "begin, FRAME",
    "START TRANSACTION read only, FRAME",
    "Commit work, FRAME",
    "end, FRAME",
    "commit prepared 'x', END",
    "rollback, END",
    "abort, END",
    "prepare transaction 'x', END",
    "rollback to savepoint a, NONE",
    "savepoint a, NONE",
    "prepare p as select 1, NONE",
    "select 'begin', NONE",
  })
  void statements_about_transactions_are_recognized(String sql, TransactionControl expected) {
    assertThat(read(sql).get(0).transactionControl()).isEqualTo(expected);
  }

  @Test
  void operators_cannot_use_them() {
    assertThatThrownBy(() -> Script.parse("a.sql", "select 1;\nBEGIN;\nselect 2;\nCOMMIT;").check())
        .hasMessage("a.sql, line 2: BEGIN: a script cannot begin or end transactions");
    assertThatThrownBy(() -> Script.parse("a.sql", " -- nothing").check())
        .hasMessage("a.sql: has no statement");
    Script.parse(
            "a.sql",
            "do $$ begin null; end $$; create function f() returns int"
                + " language sql begin atomic select 1; end")
        .check();
  }

  @Test
  void names_are_found_in_quotes_and_parentheses_too() {
    assertThat(
            ScriptReader.names(
                "s.sql", "alter table Orders add \"Odd Col\" text; select f(g.x) from h"))
        .contains("orders", "Odd Col", "f", "g", "x", "h")
        .doesNotContain("Orders");
  }
}
