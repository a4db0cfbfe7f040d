package dev.jlondiste.pgq.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The programs in the documentation are the ones that are compiled. */
class DocumentationTest {
  private static final Path DOCS = Path.of("src/docs");
  private static final Pattern EXAMPLE =
      Pattern.compile("\\(example/([^)]+)\\).*?```java\n(.*?)```", Pattern.DOTALL);

  @Test
  void examples_are_parts_of_their_files() throws IOException {
    String page = Files.readString(DOCS.resolve("consumers.md"));
    List<MatchResult> examples = EXAMPLE.matcher(page).results().toList();
    assertThat(examples).hasSize(2);
    for (MatchResult example : examples) {
      assertThat(Files.readString(DOCS.resolve("example").resolve(example.group(1))))
          .contains(example.group(2));
    }
  }
}
