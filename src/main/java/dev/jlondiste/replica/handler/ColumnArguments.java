package dev.jlondiste.replica.handler;

import dev.jlondiste.fault.UserError;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The arguments that choose, rename and compute columns.
 *
 * @param fields local names of the columns that are written, by their names on the source; null for
 *     all columns
 * @param renamed local names of some of them, by their names on the source
 * @param skipped columns of the source that are left out
 * @param assigned what {@code set} assigns to local columns
 */
record ColumnArguments(
    @Nullable Map<String, String> fields,
    Map<String, String> renamed,
    Set<String> skipped,
    Map<String, Value> assigned) {
  static final String FIELDS = "fields";
  static final String SKIP_FIELDS = "skip_fields";
  static final String RENAME = "rename";
  static final String SET = "set";

  private static final String ALL = "*";
  private static final Pattern ASSIGNMENT =
      Pattern.compile("(\"(?:[^\"]|\"\")+\"|[^\\s=\"]+)\\s*=(.*)", Pattern.DOTALL);
  private static final Pattern STRING = Pattern.compile("'((?:[^']|'')*)'");
  private static final Pattern NUMBER = Pattern.compile("[+-]?\\d+(\\.\\d+)?");

  static final List<HandlerArgument> ARGUMENTS =
      List.of(
          HandlerArgument.of(
                  FIELDS,
                  HandlerArgument.Type.TEXT,
                  "only these columns, renamed if there is a second name: a,b:newb")
              .withDefault(ALL),
          HandlerArgument.of(SKIP_FIELDS, HandlerArgument.Type.TEXT, "without these columns: a,b"),
          HandlerArgument.of(
              RENAME, HandlerArgument.Type.TEXT, "columns with other names here: a:newa,b:newb"),
          HandlerArgument.of(
              SET,
              HandlerArgument.Type.EXPRESSION,
              "values of columns here, as in an UPDATE: origin = 'eu', total = price * amount"));

  /**
   * A value that is assigned to a column.
   *
   * @param sql an SQL expression over the columns of the source
   * @param isConstant true if it is always {@code text}
   */
  record Value(String sql, boolean isConstant, @Nullable String text) {
    static Value of(String sql) {
      Matcher string = STRING.matcher(sql);
      if (string.matches()) {
        return new Value(sql, true, string.group(1).replace("''", "'"));
      }
      if (NUMBER.matcher(sql).matches()) {
        return new Value(sql, true, sql);
      }
      return sql.equalsIgnoreCase("null")
          ? new Value(sql, true, null)
          : new Value(sql, false, null);
    }
  }

  /** Throws UserError if the arguments cannot be read, or contradict each other. */
  static ColumnArguments of(HandlerDescription description, Map<String, String> arguments) {
    String fields = description.value(arguments, FIELDS);
    ColumnArguments read =
        new ColumnArguments(
            fields == null || fields.strip().equals(ALL) ? null : pairs(FIELDS, fields),
            pairs(RENAME, description.value(arguments, RENAME)),
            pairs(SKIP_FIELDS, description.value(arguments, SKIP_FIELDS)).keySet(),
            assigned(description.value(arguments, SET)));
    Set<String> targets = new HashSet<>();
    for (String column : read.named()) {
      Optional<String> target = read.target(column);
      if (target.isPresent() && !targets.add(target.get())) {
        throw problem(RENAME, "two columns are written to '" + target.get() + "'");
      }
    }
    return read;
  }

  /** Reads a list of columns, some with a second name. */
  private static Map<String, String> pairs(String argument, @Nullable String list) {
    Map<String, String> pairs = new LinkedHashMap<>();
    if (list == null) {
      return pairs;
    }
    for (String part : list.split(",", -1)) {
      List<String> names = Arrays.stream(part.split(":", -1)).map(String::strip).toList();
      boolean isPair = names.size() == 2 && !argument.equals(SKIP_FIELDS);
      boolean isName = names.size() == 1 && !argument.equals(RENAME);
      if (!(isPair || isName) || names.stream().anyMatch(String::isEmpty)) {
        throw problem(argument, "'" + part.strip() + "' cannot be read");
      }
      if (pairs.put(names.get(0), names.get(names.size() - 1)) != null) {
        throw problem(argument, "column '" + names.get(0) + "' is given twice");
      }
    }
    return pairs;
  }

  private static Map<String, Value> assigned(@Nullable String list) {
    Map<String, Value> assigned = new LinkedHashMap<>();
    if (list == null) {
      return assigned;
    }
    for (String part : split(list)) {
      Matcher assignment = ASSIGNMENT.matcher(part);
      if (!assignment.matches() || assignment.group(2).isBlank()) {
        throw problem(SET, "'" + part + "' is not COLUMN = EXPRESSION");
      }
      String name = assignment.group(1);
      String column =
          name.startsWith("\"") ? name.substring(1, name.length() - 1).replace("\"\"", "\"") : name;
      if (assigned.put(column, Value.of(assignment.group(2).strip())) != null) {
        throw problem(SET, "column '" + column + "' is given twice");
      }
    }
    return assigned;
  }

  private static List<String> split(String list) {
    try {
      return SqlList.split(list);
    } catch (IllegalArgumentException e) {
      throw problem(SET, String.valueOf(e.getMessage()));
    }
  }

  private static UserError problem(String argument, String problem) {
    String text =
        ARGUMENTS.stream()
            .filter(described -> described.hasName(argument))
            .map(HandlerArgument::text)
            .findFirst()
            .orElse("");
    return new UserError("handler argument " + argument + ": " + problem, text);
  }

  /** The columns of the source that the arguments name. */
  Set<String> named() {
    Set<String> named = new LinkedHashSet<>(renamed.keySet());
    named.addAll(skipped);
    if (fields != null) {
      named.addAll(fields.keySet());
    }
    return named;
  }

  /**
   * The local column that has the values of a column of the source; empty if no column has them.
   */
  Optional<String> target(String column) {
    if (skipped.contains(column) || (fields != null && !fields.containsKey(column))) {
      return Optional.empty();
    }
    String target =
        renamed.getOrDefault(column, fields == null ? column : fields.getOrDefault(column, column));
    return assigned.containsKey(target) ? Optional.empty() : Optional.of(target);
  }

  /** True if rows stay as they are. */
  boolean isIdentity() {
    return fields == null && renamed.isEmpty() && skipped.isEmpty() && assigned.isEmpty();
  }
}
