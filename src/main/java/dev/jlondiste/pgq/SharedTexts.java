package dev.jlondiste.pgq;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A cache of strings that repeat in a stream, such as types and tables of events: it avoids
 * decoding them for each event.
 */
final class SharedTexts {
  private static final int SLOTS = 512;
  private static final int MAX_LENGTH = 1000;

  private static final class Entry {
    final byte[] bytes;
    final String text;

    Entry(byte[] bytes, String text) {
      this.bytes = bytes;
      this.text = text;
    }
  }

  /** Used as a hash: the JVM has a fast intrinsic for it. */
  private final CRC32C checksum = new CRC32C();

  private final @Nullable Entry[] texts = new @Nullable Entry[SLOTS];

  /** Returns the text of {@code length} bytes of UTF-8. */
  String get(byte[] from, int start, int length) {
    checksum.reset();
    checksum.update(from, start, length);
    int slot = (int) checksum.getValue() & (SLOTS - 1);
    Entry cached = texts[slot];
    if (cached != null
        && Arrays.equals(cached.bytes, 0, cached.bytes.length, from, start, start + length)) {
      return cached.text;
    }
    String text = new String(from, start, length, StandardCharsets.UTF_8);
    if (length <= MAX_LENGTH) {
      texts[slot] = new Entry(Arrays.copyOfRange(from, start, start + length), text);
    }
    return text;
  }
}
