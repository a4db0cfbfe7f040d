package dev.jlondiste.config;

import dev.jlondiste.fault.UserError;
import java.util.ArrayList;
import java.util.List;

/** Parses libpq's keyword strings by libpq's rules: {@code host=db1 password='it''s'}. */
final class KeywordStringParser {
  private final String text;
  private final List<ConnectionPair> pairs = new ArrayList<>();
  private int at;

  /**
   * Text after a secret that cannot be parsed may be the rest of the secret; errors do not quote it
   * then.
   */
  private boolean secretSeen;

  private KeywordStringParser(String text) {
    this.text = text;
  }

  static List<ConnectionPair> parse(String text) {
    return new KeywordStringParser(text).parse();
  }

  private List<ConnectionPair> parse() {
    skipBlanks();
    while (at < text.length()) {
      int start = at;
      String keyword = keyword();
      if (!ConnectionKeywords.isKnown(keyword)) {
        throw unknown(keyword, start);
      }
      secretSeen |= ConnectionKeywords.isSecret(keyword);
      int from = at;
      String value = value();
      pairs.add(new ConnectionPair(keyword, value, from, at));
      skipBlanks();
    }
    return pairs;
  }

  /** Advances {@link #at} to the first character of the value. */
  private String keyword() {
    int start = at;
    while (at < text.length() && text.charAt(at) != '=' && !isBlank(text.charAt(at))) {
      at++;
    }
    String keyword = text.substring(start, at);
    skipBlanks();
    if (at == text.length() || text.charAt(at) != '=') {
      throw new UserError(
          "connect string: missing \"=\" after " + quoted(keyword) + position(start),
          "it is made of keyword=value pairs; values with blanks stand in single quotes");
    }
    at++;
    skipBlanks();
    return keyword;
  }

  private String value() {
    if (at < text.length() && text.charAt(at) == '\'') {
      return quotedValue();
    }
    StringBuilder value = new StringBuilder();
    while (at < text.length() && !isBlank(text.charAt(at))) {
      if (text.charAt(at) == '\\' && ++at == text.length()) {
        break;
      }
      value.append(text.charAt(at++));
    }
    return value.toString();
  }

  private String quotedValue() {
    int start = at++;
    StringBuilder value = new StringBuilder();
    while (at < text.length() && text.charAt(at) != '\'') {
      if (text.charAt(at) == '\\' && ++at == text.length()) {
        break;
      }
      value.append(text.charAt(at++));
    }
    if (at == text.length()) {
      throw new UserError(
          "connect string: the quote" + position(start) + " is never closed",
          "write a quote inside a quoted value as \\', a backslash as \\\\");
    }
    at++;
    return value.toString();
  }

  private UserError unknown(String keyword, int start) {
    String guess = secretSeen ? "" : Spelling.guess(keyword, ConnectionKeywords.all());
    return new UserError(
        "connect string: unknown keyword " + quoted(keyword) + position(start) + guess,
        "values with blanks stand in single quotes");
  }

  private String quoted(String word) {
    return secretSeen ? "the word" : '"' + word + '"';
  }

  private static String position(int index) {
    return " at position " + (index + 1);
  }

  private void skipBlanks() {
    while (at < text.length() && isBlank(text.charAt(at))) {
      at++;
    }
  }

  private static boolean isBlank(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }
}
