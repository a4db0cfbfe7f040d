package dev.jlondiste.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpellingTest {
  @ParameterizedTest
  @CsvSource({"kitten, sitting, 3", "a, a, 0", "abc, '', 3", "'', ab, 2", "port, prot, 2"})
  void counts_edits(String a, String b, int edits) {
    assertThat(Spelling.distance(a, b)).isEqualTo(edits);
    assertThat(Spelling.distance(b, a)).isEqualTo(edits);
  }

  @Test
  void guesses_only_what_is_near() {
    List<String> known = List.of("queue_name", "node_name", "db");
    assertThat(Spelling.nearest("Queue-Name", known)).contains("queue_name");
    assertThat(Spelling.nearest("something_else", known)).isEmpty();
    assertThat(Spelling.guess("dbb", known)).isEqualTo("; did you mean \"db\"?");
    assertThat(Spelling.question("db")).isEqualTo("did you mean \"db\"?");
    assertThat(Spelling.guess("something_else", known)).isEmpty();
  }
}
