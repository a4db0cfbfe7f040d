package dev.jlondiste.qadmin;

/**
 * A token of a statement.
 *
 * @param value the text without quotes, with doubled quotes reduced to single ones
 * @param from,to its range in the statement's text, with quotes; {@code to} is exclusive
 */
record Token(Kind kind, String value, int from, int to) {
  /** The kind of a token. */
  enum Kind {
    /** Letters, digits, underscores: a keyword or a name. */
    WORD,
    /** In double quotes: a name, never a keyword. */
    QUOTED,
    /** In single quotes, or between dollar signs. */
    STRING,
    /** Digits only. */
    NUMBER,
    /** One character of punctuation. */
    SYMBOL,
    /** Syntax that only SQL has, such as {@code E'..'}. */
    OPAQUE
  }

  boolean isWord(String word) {
    return kind == Kind.WORD && value.equalsIgnoreCase(word);
  }

  boolean isSymbol(char symbol) {
    return kind == Kind.SYMBOL && value.charAt(0) == symbol;
  }
}
