package dev.jlondiste.db;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Encodes rows in the text format of {@code COPY} and passes them on whenever its buffer is full.
 * Memory is bounded by the buffer size. Used by one thread only.
 */
public final class CopyRows {
  /** Receives the encoded bytes, a buffer at a time. */
  @FunctionalInterface
  public interface Sink {
    /** Takes {@code length} bytes, from {@code start}. The array is reused after the call. */
    void write(byte[] bytes, int start, int length) throws SQLException;
  }

  /** Maximum size of an encoded character: four bytes in UTF-8, or a backslash and a letter. */
  private static final int MAX_CHARACTER_BYTES = 4;

  private final Sink sink;
  private final byte[] buffer;
  private int used;
  private boolean inRow;

  /** Buffers up to {@code bufferBytes}, which must be at least 4. */
  public CopyRows(int bufferBytes, Sink sink) {
    this.buffer = new byte[bufferBytes];
    this.sink = sink;
  }

  /** The next value of the row; null is NULL. */
  public CopyRows value(@Nullable String value) throws SQLException {
    return value(value, false);
  }

  /** As above; if {@code raw}, the value is {@link RawText}, in which each character is a byte. */
  public CopyRows value(@Nullable String value, boolean raw) throws SQLException {
    startValue();
    if (value == null) {
      buffer[used++] = '\\';
      buffer[used++] = 'N';
      return this;
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (raw && c >= 0x80) {
        ensureRoom();
        buffer[used++] = (byte) c;
      } else if (Character.isHighSurrogate(c) && i + 1 < value.length()) {
        character(Character.toCodePoint(c, value.charAt(++i)));
      } else {
        character(c);
      }
    }
    return this;
  }

  /** The next value of the row, already encoded in UTF-8 and in this format. */
  public CopyRows encodedValue(byte[] text, int start, int length) throws SQLException {
    return startValue().encoded(text, start, length);
  }

  /** Starts a value that is written in pieces, so that a large value is not in memory twice. */
  public CopyRows startValue() throws SQLException {
    ensureRoom();
    if (inRow) {
      buffer[used++] = '\t';
    }
    inRow = true;
    return this;
  }

  /** A piece of the value, already encoded in UTF-8 and in this format. */
  public CopyRows encoded(byte[] text, int start, int length) throws SQLException {
    append(text, start, length);
    return this;
  }

  /** A piece of the value: one character, not yet encoded. */
  public CopyRows character(int code) throws SQLException {
    ensureRoom();
    if (code < 0x80) {
      ascii((char) code);
    } else if (code < 0x800) {
      buffer[used++] = (byte) (0xc0 | (code >> 6));
      continuationByte(code);
    } else if (code < 0x10000) {
      buffer[used++] = (byte) (0xe0 | (code >> 12));
      continuationByte(code >> 6);
      continuationByte(code);
    } else {
      buffer[used++] = (byte) (0xf0 | (code >> 18));
      continuationByte(code >> 12);
      continuationByte(code >> 6);
      continuationByte(code);
    }
    return this;
  }

  /** A complete row, already encoded, with its newline. */
  public void encodedRow(byte[] text, int start, int length) throws SQLException {
    append(text, start, length);
  }

  private void append(byte[] text, int start, int length) throws SQLException {
    if (length > buffer.length - used) {
      flush();
    }
    if (length > buffer.length) {
      sink.write(text, start, length);
    } else {
      System.arraycopy(text, start, buffer, used, length);
      used += length;
    }
  }

  private void ascii(char c) {
    switch (c) {
      case '\\' -> escape('\\');
      case '\t' -> escape('t');
      case '\n' -> escape('n');
      case '\r' -> escape('r');
      default -> buffer[used++] = (byte) c;
    }
  }

  private void escape(char letter) {
    buffer[used++] = '\\';
    buffer[used++] = (byte) letter;
  }

  private void continuationByte(int bits) {
    buffer[used++] = (byte) (0x80 | (bits & 0x3f));
  }

  private void ensureRoom() throws SQLException {
    if (used > buffer.length - MAX_CHARACTER_BYTES) {
      flush();
    }
  }

  /** Ends the row. */
  public void endRow() throws SQLException {
    ensureRoom();
    buffer[used++] = '\n';
    inRow = false;
  }

  /** Passes the buffered bytes to the sink. */
  public void flush() throws SQLException {
    sink.write(buffer, 0, used);
    used = 0;
  }
}
