package dev.jlondiste.qadmin;

import java.util.List;
import java.util.Locale;

/**
 * A statement of the input.
 *
 * @param line line of the input where it begins, from 1
 * @param text unchanged, from its first token, without the semicolon
 */
record Statement(int line, String text, List<Token> tokens) {
  Statement {
    tokens = List.copyOf(tokens);
  }

  /** The token at that index if it is a word, in lower case; otherwise empty. */
  String word(int index) {
    return index < tokens.size() && tokens.get(index).kind() == Token.Kind.WORD
        ? tokens.get(index).value().toLowerCase(Locale.ROOT)
        : "";
  }

  /** Shows a position as psql does: the line, and a caret below the character. */
  String pointAt(int offset) {
    int at = Math.min(offset, text.length());
    int begin = text.lastIndexOf('\n', at - 1) + 1;
    int end = text.indexOf('\n', at);
    String shown = text.substring(begin, end < 0 ? text.length() : end).replace('\t', ' ');
    long number = 1 + text.substring(0, begin).chars().filter(c -> c == '\n').count();
    String prefix = "LINE " + number + ": ";
    int indent = prefix.length() + text.codePointCount(begin, at);
    return prefix + shown.stripTrailing() + "\n" + " ".repeat(indent) + "^";
  }
}
