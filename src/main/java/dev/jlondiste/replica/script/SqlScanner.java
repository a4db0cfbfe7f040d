package dev.jlondiste.replica.script;

import java.util.Locale;

/**
 * The lexical structure of SQL, as the server reads it: where strings, names, comments and words
 * begin and end. Assumes {@code standard_conforming_strings = on}, which all our sessions have.
 */
final class SqlScanner {
  /** The kind of the token that {@link #next} has read. */
  enum Token {
    WORD,
    /** A name in double quotes. */
    NAME,
    STRING,
    OPEN,
    CLOSE,
    SEMICOLON,
    /** An operator, a number, or any other character. */
    OTHER,
    END
  }

  /** Text that begins and does not end. */
  static final class Unterminated extends IllegalArgumentException {
    private static final long serialVersionUID = 1;
    private final int position;

    Unterminated(String what, int position) {
      super(what + " is not closed");
      this.position = position;
    }

    /** Where it begins. */
    int position() {
      return position;
    }
  }

  private final String text;
  private int start;
  private int end;

  SqlScanner(String text) {
    this.text = text;
  }

  /** Where the token begins. */
  int start() {
    return start;
  }

  /** Where the token ends, and the next one is searched for. */
  int end() {
    return end;
  }

  /** Continues at another position. */
  void moveTo(int position) {
    end = position;
  }

  /** The word, in lower case as the server folds it; the name without quotes. */
  String value() {
    return text.charAt(start) == '"'
        ? text.substring(start + 1, end - 1).replace("\"\"", "\"")
        : text.substring(start, end).toLowerCase(Locale.ROOT);
  }

  /** Reads the next token. Throws {@link Unterminated}. */
  Token next() {
    skipBlanks();
    start = end;
    if (end >= text.length()) {
      return Token.END;
    }
    char c = text.charAt(end);
    if (c == '\'') {
      skipQuoted('\'', false, "a string in quotes");
      return Token.STRING;
    }
    if (c == '"') {
      skipQuoted('"', false, "a name in double quotes");
      return Token.NAME;
    }
    if (c == '$') {
      return dollar();
    }
    if (isLetter(c)) {
      return word();
    }
    end++;
    if (isDigit(c)) {
      while (end < text.length() && isDigit(text.charAt(end))) {
        end++;
      }
      return Token.OTHER;
    }
    return switch (c) {
      case '(' -> Token.OPEN;
      case ')' -> Token.CLOSE;
      case ';' -> Token.SEMICOLON;
      default -> Token.OTHER;
    };
  }

  private Token word() {
    while (end < text.length() && isWordPart(text.charAt(end))) {
      end++;
    }
    boolean isEscapePrefix =
        end == start + 1 && (text.charAt(start) == 'e' || text.charAt(start) == 'E');
    if (isEscapePrefix && end < text.length() && text.charAt(end) == '\'') {
      skipQuoted('\'', true, "a string in quotes");
      return Token.STRING;
    }
    return Token.WORD;
  }

  /** A string in dollar quotes, or a parameter such as {@code $1}. */
  private Token dollar() {
    int tagEnd = end + 1;
    while (tagEnd < text.length()
        && (isLetter(text.charAt(tagEnd)) || (tagEnd > end + 1 && isDigit(text.charAt(tagEnd))))) {
      tagEnd++;
    }
    if (tagEnd >= text.length() || text.charAt(tagEnd) != '$') {
      end++;
      return Token.OTHER;
    }
    String tag = text.substring(end, tagEnd + 1);
    int close = text.indexOf(tag, tagEnd + 1);
    if (close < 0) {
      throw new Unterminated("a string that begins with " + tag, end);
    }
    end = close + tag.length();
    return Token.STRING;
  }

  private void skipQuoted(char quote, boolean escapes, String what) {
    int from = end++;
    while (end < text.length()) {
      char c = text.charAt(end++);
      if (escapes && c == '\\') {
        end++;
      } else if (c == quote) {
        if (end >= text.length() || text.charAt(end) != quote) {
          return;
        }
        end++;
      }
    }
    throw new Unterminated(what, from);
  }

  private void skipBlanks() {
    while (end < text.length()) {
      if (text.startsWith("--", end)) {
        int newline = text.indexOf('\n', end);
        end = newline < 0 ? text.length() : newline + 1;
      } else if (text.startsWith("/*", end)) {
        skipComment();
      } else if (Character.isWhitespace(text.charAt(end))) {
        end++;
      } else {
        return;
      }
    }
  }

  /** Comments can be nested. */
  private void skipComment() {
    int from = end;
    int depth = 0;
    do {
      if (text.startsWith("/*", end)) {
        depth++;
        end += 2;
      } else if (text.startsWith("*/", end)) {
        depth--;
        end += 2;
      } else if (end >= text.length()) {
        throw new Unterminated("a comment", from);
      } else {
        end++;
      }
    } while (depth > 0);
  }

  private static boolean isWordPart(char c) {
    return isLetter(c) || isDigit(c) || c == '$';
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
