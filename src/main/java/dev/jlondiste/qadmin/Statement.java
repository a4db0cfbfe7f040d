package dev.jlondiste.qadmin;

import java.util.List;
import java.util.Locale;

/**
 * What stands before a semicolon.
 *
 * @param line where it begins in its input, from 1
 * @param text as typed, without the semicolon, from the first token on
 */
record Statement(int line, String text, List<Token> tokens) {
  Statement {
    tokens = List.copyOf(tokens);
  }

  /** The keyword at that place, in lower case; empty when something else is there. */
  String word(int index) {
    return index < tokens.size() && tokens.get(index).kind() == Token.Kind.WORD
        ? tokens.get(index).value().toLowerCase(Locale.ROOT)
        : "";
  }

  /** As psql does it: the line of that character, and a caret below the character. */
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
