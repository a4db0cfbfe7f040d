package dev.jlondiste.qadmin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.config.Environment;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is typed at a terminal, on one whose keys and screen are streams. */
class TerminalLinesTest {
  private static final Completion.Names NAMES =
      new Completion.Names() {
        @Override
        public List<String> queues() {
          return List.of("shop_orders");
        }

        @Override
        public List<String> consumers() {
          return List.of();
        }

        @Override
        public List<String> nodes() {
          return List.of();
        }
      };

  @TempDir private Path directory;
  private final ByteArrayOutputStream screen = new ByteArrayOutputStream();

  private Path file() {
    return directory.resolve("state/jlondiste/qadmin_history");
  }

  private TerminalLines lines(String keys) throws IOException {
    return lines(terminal(new ByteArrayInputStream(keys.getBytes(UTF_8))));
  }

  private Terminal terminal(InputStream keys) throws IOException {
    return TerminalBuilder.builder()
        .name("test")
        .type("ansi")
        .encoding(UTF_8)
        .streams(keys, screen)
        .build();
  }

  private TerminalLines lines(Terminal terminal) {
    return TerminalLines.on(
        terminal, file(), continued -> continued ? "-> " : "=> ", new Completion(NAMES));
  }

  @Test
  void a_tab_completes_words_and_names() throws IOException {
    try (TerminalLines lines = lines("drop que\tsho\t;\r")) {
      assertThat(lines.nextLine(false)).isEqualTo("drop queue shop_orders ;");
    }
  }

  @Test
  void completion_knows_the_lines_before() throws IOException {
    try (TerminalLines lines = lines("drop\rqueue sh\t\r")) {
      lines.nextLine(false);
      assertThat(lines.nextLine(true)).startsWith("queue shop_orders");
    }
  }

  @Test
  void an_arrow_brings_back_what_an_earlier_session_has_typed() throws IOException {
    try (TerminalLines lines = lines("show status;\r")) {
      lines.nextLine(false);
    }
    assertThat(Files.getPosixFilePermissions(file()))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    try (TerminalLines lines = lines("\u001b[A\r")) {
      assertThat(lines.nextLine(false)).isEqualTo("show status;");
    }
  }

  @Test
  void passwords_are_not_kept() throws IOException {
    String typed =
        "connect password=abc123;\rconnect 'postgresql://u:abc123@h/d';\rcreate role r"
            + " PASSWORD\r'abc123'\r;\rshow queue;\r";
    try (TerminalLines lines = lines(typed)) {
      StatementReader reader = new StatementReader(lines);
      for (Optional<Statement> next = reader.next(); next.isPresent(); next = reader.next()) {
        assertThat(next.get().text()).isNotEmpty();
      }
    }
    assertThat(Files.readString(file())).contains("show queue;").doesNotContain("abc123");
  }

  @Test
  void control_d_ends_the_input() throws IOException {
    try (TerminalLines lines = lines("\u0004")) {
      assertThat(lines.nextLine(false)).isNull();
    }
  }

  @Test
  void control_c_abandons_the_statement() throws Exception {
    PipedOutputStream keys = new PipedOutputStream();
    try (Terminal terminal = terminal(new PipedInputStream(keys));
        TerminalLines lines = lines(terminal)) {
      CompletableFuture<@Nullable String> line =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return lines.nextLine(false);
                } catch (IOException e) {
                  throw new CompletionException(e);
                }
              });
      keys.write("drop queue".getBytes(UTF_8));
      keys.flush();
      await().untilAsserted(() -> assertThat(screen.toString(UTF_8)).contains("queue"));
      terminal.raise(Terminal.Signal.INT);
      assertThatThrownBy(() -> line.get(30, TimeUnit.SECONDS))
          .hasCauseInstanceOf(LineSource.Abandoned.class);
    }
  }

  @Test
  void history_is_state_of_the_user() {
    Path home = Path.of("/home/u");
    assertThat(HistoryFile.of(new Environment(Map.of(), home, "u")))
        .isEqualTo(Path.of("/home/u/.local/state/jlondiste/qadmin_history"));
    assertThat(HistoryFile.of(new Environment(Map.of("XDG_STATE_HOME", "/s"), home, "u")))
        .isEqualTo(Path.of("/s/jlondiste/qadmin_history"));
  }
}
