package dev.jlondiste.qadmin;

import java.util.Set;

/**
 * What the grammar accepts at a position.
 *
 * @param keywords words of the command
 * @param others descriptions of other tokens, such as {@code the name of a queue}
 */
record Expectation(Set<String> keywords, Set<String> others) {
  static final Expectation NONE = new Expectation(Set.of(), Set.of());

  Expectation {
    keywords = Set.copyOf(keywords);
    others = Set.copyOf(others);
  }
}
