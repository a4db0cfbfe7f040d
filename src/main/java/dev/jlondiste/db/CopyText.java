package dev.jlondiste.db;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Writes rows by {@code COPY … FROM STDIN} in its text format, sent as they come: memory is bounded
 * whatever is written. Nothing else can be done on the connection until {@link #end} or {@link
 * #close}. Used by one thread only.
 */
public final class CopyText implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;

  /** The most bytes that one character takes: four for a pair, or a backslash and another. */
  private static final int CHARACTER_BYTES = 4;

  private final CopyIn copy;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int used;
  private boolean inRow;

  /** {@code sql} copies from stdin in text format. */
  public CopyText(Connection db, String sql) throws SQLException {
    this.copy = db.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
  }

  /** The next value of the row; null is NULL. */
  public CopyText value(@Nullable String value) throws SQLException {
    room();
    if (inRow) {
      buffer[used++] = '\t';
    }
    inRow = true;
    if (value == null) {
      buffer[used++] = '\\';
      buffer[used++] = 'N';
      return this;
    }
    for (int i = 0; i < value.length(); i++) {
      room();
      char c = value.charAt(i);
      if (c < 0x80) {
        ascii(c);
      } else if (c < 0x800) {
        buffer[used++] = (byte) (0xc0 | (c >> 6));
        tail(c);
      } else if (Character.isHighSurrogate(c) && i + 1 < value.length()) {
        int code = Character.toCodePoint(c, value.charAt(++i));
        buffer[used++] = (byte) (0xf0 | (code >> 18));
        tail(code >> 12);
        tail(code >> 6);
        tail(code);
      } else {
        buffer[used++] = (byte) (0xe0 | (c >> 12));
        tail(c >> 6);
        tail(c);
      }
    }
    return this;
  }

  /** The next value of the row, in UTF-8, of which nothing has to be escaped. */
  public CopyText plainValue(byte[] text, int start, int length) throws SQLException {
    room();
    if (inRow) {
      buffer[used++] = '\t';
    }
    inRow = true;
    if (length > BUFFER_BYTES - used) {
      send();
    }
    if (length > BUFFER_BYTES) {
      copy.writeToCopy(text, start, length);
    } else {
      System.arraycopy(text, start, buffer, used, length);
      used += length;
    }
    return this;
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
    if (used > BUFFER_BYTES - CHARACTER_BYTES) {
      send();
    }
  }

  private void send() throws SQLException {
    copy.writeToCopy(buffer, 0, used);
    used = 0;
  }

  /** The row is complete. */
  public void endRow() throws SQLException {
    room();
    buffer[used++] = '\n';
    inRow = false;
  }

  /** All rows are written; returns how many. */
  public long end() throws SQLException {
    send();
    return copy.endCopy();
  }

  /** Takes back what was written, unless {@link #end} was reached. */
  @Override
  public void close() throws SQLException {
    if (copy.isActive()) {
      copy.cancelCopy();
    }
  }
}
