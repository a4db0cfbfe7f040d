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
import org.junit.jupiter.params.provider.ValueSource;

class NodeSettingsTest {
  private static final String HEAD = "[londiste3]\ndb = dbname=a\nqueue_name = q\n";

  @TempDir Path directory;

  private Loaded<NodeSettings> load(String content, String... sets) {
    return load(content, List.of("londiste3", "londiste"), sets);
  }

  private Loaded<NodeSettings> load(String content, List<String> sections, String... sets) {
    Path file = directory.resolve("leaf1.ini");
    try {
      Files.writeString(file, content);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    Map<String, String> overrides = new java.util.HashMap<>();
    for (String set : sets) {
      overrides.put(set.substring(0, set.indexOf('=')), set.substring(set.indexOf('=') + 1));
    }
    return NodeSettings.read(file, overrides, sections);
  }

  private NodeSettings read(String content, String... sets) {
    return load(content, sets).settings();
  }

  @Test
  void the_shortest_file_has_all_defaults() {
    Loaded<NodeSettings> loaded = load(HEAD);
    assertThat(loaded.warnings()).isEmpty();
    NodeSettings node = loaded.settings();
    assertThat(node.job())
        .isEqualTo(
            new JobSettings(
                "leaf1",
                Optional.empty(),
                10485760,
                3,
                Optional.empty(),
                Duration.ofSeconds(1),
                Duration.ofSeconds(20),
                List.of(),
                Duration.ofMinutes(5),
                Duration.ofMinutes(15),
                Duration.ofMinutes(20),
                Optional.empty()));
    assertThat(node.consumer())
        .isEqualTo(
            new ReadSettings(false, 0, Optional.empty(), Optional.empty(), Duration.ofMinutes(5)));
    assertThat(node.consumerName()).isEqualTo("leaf1");
    assertThat(node.copies().streams()).isEqualTo(2);
    assertThat(node.lockTimeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(node.ticker()).isFalse();
    assertThat(node.tables()).isEqualTo(RegisterFilter.ALL);
    assertThat(node.applyBatchBytes()).isEqualTo(16 << 20);
  }

  @Test
  void settings_of_the_process() {
    JobSettings job =
        read(HEAD
                + """
                    log_size = 5000
                    log_count = 7
                    connection_lifetime = 45
                    exception_grace = 60
                    exception_reset = 120
                    syslog = 1
                    syslog_ident = replica
                    """)
            .job();
    assertThat(job.logSize()).isEqualTo(5000);
    assertThat(job.logCount()).isEqualTo(7);
    assertThat(job.connectionLifetime()).isEqualTo(Duration.ofSeconds(45));
    assertThat(job.exceptionGrace()).isEqualTo(Duration.ofMinutes(1));
    assertThat(job.exceptionReset()).isEqualTo(Duration.ofMinutes(2));
    assertThat(job.syslog()).hasValueSatisfying(s -> assertThat(s.ident()).isEqualTo("replica"));
  }

  @Test
  void keys_are_of_any_case_and_either_sign() {
    NodeSettings node = read("[londiste3]\nDB: dbname=a\nQueue_Name=q\n");
    assertThat(node.db().text()).isEqualTo("dbname=a");
    assertThat(node.queueName()).isEqualTo("q");
  }

  @Test
  void comments_stand_at_the_start_of_a_line_only() {
    NodeSettings node = read(HEAD + "# c\n ; c\nnode_name = a # b ; c\n");
    assertThat(node.nodeName()).contains("a # b ; c");
  }

  @Test
  void indented_lines_continue_a_value() {
    NodeSettings node =
        read(HEAD + "compare_sql = select 1\n   from x\n# comment\n\n  where y\n\nnode_name = n\n");
    assertThat(node.compareSql()).contains("select 1\nfrom x\n\nwhere y");
    assertThat(node.nodeName()).contains("n");
  }

  @Test
  void a_value_may_start_in_the_next_line() {
    assertThat(read(HEAD + "register_only_tables =\n  a,\n  b\n").tables().only())
        .containsExactly("a", "b");
  }

  @Test
  void backslashes_are_ordinary() {
    assertThat(read(HEAD + "compare_sql = a\\tb\\\nnode_name = c\n").compareSql())
        .contains("a\\tb\\");
  }

  @Test
  void indented_keys_are_keys_unless_deeper_than_the_one_before() {
    assertThat(read("[londiste3]\n  db = dbname=a\n  queue_name = q\n").queueName()).isEqualTo("q");
  }

  @Test
  void defaults_apply_to_every_section() {
    NodeSettings node = read("[DEFAULT]\nqueue_name = q0\nother = 1\n[londiste3]\ndb = dbname=a\n");
    assertThat(node.queueName()).isEqualTo("q0");
  }

  @Test
  void an_unknown_default_is_no_warning_because_it_may_be_for_others() {
    assertThat(load("[DEFAULT]\nother = 1\n" + HEAD).warnings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          queue_name = r                | key "queue_name" in section [londiste3] is given twice (FILE:4)
          [londiste3]                   | section [londiste3] is given twice (FILE:4)
          just words                    | syntax error in configuration (FILE:4)
          = x                           | syntax error in configuration (FILE:4)
          loop_delay = soon             | invalid value "soon" for parameter loop_delay in configuration (FILE:4)
          parallel_copies = 0           | invalid value "0" for parameter parallel_copies in configuration (FILE:4)
          parallel_copies = 1.5         | invalid value "1.5" for parameter parallel_copies in configuration (FILE:4)
          local_only = maybe            | invalid value "maybe" for parameter local_only in configuration (FILE:4)
          log_size = big                | invalid value "big" for parameter log_size in configuration (FILE:4)
          exception_sleep = -1          | invalid value "-1" for parameter exception_sleep in configuration (FILE:4)
          inventory_ignore = a.b, log_* | invalid value "log_*" for parameter inventory_ignore in configuration (FILE:4)
          inventory_ignore = a.b,       | invalid value "" for parameter inventory_ignore in configuration (FILE:4)
          config_format = 3             | invalid value "3" for parameter config_format in configuration (FILE:4)
          syslog_facility = x           | invalid value "x" for parameter syslog_facility in configuration (FILE:4)
          node_name = 5%b               | parameter node_name: a single % at position 2 (FILE:4)
          node_name = %(nope)s          | parameter node_name: there is no key "nope" to refer to (FILE:4)
          node_name = %(node_name)s     | parameter node_name: references are nested deeper than 10 levels (FILE:4)
          public_node_location = prot=1 | parameter public_node_location (FILE:4): connect string: unknown keyword "prot" at position 1; did you mean "port"?
          """)
  void errors_have_the_problem_and_the_line(String line, String message) {
    assertThatThrownBy(() -> read(HEAD + line + "\n"))
        .isInstanceOf(UserError.class)
        .hasMessage(message.replace("FILE", directory.resolve("leaf1.ini").toString()));
  }

  @Test
  void a_key_before_the_first_section_is_an_error() {
    assertThatThrownBy(() -> read("db = x\n"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("leaf1.ini:1");
  }

  @Test
  void text_that_is_not_utf8_is_an_error() throws IOException {
    Path file = directory.resolve("latin1.ini");
    Files.write(file, new byte[] {'[', (byte) 0xe4, ']'});
    assertThatThrownBy(() -> NodeSettings.read(file, Map.of(), List.of("londiste3")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("not UTF-8");
  }

  @Test
  void a_missing_file_is_named() {
    assertThatThrownBy(() -> NodeSettings.read(Path.of("no.ini"), Map.of(), List.of("londiste3")))
        .isInstanceOf(UserError.class)
        .hasMessage("Config file not found: no.ini");
  }

  @Test
  void the_own_section_has_precedence_over_the_other_name() {
    String both = "[londiste]\ndb = dbname=a\nqueue_name = one\n" + HEAD.replace("= q", "= three");
    assertThat(load(both, List.of("londiste", "londiste3")).settings().queueName())
        .isEqualTo("one");
    assertThat(load(both, List.of("londiste3", "londiste")).settings().queueName())
        .isEqualTo("three");
    assertThat(load(HEAD, List.of("londiste", "londiste3")).settings().queueName()).isEqualTo("q");
  }

  @Test
  void a_missing_section_names_both() {
    assertThatThrownBy(() -> read("[other]\na = 1\n"))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll("[londiste3] or [londiste]", "leaf1.ini");
  }

  @ParameterizedTest
  @ValueSource(strings = {"db", "queue_name"})
  void required_keys_are_required(String key) {
    String without = HEAD.replaceAll(key + " = .*\n", "");
    assertThatThrownBy(() -> read(without))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("\"" + key + "\" not specified in config");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          %(queue_name)s_node       | q_node
          %(Queue_Name)s            | q
          100%%                     | 100%
          %(job_name)s              | leaf1
          %(service_name)s          | londiste3
          %%(cnt)d                  | %(cnt)d
          ${queue_name}             | ${queue_name}
          """)
  void values_may_refer_to_others(String value, String result) {
    assertThat(read(HEAD + "node_name = " + value + "\n").nodeName()).contains(result);
  }

  @Test
  void built_in_values_know_the_file() {
    NodeSettings node =
        read(HEAD + "pidfile = %(config_dir)s/x.pid\nnode_name = %(config_file)s %(host_name)s\n");
    assertThat(node.job().pidfile()).contains(directory.resolve("x.pid"));
    assertThat(node.nodeName().orElseThrow()).startsWith(directory.resolve("leaf1.ini") + " ");
  }

  @Test
  void references_nest_ten_levels_deep() {
    StringBuilder chain = new StringBuilder(HEAD + "x9 = end\n");
    for (int i = 8; i >= 1; i--) {
      chain.append("x" + i + " = %(x" + (i + 1) + ")s\n");
    }
    assertThat(read(chain + "node_name = %(x1)s\n").nodeName()).contains("end");
    assertThatThrownBy(() -> read(chain + "x0 = %(x1)s\nnode_name = %(x0)s\n"))
        .isInstanceOf(UserError.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ${queue_name}_node  | q_node
          ${other:key}        | %(plain)s 100%
          $$5                 | $5
          """)
  void format_2_has_another_syntax(String value, String result) {
    String file =
        HEAD
            + "config_format = 2\nnode_name = "
            + value
            + "\n[other]\nkey = ${a}\na = %(plain)s 100%\n";
    assertThat(read(file).nodeName()).contains(result);
  }

  @ParameterizedTest
  @ValueSource(strings = {"$x", "${nope}", "${a", "${other:nope}"})
  void format_2_refuses_stray_marks(String value) {
    assertThatThrownBy(() -> read(HEAD + "config_format = 2\nnode_name = " + value + "\n"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("leaf1.ini:5");
  }

  @Test
  void ignored_objects_are_patterns_of_full_names() {
    IgnoredObjects ignored =
        read(HEAD + "inventory_ignore = public.log_*, audit.?\n").inventoryIgnore();
    assertThat(List.of("public.log_1", "audit.x")).allMatch(ignored::contains);
    assertThat(List.of("public.logs", "audit.xy", "x.public.log_1")).noneMatch(ignored::contains);
    assertThat(read(HEAD + "inventory_ignore = *").inventoryIgnore().contains("a.b")).isTrue();
    assertThat(read(HEAD).inventoryIgnore()).isEqualTo(IgnoredObjects.NONE);
  }

  @Test
  void set_overrides_the_file() {
    NodeSettings node =
        read(HEAD, "queue_name=other", "loop_delay = 0.25 ", "node_name=%(queue_name)s");
    assertThat(node.queueName()).isEqualTo("other");
    assertThat(node.job().loopDelay()).isEqualTo(Duration.ofMillis(250));
    assertThat(node.nodeName()).contains("other");
    assertThatThrownBy(() -> read(HEAD, "loop_delay=x"))
        .hasMessage("invalid value \"x\" for parameter loop_delay in configuration (--set)");
  }

  @Test
  void an_unknown_key_is_a_warning_that_names_the_nearest() {
    assertThat(load(HEAD + "queue_nam = x\nzzzzzzzz = 1\n").warnings())
        .containsExactly(
            "unknown parameter queue_nam, ignored (%s:4); did you mean \"queue_name\"?"
                .formatted(directory.resolve("leaf1.ini")),
            "unknown parameter zzzzzzzz, ignored (%s:5)".formatted(directory.resolve("leaf1.ini")));
  }

  @Test
  void accepted_keys_without_effect_say_so_once() {
    assertThat(load(HEAD + "logfmt_file = x\nuse_skylog = 1\n").warnings())
        .hasSize(2)
        .anyMatch(text -> text.startsWith("parameter logfmt_file is ignored"))
        .anyMatch(text -> text.startsWith("parameter use_skylog is not supported"));
    assertThat(load(HEAD + "use_skylog = 0\n").warnings()).isEmpty();
  }

  @Test
  void unsupported_connection_keywords_are_warnings() {
    assertThat(load(HEAD.replace("dbname=a", "dbname=a sslcrl=x")).warnings())
        .containsExactly("db: connect string: keyword \"sslcrl\" is not supported, ignored");
  }

  @Test
  void other_sections_do_not_matter() {
    assertThat(load(HEAD + "[pgqd]\nwhatever = 1\n").warnings()).isEmpty();
  }

  @Test
  void legacy_spellings_have_precedence() {
    NodeSettings node =
        read(HEAD + "pgq_queue_name = old\npgq_consumer_id = id\nconsumer_name = n\n");
    assertThat(node.queueName()).isEqualTo("old");
    assertThat(node.consumerName()).isEqualTo("id");
    assertThat(read(HEAD + "consumer_name = n\n").consumerName()).isEqualTo("n");
  }

  @Test
  void the_pair_for_poolers_is_accepted() {
    Loaded<NodeSettings> loaded = load(HEAD + "pgq_autocommit = 1\npgq_lazy_fetch = 0\n");
    assertThat(loaded.settings().consumer().autocommit()).isTrue();
    assertThat(loaded.warnings()).isEmpty();
    assertThat(loaded.notes())
        .satisfiesExactly(
            text -> assertThat(text).startsWith("parameter pgq_lazy_fetch is ignored: events are"),
            text -> assertThat(text).startsWith("parameter pgq_autocommit is on ("));
  }

  @ParameterizedTest
  @CsvSource({
    "500, 500",
    "64K, 65536",
    "10 MB, 10485760",
    "1.5k, 1536",
    "2GB, 2147483648",
    "7b, 7"
  })
  void sizes_have_units(String text, long bytes) {
    assertThat(read(HEAD + "log_size = " + text + "\n").job().logSize()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "yes", "TRUE", "On"})
  void flags_have_several_words(String word) {
    assertThat(read(HEAD + "local_only = " + word + "\n").localOnly()).isTrue();
  }

  @Test
  void home_directories_are_expanded() {
    String home = System.getProperty("user.home");
    assertThat(read(HEAD + "logfile = ~/x.log\n").job().logfile()).contains(Path.of(home, "x.log"));
    assertThat(read(HEAD + "logfile = ~root/x.log\n").job().logfile())
        .contains(Path.of("/root/x.log"));
    assertThat(read(HEAD + "logfile = log/x.log\n").job().logfile()).contains(Path.of("log/x.log"));
    assertThat(read(HEAD + "logfile =\n").job().logfile()).isEmpty();
  }

  @Test
  void a_ticker_may_run_inside() {
    NodeSettings node = read(HEAD + "ticker = 1\nticker_period = 0.2\nsyslog = 1\n");
    assertThat(node.ticker()).isTrue();
    TickerSettings ticker = node.tickerLoop().orElseThrow();
    assertThat(ticker.tickerPeriod()).isEqualTo(Duration.ofMillis(200));
    assertThat(ticker.maintPeriod()).isEqualTo(Duration.ofMinutes(2));
    assertThat(ticker.connectionLifetime()).isEqualTo(Duration.ofMinutes(20));
    assertThat(node.job().syslog()).contains(new SyslogSettings("leaf1", "daemon"));
  }

  @Test
  void keys_of_handlers_are_passed_to_them() {
    Loaded<NodeSettings> loaded =
        load(HEAD + "shard_hash_func = f\nobfuscator_key = secret\nobfuscator_map = map.yaml\n");
    assertThat(loaded.warnings()).isEmpty();
    assertThat(loaded.settings().handlerSettings())
        .containsEntry("shard_hash_func", "f")
        .containsEntry("obfuscator_key", "secret");
    assertThat(loaded.settings().handlerSettings().get("obfuscator_map")).endsWith("map.yaml");
    assertThat(load(HEAD + "handler_modules =\n").warnings()).isEmpty();
  }

  @Test
  void handlers_get_their_keys() {
    assertThat(read(HEAD + "shard_hash_func = f\n").handlerSettings())
        .containsExactly(Map.entry("shard_hash_func", "f"));
    assertThat(read(HEAD + "handler_directory = ~/handlers\n").handlerSettings())
        .containsEntry("handler_directory", System.getProperty("user.home") + "/handlers");
  }

  @Test
  void passwords_are_in_no_text_but_the_connect_string() {
    String ini =
        HEAD.replace("dbname=a", "dbname=a password=secret")
            + "remote_extra_connstr = password=secret\nticker = 1\n";
    NodeSettings node = read(ini);
    assertThat(node.toString()).doesNotContain("secret");
    assertThat(String.valueOf(node.tickerLoop())).doesNotContain("secret");
    assertThatThrownBy(() -> read(HEAD + "remote_extra_connstr = password=a secret\n"))
        .isInstanceOf(UserError.class)
        .message()
        .doesNotContain("secret");
  }
}
