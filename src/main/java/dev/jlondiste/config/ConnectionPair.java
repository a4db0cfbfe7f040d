package dev.jlondiste.config;

/** A keyword, its value, and the position of the value in the text, which is needed to mask it. */
record ConnectionPair(String keyword, String value, int from, int to) {
  /** Does not print the value, which may be a password. */
  @Override
  public String toString() {
    return keyword + "=...";
  }
}
