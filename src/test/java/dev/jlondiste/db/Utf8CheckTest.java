package dev.jlondiste.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8CheckTest {
  private static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String problem(byte[] bytes) {
    return String.valueOf(new Utf8Check().problem(bytes, 0, bytes.length));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "plain", "é€\uD83D\uDE00", "\uFFFD"})
  void characters_are_no_problem(String text) {
    assertThat(problem(text.getBytes(StandardCharsets.UTF_8))).isEqualTo("null");
  }

  @Test
  void the_first_byte_that_is_no_character_is_named() {
    assertThat(problem(latin1("caf\u00e9 \u00e9")))
        .isEqualTo("byte 0xe9 at position 4 is not UTF-8");
    assertThat(problem(latin1("\u00c3"))).isEqualTo("byte 0xc3 at position 1 is not UTF-8");
    byte[] large = ("x".repeat(20_000) + "\u00ff").getBytes(StandardCharsets.ISO_8859_1);
    assertThat(problem(large)).isEqualTo("byte 0xff at position 20001 is not UTF-8");
  }
}
