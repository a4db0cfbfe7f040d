package dev.jlondiste.replica.handler;

import dev.jlondiste.fault.UserError;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The arguments of {@code dispatch} that select and rename columns. */
final class LoadFields {
  private static final String ALL = "*";

  static final List<HandlerArgument> ARGUMENTS =
      List.of(
          HandlerArgument.of(
                  ColumnArguments.FIELDS,
                  HandlerArgument.Type.TEXT,
                  "columns to apply, as a,b:other; other is the name of b here; * for all")
              .withDefault(ALL),
          HandlerArgument.of(
              ColumnArguments.SKIP_FIELDS,
              HandlerArgument.Type.TEXT,
              "columns to leave out, as a,b"));

  private LoadFields() {}

  static ColumnArguments of(HandlerContext context) {
    return of(
        context.argument(ColumnArguments.FIELDS).orElse(ALL),
        context.argument(ColumnArguments.SKIP_FIELDS).orElse(""));
  }

  private static ColumnArguments of(String fields, String skipFields) {
    Map<String, String> names = new LinkedHashMap<>();
    for (String field : words(fields)) {
      int colon = field.indexOf(':');
      String column = colon < 0 ? field : field.substring(0, colon).strip();
      String local = colon < 0 ? field : field.substring(colon + 1).strip();
      if (column.isEmpty() || local.isEmpty() || (colon >= 0 && column.equals(ALL))) {
        throw problem("'" + field + "' is not COLUMN or COLUMN:NEWNAME");
      }
      if (names.put(column, local) != null) {
        throw problem("column '" + column + "' is given twice");
      }
    }
    boolean all = names.remove(ALL) != null;
    if (Set.copyOf(names.values()).size() < names.size()) {
      throw problem("two columns have the same new name: " + fields);
    }
    Set<String> skipped = Set.copyOf(words(skipFields));
    return all
        ? new ColumnArguments(null, names, skipped, Map.of())
        : new ColumnArguments(names, Map.of(), skipped, Map.of());
  }

  private static List<String> words(String list) {
    return Arrays.stream(list.split(","))
        .map(String::strip)
        .filter(word -> !word.isEmpty())
        .toList();
  }

  private static UserError problem(String problem) {
    return new UserError(
        "handler argument " + ColumnArguments.FIELDS + ": " + problem,
        "--handler-arg=fields=a,b:other; *,b:other for all columns, one of them renamed");
  }

  /** Throws UserError if the arguments are not valid. */
  static void check(HandlerDescription description, Map<String, String> arguments) {
    @Nullable String fields = description.value(arguments, ColumnArguments.FIELDS);
    @Nullable String skipFields = description.value(arguments, ColumnArguments.SKIP_FIELDS);
    ColumnArguments read = of(fields == null ? ALL : fields, skipFields == null ? "" : skipFields);
    if (read.fields() != null && read.skipped().containsAll(read.fields().keySet())) {
      throw problem("no column is left");
    }
  }
}
