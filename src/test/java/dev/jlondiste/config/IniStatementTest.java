package dev.jlondiste.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.config.IniStatement.Header;
import dev.jlondiste.config.IniStatement.Option;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Parses lines of Londiste's files by ini4j, whose other features must stay disabled. */
class IniStatementTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          db = dbname=x port=1     | db            | dbname=x port=1
          db: host=a               | db            | host=a
          a = b:c                  | a             | b:c
          a : b=c                  | a             | b=c
          my key=1                 | my key        | 1
          Queue_Name = Q           | Queue_Name    | Q
          logfile = /x/%(job)s.log | logfile       | /x/%(job)s.log
          a = x ; y # z            | a             | x ; y # z
          a = ends with \\          | a             | ends with \\
          a = c:\\new\\table         | a             | c:\\new\\table
          a = [x]                  | a             | [x]
          a = "quoted"             | a             | "quoted"
          a =                      | a             | ``
          a =\t b                  | a             | b
          größe = 1 ä              | größe         | 1 ä
          """)
  void an_option_is_split_at_the_first_mark(String line, String key, String value) {
    assertThat(IniStatement.parse(line)).contains(new Option(key, value));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          [londiste3]           | londiste3
          [a b]                 | a b
          [londiste] # the root | londiste
          [a/b.c]               | a/b.c
          [a\\b]                | a\\b
          [?]                   | ?
          """)
  void a_header_may_be_followed_by_anything(String line, String section) {
    assertThat(IniStatement.parse(line)).contains(new Header(section));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"just words", "= value", ": value", "[]", "[open", "<other.ini>", "%include x"})
  void other_lines_are_no_statement(String line) {
    assertThat(IniStatement.parse(line)).isEmpty();
  }
}
