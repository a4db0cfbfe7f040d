package dev.jlondiste.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the program does before it connects to a database. */
class LondisteProgramTest {
  @TempDir private Path directory;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... args) {
    return LondisteProgram.run(
        List.of(args),
        "londiste3",
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private String said() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String complained() {
    return err.toString(StandardCharsets.UTF_8);
  }

  /** Nothing listens on port 1, so that a command which asks a database fails at once. */
  private String ini(String... lines) throws IOException {
    Path file = directory.resolve("node.ini");
    List<String> all =
        Stream.concat(
                Stream.of(
                    "[londiste3]",
                    "db = host=127.0.0.1 port=1 user=nobody dbname=none",
                    "queue_name = q",
                    "logfile = " + log()),
                Stream.of(lines))
            .toList();
    Files.write(file, all);
    return file.toString();
  }

  private Path log() {
    return directory.resolve("node.log");
  }

  private String logged() throws IOException {
    return Files.readString(log()).replaceAll("(?m)^\\d{4}-\\d\\d-\\d\\d \\S+ \\d+ ", "");
  }

  @Test
  void without_ini_file_it_asks_for_one() {
    assertThat(run()).isEqualTo(1);
    assertThat(said()).isEqualTo("need config file, use --help for help.\n");
  }

  @Test
  void without_command_it_asks_for_one() {
    assertThat(run("any.ini")).isEqualTo(1);
    assertThat(said()).isEqualTo("need command\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--version", "-V", "--vers"})
  void version_needs_no_ini_file(String option) {
    assertThat(run(option)).isZero();
    assertThat(said()).startsWith("londiste, Skytools version ").hasLineCount(1);
  }

  @Test
  void help_lists_every_command_under_its_heading() {
    assertThat(run("--help")).isZero();
    assertThat(said())
        .startsWith("Usage: londiste3 [options] INI CMD [subcmd args]")
        .containsSubsequence(
            "Node Initialization:",
            "  create-root ",
            "Node Administration:",
            "  pause ",
            "Cascade layout change:",
            "  change-provider ",
            "Replication Daemon:",
            "  worker ",
            "Replication Administration:",
            "  add-table ",
            "Options:",
            "--version");
  }

  @Test
  void a_command_has_help_of_its_own() {
    assertThat(run("create-leaf", "--help")).isZero();
    assertThat(said())
        .startsWith("Usage: londiste3 [options] INI create-leaf [NAME [PUBLIC_CONNSTR]]\n")
        .contains("--provider=CONNSTR", "--merge=QUEUE");
  }

  @Test
  void an_unknown_command_suggests_the_nearest_one() {
    assertThat(run("any.ini", "create-rot")).isEqualTo(1);
    assertThat(said())
        .isEqualTo(
            "Unknown command 'create-rot', use --help for help\nDid you mean 'create-root'?\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--nosuch | no such option: --nosuch",
        "--comapct | no such option: --comapct; did you mean \"--compact\"?",
        "-x | no such option: -x",
        "--ver | ambiguous option: --ver (--verbose, --version?)",
        "--set | --set option requires 1 argument",
        "--quiet=1 | --quiet option does not take a value",
      })
  void a_bad_option_exits_with_2(String option, String problem) {
    assertThat(run("any.ini", "status", option)).isEqualTo(2);
    assertThat(said()).isEmpty();
    assertThat(complained())
        .startsWith("Usage: londiste3 ")
        .endsWith("\nlondiste3: error: " + problem + "\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tables --json | command 'tables' has no option --json; its options are --names-only",
        "--json tables | command 'tables' has no option --json; its options are --names-only",
        "wait-sync --all-but | ",
        "tables --all-but-f | command 'tables' has no option --all-but-failed; its options are",
        "check --capture=auto | command 'check' has no option --capture",
        "regenerate-triggers --restore | command 'regenerate-triggers' has no option --restore",
        "missing --node=x | command 'missing' has no option --node",
        "resync --allow=x | command 'resync' has no option --allow; did you mean --all?",
      })
  void an_option_of_another_command_is_refused(String words, @Nullable String problem)
      throws IOException {
    List<String> all = new ArrayList<>(List.of(ini()));
    all.addAll(List.of(words.split(" ")));
    int code = run(all.toArray(String[]::new));
    if (problem == null) {
      assertThat(code).isEqualTo(1); // there is no such server
    } else {
      assertThat(code).isEqualTo(2);
      assertThat(complained()).startsWith("Usage: londiste3 ").contains("error: " + problem);
    }
  }

  /** Londiste accepts any of its options with any command. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "tables --all",
        "resync --all --expect-sync --wait-sync",
        "wait-sync --force",
        "status --names-only --dead=x --queue=y",
        "add-seq --all --handler=x --no-triggers"
      })
  void options_that_londiste_ignores_are_ignored_and_logged(String words) throws IOException {
    List<String> all = new ArrayList<>(List.of(ini()));
    all.addAll(List.of(words.split(" ")));
    assertThat(run(all.toArray(String[]::new))).isEqualTo(1);
    assertThat(complained()).doesNotContain("Usage");
    assertThat(logged()).contains("INFO option --").contains(" has no effect on '");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "drop-node | command 'drop-node' got 0 args, but expects 1: node_name",
        "change-provider a b | command 'change-provider' got 2 args, but expects 0-1: NODE",
        "status x | command 'status' got 1 args, but expects 0",
      })
  void arguments_are_counted_before_anything_is_touched(String words, String problem)
      throws IOException {
    assertThat(
            run(
                Stream.concat(Stream.of(ini()), Stream.of(words.split(" ")))
                    .toArray(String[]::new)))
        .isEqualTo(1);
    assertThat(logged()).isEqualTo("ERROR " + problem + "\n");
  }

  /** Nearly every ini file of Londiste has these keys, and scripts search the log for WARN. */
  @Test
  void keys_for_the_daemon_are_not_logged_with_every_command() throws IOException {
    run(ini("pgq_autocommit = 1", "pgq_lazy_fetch = 0"), "status");
    assertThat(logged()).doesNotContain("pgq_lazy_fetch", "pgq_autocommit", "WARN");
  }

  @Test
  void options_may_be_anywhere_on_the_line() throws IOException {
    String file = ini();
    assertThat(run("-q", "--prov", "x", file, "--set=queue_name=other", "drop-node", "--dead", "n"))
        .isEqualTo(1);
    assertThat(logged()).contains("command 'drop-node' got 0 args");
  }

  @Test
  void a_missing_file_is_one_line_without_trace() {
    assertThat(run("nofile.ini", "status")).isEqualTo(1);
    assertThat(said()).isEmpty();
  }

  @Test
  void a_server_that_is_down_is_reported_with_a_hint_and_without_trace() throws IOException {
    assertThat(run(ini(), "members")).isEqualTo(1);
    assertThat(logged())
        .startsWith("ERROR connection to server at \"127.0.0.1\", port 1")
        .contains("\nHINT:  ")
        .doesNotContain("\tat ");
  }

  @Test
  void verbose_adds_the_trace() throws IOException {
    assertThat(run(ini(), "members", "-v")).isEqualTo(1);
    assertThat(logged()).contains("\tat ");
  }

  @Test
  void a_second_admin_command_fails_before_its_arguments_are_checked() throws IOException {
    Path pidfile = directory.resolve("node.pid");
    // Process 1 lives as long as the machine does.
    Files.writeString(directory.resolve("node.pid.admin"), "1");
    assertThat(run(ini("pidfile = " + pidfile), "drop-node")).isEqualTo(1);
    assertThat(said()).isEqualTo("Pidfile exists, another process running?\n");
  }

  @Test
  void a_lock_of_a_dead_process_is_taken_over_and_removed() throws IOException {
    Path lock = directory.resolve("node.pid.admin");
    Files.writeString(lock, "999999999");
    assertThat(run(ini("pidfile = " + directory.resolve("node.pid")), "drop-node")).isEqualTo(1);
    assertThat(said()).isEqualTo("Ignoring stale pidfile\n");
    assertThat(lock).doesNotExist();
  }

  @Test
  void a_signal_without_a_process_is_only_a_warning() throws IOException {
    assertThat(run("-s", ini())).isZero();
    assertThat(run(ini(), "worker", "--kill")).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"worker", "pause", "status"})
  void background_needs_a_pidfile(String command) throws IOException {
    assertThat(run("-d", ini(), command)).isEqualTo(1);
    assertThat(logged()).startsWith("ERROR Daemon needs pidfile");
  }

  @Test
  void the_sample_shows_known_keys_that_were_set() {
    assertThat(run("--ini", "--set", "db=dbname=zz", "--set", "foo=bar")).isZero();
    assertThat(said())
        .startsWith("[londiste3]\n")
        .contains("\ndb = dbname=zz\n")
        .doesNotContain("foo");
  }

  @Test
  void copy_conditions_are_refused_with_what_to_use_instead() throws IOException {
    assertThat(run(ini(), "status", "--copy-condition=x > 1")).isEqualTo(1);
    assertThat(logged()).contains("--copy-condition is not supported", "HINT:  ");
  }
}
