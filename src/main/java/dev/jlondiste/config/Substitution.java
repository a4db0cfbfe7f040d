package dev.jlondiste.config;

import dev.jlondiste.fault.UserError;
import java.util.Optional;

/** Replaces {@code %(key)s}, or in format 2 {@code ${key}} and {@code ${section:key}}. */
final class Substitution {
  private static final int MAX_DEPTH = 10;

  /** The raw value of a key, including built-in values. */
  @FunctionalInterface
  interface Source {
    Optional<String> raw(String section, String key);
  }

  /** The syntax of references. */
  enum Syntax {
    PERCENT('%', '(', ")s"),
    DOLLAR('$', '{', "}");

    private final char mark;
    private final char opening;
    private final String closing;

    Syntax(char mark, char opening, String closing) {
      this.mark = mark;
      this.opening = opening;
      this.closing = closing;
    }
  }

  private final Syntax syntax;
  private final Source source;

  Substitution(Syntax syntax, Source source) {
    this.syntax = syntax;
    this.source = source;
  }

  /** {@code place} is used in messages. They do not quote the value, which may have a password. */
  String apply(String section, String key, String value, String place) {
    return apply(section, key, value, place, 1);
  }

  /** True if a reference in the value leads to an existing key. */
  boolean hasReference(String section, String value) {
    String opening = "" + syntax.mark + syntax.opening;
    for (int at = value.indexOf(opening); at >= 0; at = value.indexOf(opening, at + 1)) {
      int end = value.indexOf(syntax.closing, at);
      if (end > 0 && source.raw(section, name(value.substring(at + 2, end))).isPresent()) {
        return true;
      }
    }
    return false;
  }

  private String apply(String section, String key, String value, String place, int depth) {
    if (depth > MAX_DEPTH) {
      throw wrong("references are nested deeper than " + MAX_DEPTH + " levels", key, place);
    }
    StringBuilder result = new StringBuilder();
    int at = 0;
    while (at < value.length()) {
      char c = value.charAt(at);
      if (c != syntax.mark) {
        result.append(c);
        at++;
      } else if (value.startsWith("" + c, at + 1)) {
        result.append(c);
        at += 2;
      } else {
        int end =
            value.startsWith("" + syntax.opening, at + 1) ? value.indexOf(syntax.closing, at) : -1;
        if (end < 0) {
          throw wrong("a single " + c + " at position " + (at + 1), key, place);
        }
        result.append(resolve(section, key, value.substring(at + 2, end), place, depth));
        at = end + syntax.closing.length();
      }
    }
    return result.toString();
  }

  private String resolve(String section, String key, String reference, String place, int depth) {
    int colon = syntax == Syntax.DOLLAR ? reference.indexOf(':') : -1;
    String from = colon < 0 ? section : reference.substring(0, colon);
    String name = name(reference.substring(colon + 1));
    String raw =
        source
            .raw(from, name)
            .orElseThrow(
                () -> wrong("there is no key \"" + reference + "\" to refer to", key, place));
    return apply(from, key, raw, place, depth + 1);
  }

  private static String name(String reference) {
    return reference.strip().toLowerCase(java.util.Locale.ROOT);
  }

  private UserError wrong(String what, String key, String place) {
    String example = syntax == Syntax.PERCENT ? "%(key)s" : "${key}";
    return new UserError(
        "parameter " + key + ": " + what + " (" + place + ")",
        "a reference is written " + example + ", a plain " + syntax.mark + " is doubled");
  }
}
