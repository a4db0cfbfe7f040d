package dev.jlondiste.qadmin;

/**
 * A word of a statement.
 *
 * @param value without quotes, and doubled quotes single
 * @param from,to its place in the statement's text, quotes included; {@code to} is exclusive
 */
record Token(Kind kind, String value, int from, int to) {
  /** What it is made of. */
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
    /** What only SQL has, such as {@code E'..'}. */
    OPAQUE
  }

  boolean isWord(String word) {
    return kind == Kind.WORD && value.equalsIgnoreCase(word);
  }

  boolean isSymbol(char symbol) {
    return kind == Kind.SYMBOL && value.charAt(0) == symbol;
  }
}
