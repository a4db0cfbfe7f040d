package dev.jlondiste.db;

import java.util.List;
import java.util.stream.Collectors;
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

  /** A {@code text[]} literal. */
  public static String array(List<@Nullable String> values) {
    String elements =
        values.stream()
            .map(
                value ->
                    value == null
                        ? "NULL"
                        : '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
            .collect(Collectors.joining(",", "{", "}"));
    return literal(elements) + "::text[]";
  }
}
