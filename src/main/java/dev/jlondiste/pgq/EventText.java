package dev.jlondiste.pgq;

import dev.jlondiste.db.RawText;
import java.sql.Connection;
import java.sql.SQLException;

/** How the texts of events are transferred from a provider to a subscriber. */
public enum EventText {
  /** Characters: the provider's server knows its encoding and converts them to UTF-8. */
  CHARACTERS,

  /** Bytes of a provider with encoding SQL_ASCII, which must be UTF-8. */
  CHECKED,

  /** Bytes between two databases with encoding SQL_ASCII; values of rows may be in any encoding. */
  BYTES;

  /**
   * Returns an SQL expression for a text of an event. For bytes the server neither checks nor
   * converts it.
   */
  String select(String column) {
    return this == CHARACTERS ? column : "pg_catalog.convert_to(" + column + ", 'SQL_ASCII')";
  }

  /** Returns the mode for a reader that does not write events to another database. */
  static EventText of(Connection provider) throws SQLException {
    return RawText.isStored(provider) ? CHECKED : CHARACTERS;
  }

  /** Returns the mode for events that are written to {@code local}. */
  public static EventText between(Connection provider, Connection local) throws SQLException {
    return RawText.isStored(provider) && RawText.isStored(local) ? BYTES : of(provider);
  }
}
