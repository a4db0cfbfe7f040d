package dev.jlondiste.admin.compare;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The template {@code compare_fmt}: text with placeholders like {@code %(cnt)d}, in the syntax of
 * Londiste.
 */
record ResultFormat(String template) {
  static final ResultFormat COUNT = new ResultFormat("%(cnt)d rows");
  static final ResultFormat DEFAULT = new ResultFormat("%(cnt)d rows, checksum=%(chksum)s");

  private static final Pattern PLACEHOLDER = Pattern.compile("%%|%\\(([^)]*)\\)[-0-9.]*[a-z]");

  /**
   * Fills in one row. NULL becomes {@code None}; a placeholder without a column stays unchanged.
   */
  String fill(Map<String, @Nullable String> row) {
    Matcher placeholder = PLACEHOLDER.matcher(template);
    StringBuilder text = new StringBuilder();
    while (placeholder.find()) {
      String name = placeholder.group(1);
      String value = placeholder.group();
      if (name == null) {
        value = "%";
      } else if (row.containsKey(name)) {
        value = String.valueOf(row.get(name)).equals("null") ? "None" : row.get(name);
      }
      placeholder.appendReplacement(text, Matcher.quoteReplacement(String.valueOf(value)));
    }
    return placeholder.appendTail(text).toString();
  }
}
