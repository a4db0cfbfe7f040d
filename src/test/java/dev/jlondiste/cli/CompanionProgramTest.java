package dev.jlondiste.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.config.CompanionKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompanionProgramTest {
  private static final String REQUIRED =
      "src_db = host=127.0.0.1 port=1 user=u dbname=d\nqueue_name = q\n";

  @TempDir private Path directory;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private int run(CompanionKind kind, String... words) {
    PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
    PrintStream stderr = System.err;
    System.setErr(print);
    try {
      return CompanionProgram.run(
          kind, kind.command(), List.of(words), List.of(words), print, print);
    } finally {
      System.setErr(stderr);
    }
  }

  private String ini(String section, String... lines) throws IOException {
    return Files.writeString(
            directory.resolve("c.ini"),
            "[" + section + "]\n" + REQUIRED + String.join("\n", lines) + "\n")
        .toString();
  }

  private String said() {
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void answers_without_a_file() {
    assertThat(run(CompanionKind.QUEUE_MOVER, "-V")).isZero();
    assertThat(said()).startsWith("queue_mover, Skytools version ");
    assertThat(run(CompanionKind.QUEUE_SPLITTER, "--help")).isZero();
    assertThat(said()).contains("Usage: queue_splitter [options] INI", "--unregister");
    assertThat(run(CompanionKind.QUEUE_SPLITTER, "--ini", "--set", "queue_field=type")).isZero();
    assertThat(said()).contains("[queue_splitter]", "#queue_field = extra1\nqueue_field = type\n");
  }

  @Test
  void wrong_usage_is_refused() throws IOException {
    assertThat(run(CompanionKind.QUEUE_MOVER)).isEqualTo(1);
    assertThat(said()).contains("need config file");
    assertThat(run(CompanionKind.QUEUE_MOVER, "a.ini", "worker")).isEqualTo(1);
    assertThat(said()).contains("takes one config file, got: a.ini worker");
    assertThat(run(CompanionKind.QUEUE_MOVER, "a.ini", "--all")).isEqualTo(2);
    assertThat(said()).contains("no such option: --all");
    assertThat(run(CompanionKind.QUEUE_MOVER, "a.ini", "--register", "--reset")).isEqualTo(2);
    assertThat(run(CompanionKind.QUEUE_MOVER, ini("londiste3"))).isEqualTo(1);
    assertThat(said()).contains("no section [queue_mover] or [queue_mover3] in config file");
  }

  @Test
  void what_is_missing_in_the_ini_file_is_named() throws IOException {
    assertThat(run(CompanionKind.QUEUE_MOVER, ini("queue_mover3"))).isEqualTo(1);
    assertThat(said()).contains("\"dst_queue_name\" not specified in config");
    assertThat(run(CompanionKind.QUEUE_MOVER, ini("queue_mover", "dst_queue_name = q")))
        .isEqualTo(1);
    assertThat(said()).contains("dst_queue_name is the queue 'q' itself");
    assertThat(run(CompanionKind.SIMPLE_CONSUMER, ini("simple_consumer"))).isEqualTo(1);
    assertThat(said()).contains("\"dst_query\" not specified in config");
    assertThat(
            run(CompanionKind.SIMPLE_CONSUMER, ini("simple_consumer", "dst_query = select '5%%'")))
        .isEqualTo(1);
    assertThat(said()).contains("a percent sign that begins no placeholder");
    assertThat(run(CompanionKind.QUEUE_SPLITTER, ini("queue_splitter", "queue_field = ev_id")))
        .isEqualTo(1);
    assertThat(said()).contains("invalid value \"ev_id\" for parameter queue_field");
  }

  @Test
  void keys_without_an_effect_are_named() throws IOException {
    String file =
        ini("queue_splitter", "local_tracking_file = x", "logfmt_file = y", "dst_query = z");
    assertThat(run(CompanionKind.QUEUE_SPLITTER, file, "-s")).isZero();
    assertThat(said())
        .contains("parameter local_tracking_file is ignored: the position is stored in a database")
        .contains("parameter logfmt_file is ignored")
        .contains("unknown parameter dst_query, ignored")
        .contains("No pidfile in config, nothing to do");
    assertThat(run(CompanionKind.QUEUE_SPLITTER, file, "--set", "subconsumer_name=s")).isEqualTo(1);
    assertThat(said()).contains("cooperative consumers are not supported");
    assertThat(run(CompanionKind.QUEUE_SPLITTER, file, "-d")).isEqualTo(1);
    assertThat(said()).contains("Daemon needs pidfile");
  }
}
