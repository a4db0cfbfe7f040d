package dev.jlondiste.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PgqdProgramTest {
  @TempDir private Path directory;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... args) {
    return PgqdProgram.run(
        List.of(args),
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private String ini(String... lines) throws IOException {
    Path file = directory.resolve("pgqd.ini");
    Files.writeString(file, "[pgqd]\n" + String.join("\n", lines) + "\n");
    return file.toString();
  }

  private String said() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String complained() {
    return err.toString(StandardCharsets.UTF_8).strip();
  }

  @Test
  void answers_without_a_file() {
    assertThat(run("-V")).isZero();
    assertThat(said()).isEqualToIgnoringNewLines("pgqd version 3.5");
    assertThat(run("--help")).isZero();
    assertThat(said()).contains("usage: ").contains("-k        Kill");
    assertThat(run("--ini")).isZero();
    assertThat(said()).contains("[pgqd]");
    assertThat(complained()).isEmpty();
  }

  @Test
  void a_wrong_switch_shows_the_usage() {
    assertThat(run("-vx", "pgqd.ini")).isEqualTo(1);
    assertThat(said()).startsWith("bad switch: usage: ");
    assertThat(complained()).isEqualTo("pgqd: invalid option -- 'x'");
  }

  @Test
  void there_is_no_long_version_switch() {
    assertThat(run("--version")).isEqualTo(1);
    assertThat(said()).startsWith("bad switch: usage: ");
  }

  @Test
  void exactly_one_file_is_required() {
    assertThat(run()).isEqualTo(1);
    assertThat(run("one.ini", "two.ini")).isEqualTo(1);
    assertThat(complained().lines())
        .containsExactly("pgqd requires config file", "pgqd requires config file");
  }

  @Test
  void signals_need_a_pidfile() throws IOException {
    assertThat(run("-s", ini(""))).isEqualTo(1);
    assertThat(complained()).isEqualTo("No pidfile configured");
  }

  @Test
  void a_signal_without_a_process_is_no_failure() throws IOException {
    String ini = ini("pidfile = " + directory.resolve("pgqd.pid"));
    assertThat(run("-k", ini)).isZero();
    assertThat(complained()).isEqualTo("Old process is not running");
  }

  @Test
  void the_background_needs_a_pidfile() throws IOException {
    assertThat(run("-d", ini("logfile = " + directory.resolve("log")))).isEqualTo(1);
  }

  @Test
  void a_second_instance_is_refused() throws IOException, InterruptedException {
    Process other = new ProcessBuilder("sleep", "60").start();
    try {
      Path pidFile = directory.resolve("pgqd.pid");
      Files.writeString(pidFile, String.valueOf(other.pid()));
      assertThat(run("-q", ini("pidfile = " + pidFile))).isEqualTo(1);
      assertThat(pidFile).hasContent(String.valueOf(other.pid()));
    } finally {
      other.destroy();
      other.waitFor();
    }
  }

  @Test
  void letters_can_be_grouped_anywhere_on_the_line() {
    PgqdSwitches switches = PgqdSwitches.parse(List.of("-vqd", "x.ini", "-v"));
    assertThat(switches)
        .isEqualTo(new PgqdSwitches(PgqdSwitches.Action.RUN, true, 2, true, List.of("x.ini")));
  }
}
