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
 * Walks over the words of a statement, and remembers what would have been right at the place where
 * it stops, so that an error can say so.
 */
final class TokenCursor {
  private static final String END = "the end of the command";

  private final Statement statement;
  private int next;

  /** Keywords that were asked for at this place, and other things, in words. */
  private final Set<String> keywords = new LinkedHashSet<>();

  private final Set<String> others = new LinkedHashSet<>();

  TokenCursor(Statement statement) {
    this.statement = statement;
  }

  boolean isAtEnd() {
    return next == statement.tokens().size();
  }

  /** Takes the keyword, if it is next. */
  boolean accept(String keyword) {
    keywords.add(keyword);
    return take(!isAtEnd() && peek().isWord(keyword));
  }

  void expect(String keyword) {
    if (!accept(keyword)) {
      throw unexpected();
    }
  }

  /** Looks without taking, and without remembering. */
  boolean isNext(String keyword) {
    return !isAtEnd() && peek().isWord(keyword);
  }

  boolean acceptSymbol(char symbol) {
    others.add("'" + symbol + "'");
    return take(!isAtEnd() && peek().isSymbol(symbol));
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

  /** What is in single quotes, if that is next. */
  Optional<String> acceptString() {
    if (isAtEnd() || peek().kind() != Token.Kind.STRING) {
      return Optional.empty();
    }
    String value = peek().value();
    return take(true) ? Optional.of(value) : Optional.empty();
  }

  /** A whole number, if that is next. */
  Optional<Long> acceptNumber() {
    others.add("a number");
    if (isAtEnd() || peek().kind() != Token.Kind.NUMBER || isGluedTo(next + 1)) {
      return Optional.empty();
    }
    try {
      long value = Long.parseLong(peek().value());
      return take(true) ? Optional.of(value) : Optional.empty();
    } catch (NumberFormatException e) {
      throw error("this number is too large", null);
    }
  }

  long number() {
    return acceptNumber().orElseThrow(this::unexpected);
  }

  /**
   * A name as people type it: dots, dashes and so on belong to it, and it ends at a blank, a comma,
   * a parenthesis or an equals sign. Quotes save names that have these, and they are left out.
   *
   * @param what in words, for errors
   */
  String name(String what) {
    others.add(what);
    if (isAtEnd() || peek().kind() == Token.Kind.SYMBOL || peek().kind() == Token.Kind.OPAQUE) {
      throw unexpected();
    }
    return glued(",=()");
  }

  /** As {@link #name}, but beginning with any character. */
  String value(String what, String enders) {
    others.add(what);
    if (isAtEnd() || ends(peek(), enders)) {
      throw unexpected();
    }
    return glued(enders);
  }

  private String glued(String enders) {
    StringBuilder text = new StringBuilder();
    do {
      if (peek().kind() == Token.Kind.OPAQUE) {
        throw error("strings with escapes, as E'..', are for SQL only", "use '..'");
      }
      text.append(peek().value());
      take(true);
    } while (isGluedTo(next) && !ends(peek(), enders));
    return text.toString();
  }

  /** Whether nothing stands between the token of that index and the one before it. */
  private boolean isGluedTo(int index) {
    List<Token> tokens = statement.tokens();
    return index < tokens.size() && tokens.get(index).from() == tokens.get(index - 1).to();
  }

  private static boolean ends(Token token, String enders) {
    return token.kind() == Token.Kind.SYMBOL && enders.contains(token.value());
  }

  private Token peek() {
    return statement.tokens().get(next);
  }

  private boolean take(boolean really) {
    if (really) {
      next++;
      keywords.clear();
      others.clear();
    }
    return really;
  }

  /** Says what is there, and what could have been. */
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
