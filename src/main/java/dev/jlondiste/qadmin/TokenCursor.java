package dev.jlondiste.qadmin;

import dev.jlondiste.config.Spelling;
import dev.jlondiste.fault.UserError;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the tokens of a statement, and records what is accepted at the current position, for the
 * error message of an unexpected token.
 */
final class TokenCursor {
  private static final String END = "the end of the command";

  private final Statement statement;
  private int next;

  /** Keywords that are accepted at the current position; {@link #others} describes other tokens. */
  private final Set<String> keywords = new LinkedHashSet<>();

  private final Set<String> others = new LinkedHashSet<>();

  TokenCursor(Statement statement) {
    this.statement = statement;
  }

  boolean isAtEnd() {
    return next == statement.tokens().size();
  }

  /** Consumes the keyword if it is next. */
  boolean accept(String keyword) {
    keywords.add(keyword);
    return consumeIf(!isAtEnd() && peek().isWord(keyword));
  }

  void expect(String keyword) {
    if (!accept(keyword)) {
      throw unexpected();
    }
  }

  /** Checks for the keyword, without consuming or recording it. */
  boolean isNext(String keyword) {
    return !isAtEnd() && peek().isWord(keyword);
  }

  boolean acceptSymbol(char symbol) {
    others.add("'" + symbol + "'");
    return consumeIf(!isAtEnd() && peek().isSymbol(symbol));
  }

  void expectSymbol(char symbol) {
    if (!acceptSymbol(symbol)) {
      throw unexpected();
    }
  }

  void expectEnd() {
    if (!isAtEnd()) {
      others.add(END);
      throw unexpected();
    }
  }

  /** Consumes a string in single quotes if it is next. */
  Optional<String> acceptString() {
    if (isAtEnd() || peek().kind() != Token.Kind.STRING) {
      return Optional.empty();
    }
    String value = peek().value();
    return consumeIf(true) ? Optional.of(value) : Optional.empty();
  }

  /** Consumes a whole number if it is next. */
  Optional<Long> acceptNumber() {
    others.add("a number");
    if (isAtEnd() || peek().kind() != Token.Kind.NUMBER || isAdjacent(next + 1)) {
      return Optional.empty();
    }
    try {
      long value = Long.parseLong(peek().value());
      return consumeIf(true) ? Optional.of(value) : Optional.empty();
    } catch (NumberFormatException e) {
      throw error("this number is too large", null);
    }
  }

  long number() {
    return acceptNumber().orElseThrow(this::unexpected);
  }

  /**
   * Consumes a name. It can contain dots, dashes and other symbols, and ends at a blank, comma,
   * parenthesis or equals sign, unless these are in quotes. The result has no quotes.
   *
   * @param what description for errors
   */
  String name(String what) {
    others.add(what);
    if (isAtEnd() || peek().kind() == Token.Kind.SYMBOL || peek().kind() == Token.Kind.OPAQUE) {
      throw unexpected();
    }
    return adjacentTokens(",=()");
  }

  /** As {@link #name}, but can begin with any character, and ends at {@code enders} or a blank. */
  String value(String what, String enders) {
    others.add(what);
    if (isAtEnd() || ends(peek(), enders)) {
      throw unexpected();
    }
    return adjacentTokens(enders);
  }

  private String adjacentTokens(String enders) {
    StringBuilder text = new StringBuilder();
    do {
      if (peek().kind() == Token.Kind.OPAQUE) {
        throw error("strings with escapes (E'..') are allowed in SQL only", "write '..' instead");
      }
      text.append(peek().value());
      consumeIf(true);
    } while (isAdjacent(next) && !ends(peek(), enders));
    return text.toString();
  }

  /** True if the token at that index follows the previous one without a blank. */
  private boolean isAdjacent(int index) {
    List<Token> tokens = statement.tokens();
    return index < tokens.size() && tokens.get(index).from() == tokens.get(index - 1).to();
  }

  private static boolean ends(Token token, String enders) {
    return token.kind() == Token.Kind.SYMBOL && enders.contains(token.value());
  }

  private Token peek() {
    return statement.tokens().get(next);
  }

  private boolean consumeIf(boolean condition) {
    if (condition) {
      next++;
      keywords.clear();
      others.clear();
    }
    return condition;
  }

  /** What is accepted at the current position. */
  Expectation expectation() {
    return new Expectation(keywords, others);
  }

  /** An error with the expected and the found token. */
  UserError unexpected() {
    List<String> expected = new ArrayList<>();
    keywords.forEach(keyword -> expected.add(keyword.toUpperCase(Locale.ROOT)));
    expected.addAll(others);
    String found =
        isAtEnd() ? END : "\"" + statement.text().substring(peek().from(), peek().to()) + "\"";
    Optional<String> near =
        isAtEnd() ? Optional.empty() : Spelling.nearest(peek().value(), keywords);
    return error(
        "expected " + listed(expected) + ", found " + found,
        near.map(Spelling::question).orElse(null));
  }

  private UserError error(String problem, @org.jspecify.annotations.Nullable String hint) {
    int offset = isAtEnd() ? statement.text().length() : peek().from();
    return new UserError(problem + "\n" + statement.pointAt(offset), hint);
  }

  private static String listed(List<String> items) {
    int last = items.size() - 1;
    return last < 1
        ? String.join("", items)
        : String.join(", ", items.subList(0, last)) + " or " + items.get(last);
  }
}
