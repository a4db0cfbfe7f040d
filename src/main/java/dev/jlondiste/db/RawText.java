package dev.jlondiste.db;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;

/**
 * Text of databases with encoding SQL_ASCII, whose server stores bytes and does not know what
 * characters they are. Bytes that are not UTF-8 are kept in strings whose characters have the
 * numbers of the bytes.
 */
public final class RawText {
  private RawText() {}

  /** True if the database has encoding SQL_ASCII. Costs no round trip. */
  public static boolean isStored(Connection db) throws SQLException {
    return "SQL_ASCII".equals(db.unwrap(PGConnection.class).getParameterStatus("server_encoding"));
  }

  /** A character for each byte. */
  public static String of(byte[] bytes, int start, int length) {
    return new String(bytes, start, length, StandardCharsets.ISO_8859_1);
  }

  /** The string that {@code raw} is if its bytes are UTF-8. */
  public static String decode(String raw) {
    return new String(raw.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  /** Written in SQL, for a database with encoding SQL_ASCII. */
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
