package dev.jlondiste.qadmin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jlondiste.fault.UserError;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatementReaderTest {
  static List<Statement> read(String input) throws IOException {
    StatementReader reader = new StatementReader(lines(input));
    List<Statement> statements = new ArrayList<>();
    Optional<Statement> statement = reader.next();
    while (statement.isPresent()) {
      statements.add(statement.get());
      statement = reader.next();
    }
    return statements;
  }

  private static LineSource lines(String input) {
    Iterator<String> lines = input.lines().iterator();
    return continued -> lines.hasNext() ? lines.next() : null;
  }

  private static List<String> texts(String input) throws IOException {
    return read(input).stream().map(Statement::text).toList();
  }

  @Test
  void several_on_a_line_and_one_over_several() throws IOException {
    assertThat(texts("a b; c;;  ;\nd\n  e ; f")).containsExactly("a b", "c", "d\n  e", "f");
  }

  @Test
  void empty_input_has_no_statement() throws IOException {
    assertThat(texts(" ; ;\n -- only; this\n /* and\n /* that; */ ; */ ;")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select 'a;b'",
        "select 'it''s; '",
        "select E'it\\'s; '",
        "select e'\\\\'",
        "select \"a;\"\"b\"",
        "select $$a;b$$",
        "select $x$a;$$;b$x$",
        "select a$b$ || 'c;d'",
        "select 1 -- one; two",
        "select 1 /* one; /* two; */ */",
        "create rule r as on insert to t do also (delete from a; delete from b)",
        "create function f() returns int begin atomic; select 1; end",
        "create or replace procedure p() begin atomic select case when a then b end; end"
      })
  void semicolons_that_do_not_end_a_statement(String sql) throws IOException {
    List<String> texts = texts(sql + "\n;next;");
    assertThat(texts).hasSize(2);
    assertThat(texts.get(0)).isEqualTo(sql);
    assertThat(texts.get(1)).isEqualTo("next");
  }

  @Test
  void begin_and_end_of_a_transaction_are_statements() throws IOException {
    assertThat(texts("begin; create table t (a int); end;"))
        .containsExactly("begin", "create table t (a int)", "end");
  }

  @Test
  void lines_are_counted() throws IOException {
    assertThat(read("a;\n\n-- x\nb; c\nd;\n'q\n'; e").stream().map(Statement::line))
        .containsExactly(1, 4, 4, 6, 7);
  }

  @Test
  void tokens_have_their_positions() throws IOException {
    Statement statement = read("  Show \"Q\"\"1\" 'it''s' 12 $$x$$ a.b=*;").get(0);
    assertThat(statement.tokens().stream().map(Token::value))
        .containsExactly("Show", "Q\"1", "it's", "12", "x", "a", ".", "b", "=", "*");
    assertThat(statement.tokens().stream().map(token -> cut(statement, token)))
        .containsExactly("Show", "\"Q\"\"1\"", "'it''s'", "12", "$$x$$", "a", ".", "b", "=", "*");
  }

  private static String cut(Statement statement, Token token) {
    return statement.text().substring(token.from(), token.to());
  }

  @Test
  void backslash_commands_end_with_the_line() throws IOException {
    assertThat(texts("\\q\nshow status;")).containsExactly("\\q", "show status");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a 'b;", "a \"b;", "a $$b;", "a $x$ b $$;", "a /* b;", "a E'\\';"})
  void unterminated_quotes_are_refused(String input) {
    assertThatThrownBy(() -> read("x;\n" + input))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("ends inside a")
        .hasMessageContaining("line 2");
  }

  @Test
  void requests_a_line_only_when_it_needs_one() throws IOException {
    List<Boolean> asked = new ArrayList<>();
    Iterator<String> lines = List.of("a; b", "c;", "d;").iterator();
    StatementReader reader =
        new StatementReader(
            continued -> {
              asked.add(continued);
              return lines.hasNext() ? lines.next() : null;
            });
    assertThat(reader.next()).isPresent();
    assertThat(asked).containsExactly(false);
    assertThat(reader.next()).isPresent();
    assertThat(asked).containsExactly(false, true);
    assertThat(reader.next()).isPresent();
    assertThat(reader.next()).isEmpty();
    assertThat(asked).containsExactly(false, true, false, false);
  }

  /** Any input yields statements or a user error, and no text is lost. */
  @Test
  void any_input_is_read_to_its_end() throws IOException {
    String alphabet = "ab E'\"$;-/*()\\\n\t,=1.é😀";
    int[] characters = alphabet.codePoints().toArray();
    Random random = new Random(20240607);
    int read = 0;
    for (int i = 0; i < 20_000; i++) {
      StringBuilder input = new StringBuilder();
      for (int j = random.nextInt(24); j >= 0; j--) {
        input.appendCodePoint(characters[random.nextInt(characters.length)]);
      }
      try {
        for (Statement statement : read(input.toString())) {
          read++;
          assertThat(input.toString()).contains(statement.text().lines().toList());
          assertThat(statement.tokens()).isNotEmpty();
          parseQuietly(statement);
        }
      } catch (UserError e) {
        assertThat(e.problem()).contains("ends inside a");
      }
    }
    assertThat(read).as("the test tests something").isGreaterThan(10_000);
  }

  private static void parseQuietly(Statement statement) {
    for (String beginning : List.of("", "show queue ", "alter queue q set ", "connect ")) {
      String text = beginning + statement.text();
      List<Token> tokens = new ArrayList<>();
      int from = 0;
      for (String word : Arrays.asList(beginning.split(" "))) {
        if (!word.isEmpty()) {
          tokens.add(new Token(Token.Kind.WORD, word, from, from + word.length()));
          from += word.length() + 1;
        }
      }
      statement
          .tokens()
          .forEach(
              t ->
                  tokens.add(
                      new Token(
                          t.kind(),
                          t.value(),
                          t.from() + beginning.length(),
                          t.to() + beginning.length())));
      try {
        assertThat(CommandParser.parse(new Statement(1, text, tokens))).isNotNull();
      } catch (UserError e) {
        assertThat(e.problem()).isNotBlank();
      }
    }
  }
}
