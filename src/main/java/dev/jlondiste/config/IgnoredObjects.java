package dev.jlondiste.config;

import java.util.List;

/**
 * {@code inventory_ignore}: tables and sequences that are meant to be as they are, not replicated
 * for example.
 *
 * @param patterns of full names, with {@code *}, {@code ?} and {@code [..]}
 */
public record IgnoredObjects(List<String> patterns) {
  /** Nothing is ignored. */
  public static final IgnoredObjects NONE = new IgnoredObjects(List.of());

  public IgnoredObjects {
    patterns = List.copyOf(patterns);
  }

  public boolean contains(String fullName) {
    return patterns.stream().anyMatch(pattern -> Glob.withSets(pattern).fits(fullName));
  }

  /** One without a schema would fit nothing, which is hard to see. */
  static boolean isPattern(String text) {
    return text.equals("*") || text.matches("[^.\\s]+\\.\\S(.*\\S)?");
  }
}
