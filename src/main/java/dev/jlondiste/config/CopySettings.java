package dev.jlondiste.config;

import java.util.List;
import java.util.regex.Pattern;

/**
 * How first copies are made.
 *
 * @param streams streams of rows at the same time, over the whole node
 * @param splitTables patterns of full names, with {@code *}, {@code ?} and {@code [..]}: tables
 *     that are copied by several streams
 * @param splitStreams streams of such a table
 * @param indexMemory what one index build may use, in bytes, if the server does not allow more
 */
public record CopySettings(
    int streams, List<String> splitTables, int splitStreams, long indexMemory) {

  /** Streams that a table would get if all were free. */
  public int streamsOf(String fullName) {
    return splitTables.stream().anyMatch(pattern -> fits(pattern, fullName))
        ? Math.min(splitStreams, streams)
        : 1;
  }

  static boolean fits(String pattern, String name) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      int end = c == '[' ? pattern.indexOf(']', i + 2) : -1;
      if (end > 0) {
        regex.append(set(pattern.substring(i + 1, end)));
        i = end;
      } else if (c == '*') {
        regex.append(".*");
      } else if (c == '?') {
        regex.append('.');
      } else {
        regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL).matcher(name).matches();
  }

  /** {@code abc}, {@code a-c}, {@code !abc}. */
  private static String set(String inside) {
    boolean others = inside.startsWith("!");
    String characters =
        (others ? inside.substring(1) : inside).replaceAll("([\\[\\]^\\\\&])", "\\\\$1");
    return "[" + (others ? "^" : "") + characters + "]";
  }
}
