package dev.jlondiste.admin.compare;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code compare_fmt}: text with places like {@code %(cnt)d}, as the reference's users wrote it.
 */
record ResultFormat(String template) {
  static final ResultFormat COUNT = new ResultFormat("%(cnt)d rows");
  static final ResultFormat USUAL = new ResultFormat("%(cnt)d rows, checksum=%(chksum)s");

  private static final Pattern PLACE = Pattern.compile("%%|%\\(([^)]*)\\)[-0-9.]*[a-z]");

  /** NULL is written as {@code None}; a place that the query has no column for stays as it is. */
  String fill(Map<String, @Nullable String> row) {
    Matcher place = PLACE.matcher(template);
    StringBuilder text = new StringBuilder();
    while (place.find()) {
      String name = place.group(1);
      String value = place.group();
      if (name == null) {
        value = "%";
      } else if (row.containsKey(name)) {
        value = String.valueOf(row.get(name)).equals("null") ? "None" : row.get(name);
      }
      place.appendReplacement(text, Matcher.quoteReplacement(String.valueOf(value)));
    }
    return place.appendTail(text).toString();
  }
}
