package dev.jlondiste.replica.handler;

import dev.jlondiste.db.CopyRows;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.RowChange;
import dev.jlondiste.pgq.row.Row;
import dev.jlondiste.pgq.row.RowShape;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Selects and renames the columns of rows: arguments {@code fields} and {@code skip_fields}. */
final class FieldMap {
  static final String FIELDS = "fields";
  static final String SKIP_FIELDS = "skip_fields";

  static final List<HandlerArgument> ARGUMENTS =
      List.of(
          HandlerArgument.of(
                  FIELDS,
                  HandlerArgument.Type.TEXT,
                  "columns to apply, as a,b:other; other is the name of b here; * for all")
              .withDefault("*"),
          HandlerArgument.of(
              SKIP_FIELDS, HandlerArgument.Type.TEXT, "columns to leave out, as a,b"));

  private static final String ALL = "*";

  /** The local name of each selected column. */
  private final Map<String, String> names;

  private final boolean all;
  private final Set<String> skipped;
  private final Map<RowShape, Mapping> mappings = new HashMap<>();

  private FieldMap(Map<String, String> names, boolean all, Set<String> skipped) {
    this.names = names;
    this.all = all;
    this.skipped = skipped;
  }

  /** The positions of the columns that are kept, and the shape of rows that have only these. */
  private static final class Mapping {
    private final RowShape shape;
    private final int[] positions;

    Mapping(RowShape shape, int[] positions) {
      this.shape = shape;
      this.positions = positions;
    }
  }

  static FieldMap of(HandlerContext context) {
    return of(context.argument(FIELDS).orElse(ALL), context.argument(SKIP_FIELDS).orElse(""));
  }

  private static FieldMap of(String fields, String skipFields) {
    List<String> selected = words(fields);
    Map<String, String> names = new LinkedHashMap<>();
    for (String field : selected) {
      int colon = field.indexOf(':');
      String column = colon < 0 ? field : field.substring(0, colon).strip();
      String local = colon < 0 ? field : field.substring(colon + 1).strip();
      if (column.isEmpty() || local.isEmpty() || (colon >= 0 && column.equals(ALL))) {
        throw problem(FIELDS, "'" + field + "' is not COLUMN or COLUMN:NEWNAME");
      }
      if (names.put(column, local) != null) {
        throw problem(FIELDS, "column '" + column + "' is given twice");
      }
    }
    boolean all = names.remove(ALL) != null;
    if (Set.copyOf(names.values()).size() < names.size()) {
      throw problem(FIELDS, "two columns have the same new name: " + fields);
    }
    return new FieldMap(names, all, Set.copyOf(words(skipFields)));
  }

  private static List<String> words(String list) {
    return Arrays.stream(list.split(","))
        .map(String::strip)
        .filter(word -> !word.isEmpty())
        .toList();
  }

  private static UserError problem(String argument, String problem) {
    return new UserError(
        "handler argument " + argument + ": " + problem,
        "--handler-arg=fields=a,b:other; *,b:other for all columns, one of them renamed");
  }

  /** Throws UserError if the arguments are not valid. */
  static void check(HandlerDescription description, Map<String, String> arguments) {
    String fields = description.value(arguments, FIELDS);
    String skipFields = description.value(arguments, SKIP_FIELDS);
    FieldMap map = of(fields == null ? ALL : fields, skipFields == null ? "" : skipFields);
    if (!map.all && map.skipped.containsAll(map.names.keySet())) {
      throw problem(FIELDS, "no column is left");
    }
  }

  /** True if rows stay as they are. */
  boolean isIdentity() {
    return all && names.isEmpty() && skipped.isEmpty();
  }

  /** The local name of a column of the source; empty if the column is left out. */
  Optional<String> localName(String column) {
    if (skipped.contains(column)) {
      return Optional.empty();
    }
    String name = names.get(column);
    return name == null && all ? Optional.of(column) : Optional.ofNullable(name);
  }

  /** The change with the columns of the local table. */
  RowChange map(RowChange change) {
    if (isIdentity()) {
      return change;
    }
    Mapping mapping = mappings.computeIfAbsent(change.shape(), this::mapping);
    return change.withRow(new SelectedRow(mapping.shape, change.row(), mapping.positions));
  }

  private Mapping mapping(RowShape shape) {
    int[] positions =
        IntStream.range(0, shape.columns().size())
            .filter(i -> localName(shape.columns().get(i)).isPresent())
            .toArray();
    List<String> columns = new ArrayList<>();
    for (int position : positions) {
      columns.add(localName(shape.columns().get(position)).orElseThrow());
    }
    return new Mapping(
        new RowShape(shape.json(), shape.keys().stream().map(this::localKey).toList(), columns),
        positions);
  }

  /** Without its key a changed row cannot be found. */
  private String localKey(String key) {
    return localName(key)
        .orElseThrow(
            () ->
                new UserError(
                    "key column '" + key + "' is left out by fields or skip_fields",
                    "keep it; columns that are kept: "
                        + (all ? "all except " + sorted(skipped) : sorted(names.keySet()))));
  }

  private static String sorted(Set<String> names) {
    return names.stream().sorted().collect(Collectors.joining(", "));
  }

  /** Some values of another row. */
  private static final class SelectedRow extends Row {
    private final Row row;
    private final int[] positions;

    SelectedRow(RowShape shape, Row row, int[] positions) {
      super(shape);
      this.row = row;
      this.positions = positions;
    }

    @Override
    public @Nullable String text(int position) {
      return row.text(positions[position]);
    }

    @Override
    public @Nullable Long wholeNumber(int position) {
      return row.wholeNumber(positions[position]);
    }

    @Override
    public String literal(int position) {
      return row.literal(positions[position]);
    }

    @Override
    public boolean isRaw() {
      return row.isRaw();
    }

    @Override
    public void copyTo(CopyRows rows, int position) throws SQLException {
      row.copyTo(rows, positions[position]);
    }

    @Override
    public long bytes() {
      return row.bytes();
    }
  }
}
