package dev.jlondiste.db;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Finds bytes that are not UTF-8. Used by one thread only. */
public final class Utf8Check {
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);

  private final CharBuffer ignored = CharBuffer.allocate(8192);

  /** What is wrong, as the end of a sentence; null if all of it is UTF-8. */
  public @Nullable String problem(byte[] bytes, int start, int length) {
    ByteBuffer in = ByteBuffer.wrap(bytes, start, length);
    decoder.reset();
    CoderResult result = CoderResult.OVERFLOW;
    while (result.isOverflow()) {
      ignored.clear();
      result = decoder.decode(in, ignored, true);
    }
    return result.isError()
        ? "byte 0x%02x at position %d is not UTF-8"
            .formatted(bytes[in.position()], in.position() - start + 1)
        : null;
  }
}
