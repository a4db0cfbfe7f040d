package dev.jlondiste.replica.copy;

import dev.jlondiste.db.RawText;
import dev.jlondiste.db.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;

/**
 * How the rows look on their way. Binary costs both servers a third less, but is only for types
 * whose binary form every major that we support reads and writes alike, and reads exactly as it
 * would read the text. Everything else goes as text: types of extensions and users, whose OIDs and
 * forms differ; interval, whose infinity a server before 17 takes for an odd number; money, whose
 * text says what its binary form leaves to the locale.
 */
enum CopyFormat {
  TEXT("", ""),
  BINARY("format binary", "format binary"),

  /** Text whose encoding neither server knows: bytes, as they are. */
  BYTES("encoding 'SQL_ASCII'", "encoding 'SQL_ASCII'"),

  /** Text whose encoding the source's server does not know. */
  CHECKED("encoding 'SQL_ASCII'", "");

  /** By OID, which is fixed for types that are built in; in the order of their names below. */
  private static final Set<Long> SAME_EVERYWHERE =
      Set.of(
          16L, // bool
          17L, // bytea
          18L, // "char"
          19L, // name
          20L, // int8
          21L, // int2
          23L, // int4
          25L, // text
          26L, // oid
          114L, // json
          700L, // float4
          701L, // float8
          1042L, // bpchar
          1043L, // varchar
          1082L, // date
          1083L, // time
          1114L, // timestamp
          1184L, // timestamptz
          1700L, // numeric
          2950L, // uuid
          3802L); // jsonb

  private final String out;
  private final String in;

  CopyFormat(String out, String in) {
    this.out = out;
    this.in = in;
  }

  /** For rows that cannot go in binary form. */
  static CopyFormat text(Connection source, Connection local) throws SQLException {
    if (!RawText.isStored(source)) {
      return TEXT;
    }
    return RawText.isStored(local) ? BYTES : CHECKED;
  }

  /** True when values can go in binary form from one column of this type to another one. */
  static boolean isSameEverywhere(long type) {
    return SAME_EVERYWHERE.contains(type);
  }

  /**
   * False for a server with timestamps in floating point (possible in 9.6), or one that does not
   * know what its text is encoded in.
   */
  static boolean isUsual(Connection db) throws SQLException {
    return Sql.one(
        db,
        """
        select current_setting('integer_datetimes') = 'on'
               and current_setting('server_encoding') <> 'SQL_ASCII'
        """,
        row -> row.getBoolean(1));
  }

  /** What follows {@code copy … to stdout}. */
  String outOptions() {
    return out.isEmpty() ? "" : " (" + out + ")";
  }

  /** What follows {@code copy … from stdin}. */
  String inOptions(boolean freeze) {
    String options = freeze && !in.isEmpty() ? "freeze, " + in : freeze ? "freeze" : in;
    return options.isEmpty() ? "" : " (" + options + ")";
  }
}
