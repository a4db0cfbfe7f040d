package dev.jlondiste.pgq;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@code COPY} sends in its binary format, value by value. A {@link java.nio.ByteBuffer}
 * would do as well, at several times the cost.
 */
final class BinaryRow {
  private static final int NULL = -1;

  private final byte[] bytes;
  private final SharedTexts shared;
  private int at;

  /** {@code shared} is for what is the same in many rows. */
  BinaryRow(byte[] bytes, SharedTexts shared) {
    this.bytes = bytes;
    this.shared = shared;
  }

  byte[] bytes() {
    return bytes;
  }

  /** Where the next value is. */
  int position() {
    return at;
  }

  boolean hasMore() {
    return at < bytes.length;
  }

  void skip(int count) {
    at += count;
  }

  int int16() {
    at += 2;
    return (bytes[at - 2] << 8) | (bytes[at - 1] & 0xff);
  }

  int int32() {
    at += 4;
    return (bytes[at - 4] << 24)
        | ((bytes[at - 3] & 0xff) << 16)
        | ((bytes[at - 2] & 0xff) << 8)
        | (bytes[at - 1] & 0xff);
  }

  private long int64() {
    return ((long) int32() << 32) | (int32() & 0xffffffffL);
  }

  /** A bigint that is not NULL. */
  long longValue() {
    int32();
    return int64();
  }

  /** An integer. */
  @Nullable Integer intValue() {
    return int32() == NULL ? null : (Integer) int32();
  }

  /** A text. */
  @Nullable String textValue() {
    int length = int32();
    if (length == NULL) {
      return null;
    }
    at += length;
    return new String(bytes, at - length, length, StandardCharsets.UTF_8);
  }

  /** As {@link #textValue}, for what is the same in many rows. */
  @Nullable String sharedTextValue() {
    int length = int32();
    if (length == NULL) {
      return null;
    }
    at += length;
    return shared.get(bytes, at - length, length);
  }
}
