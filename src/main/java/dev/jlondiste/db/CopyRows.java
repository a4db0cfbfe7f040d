package dev.jlondiste.db;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows in the text format of {@code COPY}, passed on as they come: memory is bounded
 * whatever is written. Used by one thread only.
 */
public final class CopyRows {
  /** Who gets the bytes, as soon as there are many of them. */
  @FunctionalInterface
  public interface Sink {
    /** The next {@code length} bytes, from {@code start}; they change once it returns. */
    void write(byte[] bytes, int start, int length) throws SQLException;
  }

  /** The most bytes that one character takes: four for a pair, or a backslash and another. */
  private static final int CHARACTER_BYTES = 4;

  private final Sink sink;
  private final byte[] buffer;
  private int used;
  private boolean inRow;

  /** Gathers up to {@code bufferBytes}, at least a few. */
  public CopyRows(int bufferBytes, Sink sink) {
    this.buffer = new byte[bufferBytes];
    this.sink = sink;
  }

  /** The next value of the row; null is NULL. */
  public CopyRows value(@Nullable String value) throws SQLException {
    return value(value, false);
  }

  /** As above; {@code raw}: the value is {@link RawText}, each character a byte. */
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
        room();
        buffer[used++] = (byte) c;
      } else if (Character.isHighSurrogate(c) && i + 1 < value.length()) {
        character(Character.toCodePoint(c, value.charAt(++i)));
      } else {
        character(c);
      }
    }
    return this;
  }

  /** The next value of the row, in UTF-8, as it is in this format. */
  public CopyRows encodedValue(byte[] text, int start, int length) throws SQLException {
    return startValue().encoded(text, start, length);
  }

  /** Starts a value that comes in pieces, so that a large one need not be in memory twice. */
  public CopyRows startValue() throws SQLException {
    room();
    if (inRow) {
      buffer[used++] = '\t';
    }
    inRow = true;
    return this;
  }

  /** A piece of the value, in UTF-8, as it is in this format. */
  public CopyRows encoded(byte[] text, int start, int length) throws SQLException {
    append(text, start, length);
    return this;
  }

  /** A piece of the value: one character. */
  public CopyRows character(int code) throws SQLException {
    room();
    if (code < 0x80) {
      ascii((char) code);
    } else if (code < 0x800) {
      buffer[used++] = (byte) (0xc0 | (code >> 6));
      tail(code);
    } else if (code < 0x10000) {
      buffer[used++] = (byte) (0xe0 | (code >> 12));
      tail(code >> 6);
      tail(code);
    } else {
      buffer[used++] = (byte) (0xf0 | (code >> 18));
      tail(code >> 12);
      tail(code >> 6);
      tail(code);
    }
    return this;
  }

  /** A whole row in this format, with its end. */
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

  private void tail(int bits) {
    buffer[used++] = (byte) (0x80 | (bits & 0x3f));
  }

  private void room() throws SQLException {
    if (used > buffer.length - CHARACTER_BYTES) {
      flush();
    }
  }

  /** The row is complete. */
  public void endRow() throws SQLException {
    room();
    buffer[used++] = '\n';
    inRow = false;
  }

  /** Passes on what was gathered. */
  public void flush() throws SQLException {
    sink.write(buffer, 0, used);
    used = 0;
  }
}
