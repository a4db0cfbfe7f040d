package dev.jlondiste.config;

/** The two kinds of files there are, and where their rules part. */
enum IniDialect {
  /** Strict about doubles; what is indented deeper than its key continues the value. */
  LONDISTE,

  /**
   * {@code %include FILE}; a double is no error; an indented line is a key of its own if it looks
   * like one; a percent sign is ordinary unless a known {@code %(key)s} follows.
   */
  TICKER
}
