package dev.jlondiste.replica.handler;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rows in the text format of COPY. */
class CopyLineTest {
  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void values_are_read_and_written() {
    List<byte[]> values = CopyLine.read(bytes("a\\tb\t\\N\t\t\\\\N\t\\b\\f\\n\\r\\v\u00e9\n"));
    assertThat(values)
        .containsExactly(
            bytes("a\tb"), null, bytes(""), bytes("\\N"), bytes("\b\f\n\r\u000b\u00e9"));
    assertThat(CopyLine.write(values))
        .isEqualTo(bytes("a\\tb\t\\N\t\t\\\\N\t\\b\\f\\n\\r\\v\u00e9\n"));
  }

  @Test
  void every_byte_is_the_same_after_both() {
    byte[] all = new byte[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    List<byte[]> values = new ArrayList<>(List.of(all, bytes("")));
    values.add(1, null);
    assertThat(CopyLine.read(CopyLine.write(values))).containsExactly(all, null, bytes(""));
  }
}
