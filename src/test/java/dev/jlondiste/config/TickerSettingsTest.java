package dev.jlondiste.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jlondiste.fault.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TickerSettingsTest {
  @TempDir Path directory;

  private Loaded<TickerSettings> load(String content) {
    return TickerSettings.read(write("t.ini", content), Map.of());
  }

  private TickerSettings read(String content) {
    return load(content).settings();
  }

  private Path write(String name, String content) {
    try {
      return Files.writeString(directory.resolve(name), content);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void an_empty_section_has_all_defaults() {
    Loaded<TickerSettings> loaded = load("[pgqd]\n");
    assertThat(loaded.warnings()).isEmpty();
    assertThat(loaded.settings())
        .isEqualTo(
            new TickerSettings(
                Optional.empty(),
                Optional.empty(),
                "",
                "template1",
                List.of(),
                Optional.of(new SyslogSettings("pgqd", "daemon")),
                Duration.ofMinutes(1),
                Duration.ofSeconds(30),
                Duration.ofMinutes(2),
                Duration.ofSeconds(1),
                Duration.ofSeconds(30),
                Duration.ofHours(1),
                false));
  }

  @Test
  void reads_its_keys() {
    TickerSettings ticker =
        read(
            """
            [pgqd]
            database_list = a , b
            ticker_period = 0.2
            stats_period = 7
            syslog = 0
            logfile = log/t.log
            """);
    assertThat(ticker.statsPeriod()).isEqualTo(Duration.ofSeconds(7));
    assertThat(ticker.databaseList()).containsExactly("a", "b");
    assertThat(ticker.tickerPeriod()).isEqualTo(Duration.ofMillis(200));
    assertThat(ticker.syslog()).isEmpty();
    assertThat(ticker.logfile()).contains(Path.of("log/t.log"));
  }

  @Test
  void a_percent_sign_is_ordinary_unless_it_names_a_key() {
    assertThat(read("[pgqd]\nbase_connstr = password=a%b%%c\n").baseConnstr())
        .isEqualTo("password=a%b%%c");
    assertThat(read("[pgqd]\nlogfile = log/%(job_name)s.log\n").logfile())
        .contains(Path.of("log/t.log"));
    assertThat(read("[pgqd]\nbase_connstr = user=%(nope)s\n").baseConnstr())
        .isEqualTo("user=%(nope)s");
  }

  @Test
  void indented_lines_are_keys_if_they_look_like_one() {
    TickerSettings ticker = read("[pgqd]\ndatabase_list = a,\n  b\n  base_connstr = host=x\n");
    assertThat(ticker.databaseList()).containsExactly("a", "b");
    assertThat(ticker.baseConnstr()).isEqualTo("host=x");
  }

  @Test
  void other_files_can_be_included() {
    Path other = write("other.ini", "[pgqd]\nretry_period = 7\n");
    assertThat(read("[pgqd]\ncheck_period = 5\n%include " + other + "\n").retryPeriod())
        .isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void a_file_that_includes_itself_is_an_error() {
    assertThatThrownBy(() -> load("%include " + directory.resolve("t.ini") + "\n"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("more than 10 nested files");
    assertThatThrownBy(() -> load("%include nope.ini\n"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("included file not found: nope.ini");
  }

  @Test
  void of_doubles_the_later_counts() {
    Loaded<TickerSettings> loaded = load("[pgqd]\ncheck_period = 5\ncheck_period = 6\n");
    assertThat(loaded.settings().checkPeriod()).isEqualTo(Duration.ofSeconds(6));
    assertThat(loaded.warnings()).singleElement().asString().contains("t.ini:3");
  }

  @Test
  void both_programs_may_share_a_file() {
    assertThat(load("[pgqd]\n[londiste3]\ndb = dbname=a\n").warnings()).isEmpty();
  }

  @Test
  void spellings_without_underscores_are_accepted_with_a_warning() {
    Loaded<TickerSettings> loaded = load("[pgqd]\nbaseconnstr = host=a\ndatabaselist = x\n");
    assertThat(loaded.settings().baseConnstr()).isEqualTo("host=a");
    assertThat(loaded.settings().databaseList()).containsExactly("x");
    assertThat(loaded.warnings())
        .hasSize(2)
        .anyMatch(text -> text.startsWith("parameter baseconnstr is spelled base_connstr"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ticker_period = 0      | invalid value "0" for parameter ticker_period in configuration (FILE:2)
          check_period = x       | invalid value "x" for parameter check_period in configuration (FILE:2)
          nonsense               | syntax error in configuration (FILE:2)
          base_connstr = prot=1  | parameter base_connstr (FILE:2): connect string: unknown keyword "prot" at position 1; did you mean "port"?
          """)
  void errors_have_the_problem_and_the_line(String line, String message) {
    assertThatThrownBy(() -> load("[pgqd]\n" + line + "\n"))
        .isInstanceOf(UserError.class)
        .hasMessage(message.replace("FILE", directory.resolve("t.ini").toString()));
  }

  @Test
  void an_unknown_key_is_a_warning() {
    assertThat(load("[pgqd]\nchek_period = 1\n").warnings())
        .singleElement()
        .asString()
        .endsWith("did you mean \"check_period\"?");
  }

  @Test
  void the_ancient_ticker_gets_help() {
    assertThatThrownBy(() -> load("[pgqadm]\ndb = dbname=a\n"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("[pgqadm]")
        .satisfies(e -> assertThat(((UserError) e).hint()).contains("[pgqd]", "maint_period"));
  }

  @Test
  void each_database_has_its_connect_string() {
    assertThat(read("[pgqd]\nbase_connstr = host=a\n").database("it's").text())
        .isEqualTo("host=a dbname='it\\'s'");
  }
}
