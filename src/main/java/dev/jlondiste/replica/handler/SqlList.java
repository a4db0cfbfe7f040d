package dev.jlondiste.replica.handler;

import java.util.ArrayList;
import java.util.List;

/**
 * A list of SQL expressions that are separated by commas, as in the SET clause of an UPDATE. Commas
 * in brackets and quotes belong to an expression.
 */
final class SqlList {
  private final String text;
  private int position;

  private SqlList(String text) {
    this.text = text;
  }

  /**
   * Splits the list.
   *
   * @throws IllegalArgumentException if a bracket or quote is not closed
   */
  static List<String> split(String text) {
    return new SqlList(text).split();
  }

  private List<String> split() {
    List<String> parts = new ArrayList<>();
    int start = 0;
    int depth = 0;
    while (position < text.length()) {
      char c = text.charAt(position);
      switch (c) {
        case '\'', '"' -> skipTo(String.valueOf(c), 1);
        case '$' -> skipDollarQuote();
        case '(', '[' -> depth++;
        case ')', ']' -> depth--;
        default -> {
          if (c == ',' && depth == 0) {
            parts.add(text.substring(start, position).strip());
            start = position + 1;
          }
        }
      }
      position++;
    }
    if (depth != 0) {
      throw new IllegalArgumentException("a bracket is not closed, or not opened: " + text);
    }
    parts.add(text.substring(start).strip());
    return parts;
  }

  /** Moves to the last character of the next {@code end}. A doubled quote ends and begins again. */
  private void skipTo(String end, int from) {
    int found = text.indexOf(end, position + from);
    if (found < 0) {
      throw new IllegalArgumentException("a quote is not closed: " + text.substring(position));
    }
    position = found + end.length() - 1;
  }

  private void skipDollarQuote() {
    int close = text.indexOf('$', position + 1);
    boolean isInWord = position > 0 && Character.isLetterOrDigit(text.charAt(position - 1));
    if (close > 0 && !isInWord && text.substring(position + 1, close).matches("\\w*")) {
      skipTo(text.substring(position, close + 1), close + 1 - position);
    }
  }
}
