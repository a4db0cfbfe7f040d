package dev.jlondiste.replica.script;

import dev.jlondiste.fault.UserError;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The header of a script: lines {@code --*-- Key: value, value} before the first statement. A line
 * that ends with a comma is continued by the next line of the header; other comments and blank
 * lines may stand between.
 */
final class ScriptHeader {
  private static final String MARK = "--*--";
  private static final String COMMENT = "--";

  private ScriptHeader() {}

  /** Returns the values by key, in lower case, joined by commas; empty if there is no header. */
  static Map<String, String> parse(String script, String sql) {
    Map<String, String> header = new LinkedHashMap<>();
    String key = "";
    boolean isContinued = false;
    int number = 0;
    for (String line : (Iterable<String>) sql.lines().map(String::strip)::iterator) {
      number++;
      if (line.startsWith(MARK)) {
        String content = line.substring(MARK.length()).strip();
        if (!isContinued) {
          key = key(script, number, content);
          content = content.substring(content.indexOf(':') + 1).strip();
        }
        isContinued = content.endsWith(",");
        String values = values(content);
        if (!values.isEmpty()) {
          header.merge(key, values, (earlier, later) -> earlier + "," + later);
        }
        if (!isContinued && !header.containsKey(key)) {
          throw new UserError(
              "%s, line %d: '%s' has no value".formatted(script, number, line),
              "name the objects, for example: --*-- Local-Table: public.orders");
        }
      } else if (!line.isEmpty() && !line.startsWith(COMMENT)) {
        break;
      }
    }
    if (isContinued) {
      throw new UserError(
          "%s: the header ends with a comma".formatted(script),
          "continue it in a line that begins with " + MARK);
    }
    check(script, header);
    return header;
  }

  private static String key(String script, int number, String content) {
    int colon = content.indexOf(':');
    if (colon <= 0) {
      throw new UserError(
          "%s, line %d: no key in '%s %s'".formatted(script, number, MARK, content),
          "the form is: --*-- Key: value, value");
    }
    String key = content.substring(0, colon).strip();
    if (ScriptCondition.find(key).isEmpty()) {
      throw new UserError(
          "Invalid key: " + key,
          "%s, line %d; known keys: %s".formatted(script, number, ScriptCondition.keys()));
    }
    return key.toLowerCase(Locale.ROOT);
  }

  private static void check(String script, Map<String, String> header) {
    header.forEach(
        (key, values) -> {
          for (String value : List.of(values.split(","))) {
            try {
              ScriptCondition.find(key).orElseThrow().check(value);
            } catch (IllegalArgumentException e) {
              throw new UserError(
                  "%s: %s: '%s': %s".formatted(script, key, value, e.getMessage()), null);
            }
          }
        });
  }

  private static String values(String list) {
    return Arrays.stream(list.split(","))
        .map(String::strip)
        .filter(value -> !value.isEmpty())
        .collect(Collectors.joining(","));
  }
}
