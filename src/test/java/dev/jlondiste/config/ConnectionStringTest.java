package dev.jlondiste.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jlondiste.fault.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionStringTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          dbname=a                          | dbname   | a
          dbname = a   host=b               | dbname   | a
          host=b dbname='a b'               | dbname   | a b
          password='it\\'s \\\\ here'       | password | it's \\ here
          password=it\\'s\\ me              | password | it's me
          dbname=a dbname=b                 | dbname   | b
          host=''port=1                     | port     | 1
          postgresql://u@h/db               | dbname   | db
          postgres://u@h/db                 | user     | u
          postgresql://u:p%2Fw%40@h/db      | password | p/w@
          postgresql://h1:1,h2,[::1]:3/db   | host     | h1,h2,::1
          postgresql://h1:1,h2,[::1]:3/db   | port     | 1,,3
          postgresql:///db?host=/tmp&port=6 | host     | /tmp
          postgresql://%2Ftmp/db            | host     | /tmp
          postgresql://h/d%C3%BC            | dbname   | dü
          postgresql://h/dü                 | dbname   | dü
          postgresql://h/db?ssl=true        | sslmode  | require
          postgresql://h?options=-c%20a%3D1 | options  | -c a=1
          """)
  void reads_what_libpq_reads(String text, String keyword, String value) {
    assertThat(ConnectionString.parse(text).value(keyword)).contains(value);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          prot=5432                 | unknown keyword "prot" at position 1; did you mean "port"?
          host=a  datbase           | missing "=" after "datbase" at position 9
          dbname='a                 | the quote at position 8 is never closed
          postgresql://h/db?prot=1  | unknown query parameter "prot" at position 19; did you mean "port"?
          postgresql://h:x1/db      | the port is not a number at position 16
          postgresql://h/%zz        | a % without two hexadecimal digits, or %00, at position 16
          postgresql://[::1/db      | the [ is never closed at position 14
          postgresql://h/db?host    | a query parameter is not of the form keyword=value at position 19
          """)
  void says_what_is_wrong_and_where(String text, String message) {
    assertThatThrownBy(() -> ConnectionString.parse(text))
        .isInstanceOf(UserError.class)
        .hasMessageEndingWith(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "password=top secret dbname=a",
        "password=top secret=1 dbname=a",
        "dbname=a password='top secret",
        "password=top 'secret' x",
        "postgresql://u:top/secret@h/db",
        "postgresql://u:top@secret@h/db",
        "postgresql://u:top%secret@h/db",
        "postgresql://h/db?password=top&secret=1"
      })
  void errors_do_not_show_what_may_be_a_password(String text) {
    assertThatThrownBy(() -> ConnectionString.parse(text))
        .isInstanceOf(UserError.class)
        .satisfies(
            e -> assertThat(e.getMessage() + ((UserError) e).hint()).doesNotContain("secret"));
    assertThat(ConnectionString.mask(text)).doesNotContain("secret");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          host=a password=secret user=b          | host=a password=*** user=b
          password = 'sec\\' ret' user=b         | password = *** user=b
          password=secret password=secret2       | password=*** password=***
          sslpassword=secret                     | sslpassword=***
          postgresql://u:secret@h/db             | postgresql://u:***@h/db
          postgresql://h/db?password=secret&port=1 | postgresql://h/db?password=***&port=1
          postgresql://h/db?sslpassword=secret   | postgresql://h/db?sslpassword=***
          user=password dbname=x                 | user=password dbname=x
          """)
  void is_shown_without_passwords(String text, String masked) {
    ConnectionString string = ConnectionString.parse(text);
    assertThat(string.masked()).isEqualTo(masked);
    assertThat(string).hasToString(masked);
    assertThat(string.text()).isEqualTo(text);
  }

  @Test
  void later_pairs_win_over_keyword_strings() {
    ConnectionString string =
        ConnectionString.parse("dbname=a user=b").overriddenBy("user=c sslmode=require");
    assertThat(string.text()).isEqualTo("dbname=a user=b user=c sslmode=require");
    assertThat(string.value("user")).contains("c");
  }

  @Test
  void later_pairs_win_over_uris() {
    ConnectionString string =
        ConnectionString.parse("postgresql://u:it's@h/a").overriddenBy("user=c");
    assertThat(string.value("user")).contains("c");
    assertThat(string.value("password")).contains("it's");
    assertThat(string.value("host")).contains("h");
  }

  @Test
  void nothing_extra_changes_nothing() {
    ConnectionString string = ConnectionString.parse("dbname=a");
    assertThat(string.overriddenBy(" ")).isSameAs(string);
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "it's", "back\\slash", "with blank", "end\\"})
  void any_database_name_can_be_appended(String name) {
    assertThat(ConnectionString.parse("host=a dbname=x").withDatabase(name).value("dbname"))
        .contains(name);
    assertThat(ConnectionString.parse("postgres://a/x").withDatabase(name).value("dbname"))
        .contains(name);
  }

  @Test
  void an_appended_database_is_quoted() {
    assertThat(ConnectionString.parse("host=a").withDatabase("b'c").text())
        .isEqualTo("host=a dbname='b\\'c'");
  }

  @Test
  void warns_of_keywords_that_have_no_effect() {
    assertThat(ConnectionString.parse("dbname=a sslcrl=x client_encoding=utf8").warnings())
        .containsExactly("connect string: keyword \"sslcrl\" is not supported, ignored");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          dbname=a                    | false | false
          host=/tmp                   | false | false
          host=db1                    | true  | false
          hostaddr=10.0.0.1           | true  | false
          service=x                   | true  | false
          host=localhost              | true  | true
          host=127.0.0.9              | true  | true
          postgres://[::1]/a          | true  | true
          host=db1,127.0.0.1          | true  | true
          host=name hostaddr=127.0.0.1 | true | true
          dbname=127.0.0.1            | false | false
          """)
  void knows_whether_others_can_use_it(String text, boolean namesHost, boolean loopback) {
    ConnectionString string = ConnectionString.parse(text);
    assertThat(string.namesHost()).isEqualTo(namesHost);
    assertThat(string.isLoopback()).isEqualTo(loopback);
  }
}
