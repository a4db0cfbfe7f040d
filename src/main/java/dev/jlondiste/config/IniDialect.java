package dev.jlondiste.config;

/** The two dialects of ini files. */
enum IniDialect {
  /**
   * A duplicate key is an error; a line that is indented deeper than its key continues the value.
   */
  LONDISTE,

  /**
   * {@code %include FILE}; a duplicate key is no error; an indented line is a separate key if it
   * has the form of a key; a percent sign is an ordinary character unless a known {@code %(key)s}
   * follows.
   */
  TICKER
}
