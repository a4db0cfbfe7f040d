package dev.jlondiste.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ScreenTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private Screen screen(boolean terminal) {
    return new Screen(new PrintStream(bytes, true, StandardCharsets.UTF_8), terminal);
  }

  private String shown() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void a_pipe_gets_plain_lines_and_few_of_them() {
    Screen screen = screen(false);
    screen.command("londiste3 x.ini status");
    for (int i = 0; i < 1000; i++) {
      screen.progress("row " + i, i == 999);
    }
    assertThat(shown()).isEqualTo("$ londiste3 x.ini status\nrow 0\nrow 999\n");
  }

  @Test
  void a_terminal_gets_one_progress_line() {
    Screen screen = screen(true);
    screen.progress("one", false);
    screen.progress("two", false);
    screen.note("done");
    assertThat(shown()).isEqualTo("\r\u001b[Kone\r\u001b[Ktwo\ndone\n");
  }

  @Test
  void a_bar_shows_its_fraction_up_to_the_total() {
    assertThat(ProgressBar.of(1, 3)).isEqualTo("[##########....................]  33%");
    assertThat(ProgressBar.of(9, 3)).isEqualTo("[##############################] 100%");
    assertThat(ProgressBar.of(0, 0)).endsWith("100%");
    assertThat(ProgressBar.of(-1, 3)).endsWith("  0%");
  }
}
