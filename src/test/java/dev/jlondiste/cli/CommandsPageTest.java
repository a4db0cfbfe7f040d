package dev.jlondiste.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The page of commands is what the programs print. */
class CommandsPageTest {
  private static final Path PAGE = Path.of("src/docs/commands.md");
  private static final String WRITE = "jlondiste.docs.write";
  private static final String REGENERATE =
      "mvn -q test -Dtest=CommandsPageTest -D" + WRITE + "=true";

  @Test
  void the_page_is_current() throws IOException {
    String current = CommandsPage.text(REGENERATE);
    if (Boolean.getBoolean(WRITE)) {
      Files.writeString(PAGE, current);
    }
    assertThat(Files.readString(PAGE))
        .as("%s differs from the help of the programs; to regenerate it: %s", PAGE, REGENERATE)
        .isEqualTo(current);
  }
}
