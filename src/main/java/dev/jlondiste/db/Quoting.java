package dev.jlondiste.db;

import org.jspecify.annotations.Nullable;

/** Quotes names and values for SQL. */
public final class Quoting {
  private Quoting() {}

  /** Always quoted, so that reserved words of every server version are safe. */
  public static String identifier(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /**
   * As {@code quote_nullable()}: {@code NULL}, {@code 'text'}, or {@code E'..'} with a backslash.
   */
  public static String literal(@Nullable String value) {
    if (value == null) {
      return "NULL";
    }
    String quotes = value.replace("'", "''");
    return value.indexOf('\\') < 0
        ? "'" + quotes + "'"
        : " E'" + quotes.replace("\\", "\\\\") + "'";
  }
}
