package dev.jlondiste.config;

import java.util.List;

/**
 * The setting {@code inventory_ignore}: tables and sequences that the inventory does not report,
 * for example because they are intentionally not replicated.
 *
 * @param patterns of full names, with {@code *}, {@code ?} and {@code [..]}
 */
public record IgnoredObjects(List<String> patterns) {
  /** Ignores no object. */
  public static final IgnoredObjects NONE = new IgnoredObjects(List.of());

  public IgnoredObjects {
    patterns = List.copyOf(patterns);
  }

  public boolean contains(String fullName) {
    return patterns.stream().anyMatch(pattern -> Glob.withSets(pattern).fits(fullName));
  }

  /** A pattern without a schema never matches, so it is refused. */
  static boolean isPattern(String text) {
    return text.equals("*") || text.matches("[^.\\s]+\\.\\S(.*\\S)?");
  }
}
