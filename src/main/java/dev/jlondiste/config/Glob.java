package dev.jlondiste.config;

import java.util.regex.Pattern;

/**
 * A pattern of names as a shell knows it: {@code *} matches any run of characters, also none,
 * {@code ?} exactly one, all others themselves. Immutable.
 */
public final class Glob {
  private final Pattern regex;

  private Glob(String regex) {
    this.regex = Pattern.compile(regex, Pattern.DOTALL);
  }

  /** As in command lines, where brackets are part of a name. */
  public static Glob of(String pattern) {
    return new Glob(regex(pattern, false));
  }

  /** As in ini files: also {@code [abc]}, {@code [a-c]} and {@code [!abc]} for one character. */
  public static Glob withSets(String pattern) {
    return new Glob(regex(pattern, true));
  }

  /** True if a word of a command line is more than a name. */
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
