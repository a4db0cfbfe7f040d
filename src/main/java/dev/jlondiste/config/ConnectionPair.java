package dev.jlondiste.config;

/** A keyword and its value, and where in the text the value stands: that is what gets masked. */
record ConnectionPair(String keyword, String value, int from, int to) {
  /** Records print all they have, and this may be a password. */
  @Override
  public String toString() {
    return keyword + "=...";
  }
}
