package dev.jlondiste.replica.copy;

import dev.jlondiste.db.RawText;
import dev.jlondiste.db.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;

/**
 * The format in which rows are copied. Binary reduces the cost on both servers by a third. It is
 * used only for types whose binary form is the same in every supported major version and equivalent
 * to the text form. All other types are copied as text: types of extensions and users, whose OIDs
 * and binary forms differ; interval, whose infinity a server before 17 reads as a finite value;
 * money, whose binary form depends on the locale.
 */
enum CopyFormat {
  TEXT("", ""),
  BINARY("format binary", "format binary"),

  /** Text whose encoding neither server knows: the bytes are copied unchanged. */
  BYTES("encoding 'SQL_ASCII'", "encoding 'SQL_ASCII'"),

  /** Text whose encoding the source's server does not know: the target checks it. */
  CHECKED("encoding 'SQL_ASCII'", "");

  /** Types that can be copied in binary form, by OID, which is fixed for built-in types. */
  private static final Set<Long> PORTABLE_TYPES =
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

  /** Returns the format for rows that cannot be copied in binary form. */
  static CopyFormat text(Connection source, Connection local) throws SQLException {
    if (!RawText.isStored(source)) {
      return TEXT;
    }
    return RawText.isStored(local) ? BYTES : CHECKED;
  }

  /** True if values of this type can be copied in binary form. */
  static boolean isPortable(long type) {
    return PORTABLE_TYPES.contains(type);
  }

  /**
   * False for a server with floating-point timestamps (possible in 9.6) and for a database in
   * encoding SQL_ASCII.
   */
  static boolean hasPortableEncoding(Connection db) throws SQLException {
    return Sql.one(
        db,
        """
        select current_setting('integer_datetimes') = 'on'
               and current_setting('server_encoding') <> 'SQL_ASCII'
        """,
        row -> row.getBoolean(1));
  }

  /** The options after {@code copy … to stdout}. */
  String outOptions() {
    return out.isEmpty() ? "" : " (" + out + ")";
  }

  /** The options after {@code copy … from stdin}. */
  String inOptions(boolean freeze) {
    String options = freeze && !in.isEmpty() ? "freeze, " + in : freeze ? "freeze" : in;
    return options.isEmpty() ? "" : " (" + options + ")";
  }
}
