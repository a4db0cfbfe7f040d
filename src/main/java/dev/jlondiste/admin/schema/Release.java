package dev.jlondiste.admin.schema;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A release of our database code, as dotted numbers. */
record Release(List<Integer> numbers) implements Comparable<Release> {
  private static final Pattern IN_SQL = Pattern.compile("select '([0-9.]+)'::text");

  static Release parse(String text) {
    return new Release(Arrays.stream(text.split("\\.")).map(Integer::valueOf).toList());
  }

  /** The release of this program. */
  static Release current() {
    Matcher release = IN_SQL.matcher(SqlScript.load("pgq/functions/jlondiste_release.sql").text());
    if (!release.find()) {
      throw new IllegalStateException("pgq.jlondiste_release() returns no release");
    }
    return parse(release.group(1));
  }

  @Override
  public int compareTo(Release other) {
    return Arrays.compare(numbers.toArray(Integer[]::new), other.numbers.toArray(Integer[]::new));
  }

  @Override
  public String toString() {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining("."));
  }
}
