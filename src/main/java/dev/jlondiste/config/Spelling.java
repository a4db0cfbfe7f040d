package dev.jlondiste.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Suggests a known word for an unknown word. All such suggestions come from here. */
public final class Spelling {
  private Spelling() {}

  /** The known word with the smallest edit distance; empty if none is close. */
  public static Optional<String> nearest(String word, Collection<String> known) {
    String lower = word.toLowerCase(Locale.ROOT);
    int limit = Math.min(3, (word.length() + 1) / 2);
    return known.stream()
        .filter(candidate -> distance(lower, candidate) <= limit)
        .min(
            Comparator.<String>comparingInt(candidate -> distance(lower, candidate))
                .thenComparing(Comparator.naturalOrder()));
  }

  /** The end of a message, {@code ; did you mean "port"?}, or an empty text. */
  public static String guess(String word, Collection<String> known) {
    return nearest(word, known).map(near -> "; " + question(near)).orElse("");
  }

  /** {@code did you mean "port"?}. */
  public static String question(String near) {
    return "did you mean \"" + near + "\"?";
  }

  /**
   * The Levenshtein distance: insertions, deletions and replacements that turn one word into the
   * other.
   */
  static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int exchange = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(exchange, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
