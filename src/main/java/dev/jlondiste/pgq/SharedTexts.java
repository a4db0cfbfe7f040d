package dev.jlondiste.pgq;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Texts that come again and again, such as types and tables of events: each is made once. */
final class SharedTexts {
  private static final int SLOTS = 512;
  private static final int LONGEST = 1000;

  private static final class Known {
    final byte[] bytes;
    final String text;

    Known(byte[] bytes, String text) {
      this.bytes = bytes;
      this.text = text;
    }
  }

  /** The processor does that faster than a loop. */
  private final CRC32C checksum = new CRC32C();

  private final @Nullable Known[] texts = new @Nullable Known[SLOTS];

  /** The text of these bytes of UTF-8. */
  String get(byte[] from, int start, int length) {
    checksum.reset();
    checksum.update(from, start, length);
    int slot = (int) checksum.getValue() & (SLOTS - 1);
    Known known = texts[slot];
    if (known != null
        && Arrays.equals(known.bytes, 0, known.bytes.length, from, start, start + length)) {
      return known.text;
    }
    String made = new String(from, start, length, StandardCharsets.UTF_8);
    if (length <= LONGEST) {
      texts[slot] = new Known(Arrays.copyOfRange(from, start, start + length), made);
    }
    return made;
  }
}
