package dev.jlondiste.qadmin;

import dev.jlondiste.fault.UserError;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Cuts input into statements at semicolons, as psql does: not at those in quotes, in comments, in
 * parentheses, or in the body of an SQL function. Asks for another line only when a statement goes
 * on, and reads each character once. Used by one thread only.
 */
final class StatementReader {
  private static final int END = -1;

  private final LineSource source;
  private final StringBuilder buffer = new StringBuilder();
  private final List<Token> tokens = new ArrayList<>();
  private boolean ended;
  private int at;
  private int line = 1;

  /** Where the present statement begins; tokens count from here. */
  private int start;

  private int parentheses;
  private int blocks;

  StatementReader(LineSource source) {
    this.source = source;
  }

  /**
   * The next statement that is not empty; the last one needs no semicolon. Throws {@link UserError}
   * when the input ends in quotes or in a comment.
   */
  Optional<Statement> next() throws IOException {
    forget();
    while (true) {
      skipBlanks();
      int c = peek();
      if (c == END || (c == ';' && parentheses == 0 && blocks == 0)) {
        Optional<Statement> statement = statement();
        at += c == END ? 0 : 1;
        if (c == END || statement.isPresent()) {
          return statement;
        }
        forget();
        continue;
      }
      if (tokens.isEmpty()) {
        start = at;
        if (c == '\\') {
          return Optional.of(backslashCommand());
        }
      }
      token((char) c);
    }
  }

  /** Drops what has been read of a statement, and the rest of its line. */
  void abandon() {
    at = buffer.length();
    forget();
  }

  private void forget() {
    line += (int) buffer.chars().limit(at).filter(c -> c == '\n').count();
    buffer.delete(0, at);
    tokens.clear();
    at = 0;
    start = 0;
    parentheses = 0;
    blocks = 0;
  }

  private Optional<Statement> statement() {
    if (tokens.isEmpty()) {
      return Optional.empty();
    }
    String text = buffer.substring(start, at).stripTrailing();
    return Optional.of(new Statement(lineOf(start), text, tokens));
  }

  /** As in psql these end with the line, and not with a semicolon. */
  private Statement backslashCommand() throws IOException {
    while (peek() != '\n' && peek() != END) {
      at++;
    }
    String text = buffer.substring(start, at).strip();
    return new Statement(
        lineOf(start), text, List.of(new Token(Token.Kind.OPAQUE, text, 0, text.length())));
  }

  private int lineOf(int offset) {
    return line + (int) buffer.chars().limit(offset).filter(c -> c == '\n').count();
  }

  /** The character at {@link #at}, after asking for more input if need be. */
  private int peek() throws IOException {
    if (at == buffer.length() && !ended) {
      @Nullable String more = source.nextLine(!tokens.isEmpty() || at > start);
      if (more == null) {
        ended = true;
      } else {
        buffer.append(more).append('\n');
      }
    }
    return at < buffer.length() ? buffer.charAt(at) : END;
  }

  /** Of what is read already: lines end with a line feed, so a look ahead never asks for more. */
  private boolean isNext(int ahead, char expected) {
    return at + ahead < buffer.length() && buffer.charAt(at + ahead) == expected;
  }

  private void skipBlanks() throws IOException {
    while (true) {
      int c = peek();
      if (c == '-' && isNext(1, '-')) {
        while (peek() != '\n' && peek() != END) {
          at++;
        }
      } else if (c == '/' && isNext(1, '*')) {
        skipComment();
      } else if (c != END && (Character.isWhitespace(c) || c == '\uFEFF')) {
        at++;
        if (tokens.isEmpty()) {
          start = at;
        }
      } else {
        return;
      }
    }
  }

  private void skipComment() throws IOException {
    int from = at;
    int depth = 0;
    do {
      if (peek() == END) {
        throw unterminated("comment", from);
      } else if (isNext(0, '/') && isNext(1, '*')) {
        depth++;
        at += 2;
      } else if (isNext(0, '*') && isNext(1, '/')) {
        depth--;
        at += 2;
      } else {
        at++;
      }
    } while (depth > 0);
  }

  private void token(char c) throws IOException {
    int from = at;
    if (c == '\'') {
      add(Token.Kind.STRING, quoted('\'', false), from);
    } else if (c == '"') {
      add(Token.Kind.QUOTED, quoted('"', false), from);
    } else if (c == '$' && dollarTag() != null) {
      add(Token.Kind.STRING, dollarQuoted(), from);
    } else if (isDigit(c)) {
      add(Token.Kind.NUMBER, run(StatementReader::isDigit), from);
    } else if (isLetter(c)) {
      word(from);
    } else {
      at++;
      parentheses += c == '(' ? 1 : c == ')' && parentheses > 0 ? -1 : 0;
      add(Token.Kind.SYMBOL, String.valueOf(c), from);
    }
  }

  private void word(int from) throws IOException {
    String word = run(c -> isLetter(c) || isDigit(c) || c == '$');
    if (word.equalsIgnoreCase("e") && isNext(0, '\'')) {
      add(Token.Kind.OPAQUE, quoted('\'', true), from);
      return;
    }
    if (isRoutine()) {
      countBlocks(word.toLowerCase(Locale.ROOT));
    }
    add(Token.Kind.WORD, word, from);
  }

  /** The body of an SQL function may stand between {@code begin atomic} and {@code end}. */
  private void countBlocks(String word) {
    if (word.equals("begin") || (word.equals("case") && blocks > 0)) {
      blocks++;
    } else if (word.equals("end") && blocks > 0) {
      blocks--;
    }
  }

  private boolean isRoutine() {
    if (tokens.size() < 2 || !tokens.get(0).isWord("create")) {
      return false;
    }
    Token kind = tokens.get(1).isWord("or") && tokens.size() > 3 ? tokens.get(3) : tokens.get(1);
    return kind.isWord("function") || kind.isWord("procedure");
  }

  private void add(Token.Kind kind, String value, int from) {
    tokens.add(new Token(kind, value, from - start, at - start));
  }

  /** Quotes inside are doubled, or escaped by a backslash where that is the custom. */
  private String quoted(char quote, boolean escapes) throws IOException {
    int from = at++;
    StringBuilder value = new StringBuilder();
    while (true) {
      int c = peek();
      if (c == END) {
        throw unterminated(quote == '"' ? "name in double quotes" : "string in quotes", from);
      }
      at++;
      if (escapes && c == '\\' && peek() != END) {
        value.append((char) c).append(buffer.charAt(at++));
      } else if (c != quote) {
        value.append((char) c);
      } else if (isNext(0, quote)) {
        value.append(quote);
        at++;
      } else {
        return value.toString();
      }
    }
  }

  /** {@code $tag$} if that is what comes next, or null. */
  private @Nullable String dollarTag() {
    int end = at + 1;
    while (end < buffer.length() && isTagPart(buffer.charAt(end), end == at + 1)) {
      end++;
    }
    return end < buffer.length() && buffer.charAt(end) == '$'
        ? buffer.substring(at, end + 1)
        : null;
  }

  private static boolean isTagPart(char c, boolean first) {
    return isLetter(c) || (!first && isDigit(c));
  }

  private String dollarQuoted() throws IOException {
    int from = at;
    String tag = String.valueOf(dollarTag());
    at += tag.length();
    int body = at;
    while (true) {
      if (peek() == END) {
        throw unterminated("string that began with " + tag, from);
      }
      if (isNext(0, '$') && buffer.indexOf(tag, at) == at) {
        at += tag.length();
        return buffer.substring(body, at - tag.length());
      }
      at++;
    }
  }

  private String run(java.util.function.IntPredicate belongs) {
    int from = at;
    while (at < buffer.length() && belongs.test(buffer.charAt(at))) {
      at++;
    }
    return buffer.substring(from, at);
  }

  private static boolean isLetter(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private UserError unterminated(String what, int from) {
    return new UserError(
        "the input ends inside a %s, which began in line %d".formatted(what, lineOf(from)),
        "is a closing one missing?");
  }
}
