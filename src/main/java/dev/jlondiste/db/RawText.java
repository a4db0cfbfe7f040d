package dev.jlondiste.db;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;

/**
 * Text of databases with encoding SQL_ASCII, in which the server stores bytes without an encoding.
 * A raw string holds one byte in each character, so that bytes that are not valid UTF-8 are kept.
 */
public final class RawText {
  private RawText() {}

  /** True if the database has encoding SQL_ASCII. Needs no round trip. */
  public static boolean isStored(Connection db) throws SQLException {
    return "SQL_ASCII".equals(db.unwrap(PGConnection.class).getParameterStatus("server_encoding"));
  }

  /** Returns a raw string with one character for each byte. */
  public static String of(byte[] bytes, int start, int length) {
    return new String(bytes, start, length, StandardCharsets.ISO_8859_1);
  }

  /** Decodes the bytes of {@code raw} as UTF-8. */
  public static String decode(String raw) {
    return new String(raw.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  /** A literal for a database with encoding SQL_ASCII. */
  public static String literal(String raw) {
    StringBuilder literal = new StringBuilder(raw.length() + 8).append(" E'");
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c >= 0x80) {
        literal.append("\\x").append(Integer.toHexString(c));
      } else if (c == '\\' || c == '\'') {
        literal.append(c).append(c);
      } else {
        literal.append(c);
      }
    }
    return literal.append('\'').toString();
  }
}
