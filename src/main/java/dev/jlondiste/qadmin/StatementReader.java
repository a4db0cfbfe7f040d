package dev.jlondiste.qadmin;

import dev.jlondiste.fault.UserError;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Splits input into statements at semicolons, as psql does, except for those in quotes, comments,
 * parentheses and bodies of SQL functions. Requests another line only if a statement is incomplete,
 * and reads each character once. Used by one thread only.
 */
final class StatementReader {
  private static final int END = -1;

  private final LineSource source;
  private final StringBuilder buffer = new StringBuilder();
  private final List<Token> tokens = new ArrayList<>();
  private boolean ended;
  private int position;
  private int line = 1;

  /** Start of the current statement; token positions are relative to it. */
  private int start;

  private int parentheses;
  private int blocks;

  StatementReader(LineSource source) {
    this.source = source;
  }

  /**
   * Returns the next statement that is not empty; the last one needs no semicolon. Throws {@link
   * UserError} if the input ends within quotes or a comment.
   */
  Optional<Statement> next() throws IOException {
    reset();
    while (true) {
      skipBlanks();
      int c = peek();
      if (c == END || (c == ';' && parentheses == 0 && blocks == 0)) {
        Optional<Statement> statement = statement();
        position += c == END ? 0 : 1;
        if (c == END || statement.isPresent()) {
          return statement;
        }
        reset();
        continue;
      }
      if (tokens.isEmpty()) {
        start = position;
        if (c == '\\') {
          return Optional.of(backslashCommand());
        }
      }
      token((char) c);
    }
  }

  /** Discards the current statement and the rest of its line. */
  void abandon() {
    position = buffer.length();
    reset();
  }

  private void reset() {
    line += (int) buffer.chars().limit(position).filter(c -> c == '\n').count();
    buffer.delete(0, position);
    tokens.clear();
    position = 0;
    start = 0;
    parentheses = 0;
    blocks = 0;
  }

  private Optional<Statement> statement() {
    if (tokens.isEmpty()) {
      return Optional.empty();
    }
    String text = buffer.substring(start, position).stripTrailing();
    return Optional.of(new Statement(lineOf(start), text, tokens));
  }

  /** As in psql, a backslash command ends with its line. */
  private Statement backslashCommand() throws IOException {
    while (peek() != '\n' && peek() != END) {
      position++;
    }
    String text = buffer.substring(start, position).strip();
    return new Statement(
        lineOf(start), text, List.of(new Token(Token.Kind.OPAQUE, text, 0, text.length())));
  }

  private int lineOf(int offset) {
    return line + (int) buffer.chars().limit(offset).filter(c -> c == '\n').count();
  }

  /** The character at {@link #position}; requests another line if needed. */
  private int peek() throws IOException {
    if (position == buffer.length() && !ended) {
      @Nullable String more = source.nextLine(!tokens.isEmpty() || position > start);
      if (more == null) {
        ended = true;
      } else {
        buffer.append(more).append('\n');
      }
    }
    return position < buffer.length() ? buffer.charAt(position) : END;
  }

  /**
   * Checks only input that was read already, which is enough because each line ends with a newline.
   */
  private boolean isNext(int ahead, char expected) {
    return position + ahead < buffer.length() && buffer.charAt(position + ahead) == expected;
  }

  private void skipBlanks() throws IOException {
    while (true) {
      int c = peek();
      if (c == '-' && isNext(1, '-')) {
        while (peek() != '\n' && peek() != END) {
          position++;
        }
      } else if (c == '/' && isNext(1, '*')) {
        skipComment();
      } else if (c != END && (Character.isWhitespace(c) || c == '\uFEFF')) {
        position++;
        if (tokens.isEmpty()) {
          start = position;
        }
      } else {
        return;
      }
    }
  }

  private void skipComment() throws IOException {
    int from = position;
    int depth = 0;
    do {
      if (peek() == END) {
        throw unterminated("comment", from);
      } else if (isNext(0, '/') && isNext(1, '*')) {
        depth++;
        position += 2;
      } else if (isNext(0, '*') && isNext(1, '/')) {
        depth--;
        position += 2;
      } else {
        position++;
      }
    } while (depth > 0);
  }

  private void token(char c) throws IOException {
    int from = position;
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
      position++;
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

  /** Counts the nesting in {@code begin atomic .. end}, the body of an SQL function. */
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
    tokens.add(new Token(kind, value, from - start, position - start));
  }

  /**
   * Reads a quoted token, in which quotes are doubled, or with {@code escapes} written with a
   * backslash.
   */
  private String quoted(char quote, boolean escapes) throws IOException {
    int from = position++;
    StringBuilder value = new StringBuilder();
    while (true) {
      int c = peek();
      if (c == END) {
        throw unterminated(quote == '"' ? "name in double quotes" : "string in quotes", from);
      }
      position++;
      if (escapes && c == '\\' && peek() != END) {
        value.append((char) c).append(buffer.charAt(position++));
      } else if (c != quote) {
        value.append((char) c);
      } else if (isNext(0, quote)) {
        value.append(quote);
        position++;
      } else {
        return value.toString();
      }
    }
  }

  /** Returns {@code $tag$} if it is next, otherwise null. */
  private @Nullable String dollarTag() {
    int end = position + 1;
    while (end < buffer.length() && isTagPart(buffer.charAt(end), end == position + 1)) {
      end++;
    }
    return end < buffer.length() && buffer.charAt(end) == '$'
        ? buffer.substring(position, end + 1)
        : null;
  }

  private static boolean isTagPart(char c, boolean first) {
    return isLetter(c) || (!first && isDigit(c));
  }

  private String dollarQuoted() throws IOException {
    int from = position;
    String tag = String.valueOf(dollarTag());
    position += tag.length();
    int body = position;
    while (true) {
      if (peek() == END) {
        throw unterminated("string that began with " + tag, from);
      }
      if (isNext(0, '$') && buffer.indexOf(tag, position) == position) {
        position += tag.length();
        return buffer.substring(body, position - tag.length());
      }
      position++;
    }
  }

  private String run(java.util.function.IntPredicate isPart) {
    int from = position;
    while (position < buffer.length() && isPart.test(buffer.charAt(position))) {
      position++;
    }
    return buffer.substring(from, position);
  }

  private static boolean isLetter(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private UserError unterminated(String what, int from) {
    return new UserError(
        "the input ends inside a %s that begins in line %d".formatted(what, lineOf(from)),
        "add the missing closing delimiter");
  }
}
