package dev.jlondiste.pgq.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonScannerTest {
  private static List<@Nullable String> row(String json) {
    JsonScanner scanner = JsonScanner.of(json);
    List<@Nullable String> all = new ArrayList<>();
    for (boolean more = scanner.beginObject(); more; more = scanner.nextMember()) {
      all.add(scanner.name());
      all.add(scanner.plainValue());
    }
    scanner.expectEnd();
    return all;
  }

  @Test
  void numbers_and_booleans_keep_their_text() {
    assertThat(row("{\"a\":-0.0,\"b\":1e+20,\"c\":true,\"d\":false,\"e\":null}"))
        .containsExactly("a", "-0.0", "b", "1e+20", "c", "true", "d", "false", "e", null);
  }

  @Test
  void null_and_its_text_are_different() {
    assertThat(row("{\"a\":null,\"b\":\"null\",\"c\":\"\"}"))
        .containsExactly("a", null, "b", "null", "c", "");
  }

  @Test
  void escapes_are_undone() {
    assertThat(row("{\"q\\\"\\u0041\":\"\\b\\f\\n\\r\\t\\\\\\/\\u00e9\\ud83d\\ude00é😀\"}"))
        .containsExactly("q\"A", "\b\f\n\r\t\\/é😀é😀");
  }

  @Test
  void blanks_between_are_passed_over() {
    assertThat(row(" { \"a\" : 1 ,\n\t\"b\":\"x y\" } ")).containsExactly("a", "1", "b", "x y");
    assertThat(row("{ }")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1",
        "{\"a\":1,}",
        "{\"a\":1}x",
        "{\"a\":\"x}",
        "{\"a\":[1]}",
        "{\"a\":{}}",
        "{a:1}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u12\"}",
        "{\"a\":\"\\ud83d\"}",
        "{\"a\":\"\\",
        "[]",
        "null"
      })
  void anything_else_is_refused(String json) {
    assertThatThrownBy(() -> row(json))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("broken JSON");
  }

  @Test
  void agrees_with_a_library_on_random_rows() throws IOException {
    Random random = new Random(7);
    for (int n = 0; n < 2000; n++) {
      List<@Nullable String> expected = new ArrayList<>();
      StringWriter text = new StringWriter();
      try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
        json.writeStartObject();
        for (int i = random.nextInt(6); i > 0; i--) {
          String name = i + randomText(random);
          String value = random.nextInt(5) == 0 ? null : randomText(random);
          expected.add(name);
          expected.add(value);
          json.writeStringField(name, value);
        }
        json.writeEndObject();
      }
      assertThat(row(text.toString())).as(text.toString()).isEqualTo(expected);
    }
  }

  private static String randomText(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      text.appendCodePoint(
          switch (random.nextInt(4)) {
            case 0 -> 1 + random.nextInt(0x7f);
            case 1 -> 0x80 + random.nextInt(0x5000);
            case 2 -> 0x1f300 + random.nextInt(0x200);
            default -> "\"\\/bfnrtu{}[]:,".charAt(random.nextInt(14));
          });
    }
    return text.toString();
  }
}
