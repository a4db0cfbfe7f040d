package dev.jlondiste.config;

import java.util.regex.Pattern;

/**
 * A shell pattern for names: {@code *} matches any number of characters, {@code ?} exactly one, and
 * every other character itself. Immutable.
 */
public final class Glob {
  private final Pattern regex;

  private Glob(String regex) {
    this.regex = Pattern.compile(regex, Pattern.DOTALL);
  }

  /** A pattern of a command line, in which brackets are part of a name. */
  public static Glob of(String pattern) {
    return new Glob(regex(pattern, false));
  }

  /**
   * A pattern of an ini file, in which {@code [abc]}, {@code [a-c]} and {@code [!abc]} match one
   * character.
   */
  public static Glob withSets(String pattern) {
    return new Glob(regex(pattern, true));
  }

  /** True if an argument of a command line is a pattern, not a plain name. */
  public static boolean isPattern(String word) {
    return word.indexOf('*') >= 0 || word.indexOf('?') >= 0;
  }

  public boolean fits(String name) {
    return regex.matcher(name).matches();
  }

  private static String regex(String pattern, boolean hasSets) {
    StringBuilder regex = new StringBuilder();
    int next = 0;
    while (next < pattern.length()) {
      int c = pattern.codePointAt(next);
      int end = hasSets && c == '[' ? pattern.indexOf(']', next + 2) : -1;
      if (end > 0) {
        regex.append(set(pattern.substring(next + 1, end)));
        next = end + 1;
        continue;
      }
      switch (c) {
        case '*' -> regex.append(".*");
        case '?' -> regex.append('.');
        default -> regex.append(Pattern.quote(Character.toString(c)));
      }
      next += Character.charCount(c);
    }
    return regex.toString();
  }

  /** {@code abc}, {@code a-c}, {@code !abc}. */
  private static String set(String inside) {
    boolean others = inside.startsWith("!");
    String characters =
        (others ? inside.substring(1) : inside).replaceAll("([\\[\\]^\\\\&])", "\\\\$1");
    return "[" + (others ? "^" : "") + characters + "]";
  }
}
