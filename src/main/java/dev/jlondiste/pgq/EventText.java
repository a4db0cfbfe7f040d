package dev.jlondiste.pgq;

import dev.jlondiste.db.RawText;
import java.sql.Connection;
import java.sql.SQLException;

/** What the texts of events are while they travel from a provider to a subscriber. */
public enum EventText {
  /** Characters: the provider's server knows its encoding and converts them to UTF-8. */
  CHARACTERS,

  /** Bytes of a provider with encoding SQL_ASCII, which have to be UTF-8. */
  CHECKED,

  /** Bytes, between two databases with encoding SQL_ASCII: those of rows may be anything. */
  BYTES;

  /** An expression for a text of an event, without a check or a conversion by the server. */
  String select(String column) {
    return this == CHARACTERS ? column : "pg_catalog.convert_to(" + column + ", 'SQL_ASCII')";
  }

  /** For a reader that writes nothing to another database. */
  static EventText of(Connection provider) throws SQLException {
    return RawText.isStored(provider) ? CHECKED : CHARACTERS;
  }

  /** For events that are written to {@code local}. */
  public static EventText between(Connection provider, Connection local) throws SQLException {
    return RawText.isStored(provider) && RawText.isStored(local) ? BYTES : of(provider);
  }
}
