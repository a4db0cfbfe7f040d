package dev.jlondiste.replica.handler;

import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.RowChange;
import dev.jlondiste.pgq.row.RowShape;
import dev.jlondiste.replica.apply.ComputedColumns;
import dev.jlondiste.replica.apply.ComputedColumns.Input;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Maps rows of the source to rows of the local table. What depends only on the columns of a row is
 * determined once for all rows with the same columns. Used by one thread.
 */
final class ColumnMapper {
  /** The start of names of columns that only serve expressions. */
  private static final String INPUT = "_source_";

  private final HandlerContext context;
  private final ColumnArguments arguments;
  private final LocalColumns local;
  private final Map<RowShape, Mapped> known = new HashMap<>();
  private final Map<ComputedColumns, ComputedColumns> computed = new HashMap<>();
  private @Nullable Mapped last;

  /** What rows of one shape become. */
  private static final class Mapped {
    private final RowShape from;
    private final RowShape to;
    private final int[] positions;
    private final List<@Nullable String> constants;
    private final ComputedColumns computed;

    Mapped(
        RowShape from,
        RowShape to,
        int[] positions,
        List<@Nullable String> constants,
        ComputedColumns computed) {
      this.from = from;
      this.to = to;
      this.positions = positions;
      this.constants = constants;
      this.computed = computed;
    }
  }

  /** {@code local} may be empty if {@code arguments} assign no values. */
  ColumnMapper(HandlerContext context, ColumnArguments arguments, LocalColumns local) {
    this.context = context;
    this.arguments = arguments;
    this.local = local;
  }

  /** How rows with these columns are mapped. */
  RowMapping mapping(List<String> columns) {
    Map<String, String> written = new LinkedHashMap<>();
    for (String column : columns) {
      Optional<String> target = arguments.target(column);
      if (target.isPresent()) {
        String other = written.put(target.get(), column);
        if (other != null) {
          throw new UserError(
              "columns '%s' and '%s' are both written to '%s'"
                  .formatted(other, column, target.get()),
              "leave one out with skip_fields");
        }
      }
    }
    Map<String, @Nullable String> constants = new LinkedHashMap<>();
    Map<String, String> expressions = new LinkedHashMap<>();
    arguments
        .assigned()
        .forEach(
            (column, value) -> {
              if (value.isConstant()) {
                constants.put(column, value.text());
              } else {
                expressions.put(column, value.sql());
              }
            });
    return new RowMapping(written, constants, computed(expressions, columns));
  }

  private ComputedColumns computed(Map<String, String> expressions, List<String> columns) {
    if (expressions.isEmpty()) {
      return ComputedColumns.NONE;
    }
    List<Input> inputs = new ArrayList<>();
    for (String column : LocalColumns.named(String.join(" ", expressions.values()), columns)) {
      Optional<LocalColumns.Column> here =
          arguments.target(column).map(target -> local.columns().get(target));
      inputs.add(
          here.isPresent()
              ? new Input(column, column, here.get().type(), !here.get().generated())
              : new Input(column, column, "text", false));
    }
    return new ComputedColumns(inputs, expressions);
  }

  /** True if rows stay as they are. */
  boolean isIdentity() {
    return arguments.isIdentity();
  }

  /** The change of the local row. */
  RowChange map(RowChange change) {
    Mapped mapped = mapped(change.shape());
    return change.withRow(
        new MappedRow(mapped.to, change.row(), mapped.positions, mapped.constants));
  }

  /** The columns that are computed from the rows that {@link #map} returns for this shape. */
  ComputedColumns computed(RowShape shape) {
    return mapped(shape).computed;
  }

  /** The SQL type of a local column. */
  String type(String column) {
    return local.type(column);
  }

  private Mapped mapped(RowShape shape) {
    Mapped found = last;
    if (found == null || !found.from.equals(shape)) {
      found = known.computeIfAbsent(shape, this::mapShape);
      last = found;
    }
    return found;
  }

  private Mapped mapShape(RowShape shape) {
    RowMapping mapping = mapping(shape.columns());
    List<String> columns = new ArrayList<>();
    List<String> sources = new ArrayList<>();
    mapping
        .written()
        .forEach(
            (target, source) -> {
              columns.add(target);
              sources.add(source);
            });
    List<Input> inputs = new ArrayList<>();
    for (Input input : mapping.computed().inputs()) {
      String column = arguments.target(input.name()).orElse("");
      if (!input.written()) {
        column = INPUT + inputs.size();
        columns.add(column);
        sources.add(input.name());
      }
      inputs.add(new Input(column, input.name(), input.type(), input.written()));
    }
    columns.addAll(mapping.constants().keySet());
    return new Mapped(
        shape,
        new RowShape(shape.json(), keys(shape.keys(), mapping), columns),
        sources.stream().mapToInt(shape.columns()::indexOf).toArray(),
        new ArrayList<>(mapping.constants().values()),
        mapping.computed().expressions().isEmpty()
            ? ComputedColumns.NONE
            : shared(new ComputedColumns(inputs, mapping.computed().expressions())));
  }

  /** Returns one instance for equal ones, which are compared for every event. */
  private ComputedColumns shared(ComputedColumns columns) {
    return computed.computeIfAbsent(columns, same -> same);
  }

  /**
   * The local key: that of the source, and constants that belong to the primary key, so that tables
   * of several sources can be merged.
   */
  List<String> keys(List<String> sourceKeys, RowMapping mapping) {
    List<String> keys = new ArrayList<>();
    for (String key : sourceKeys) {
      keys.add(arguments.target(key).orElseThrow(() -> keyLeftOut(key)));
    }
    if (!sourceKeys.isEmpty()) {
      mapping.constants().keySet().stream().filter(local::isKey).forEach(keys::add);
    }
    return keys;
  }

  private UserError keyLeftOut(String key) {
    boolean canAssign =
        context.description().arguments().stream()
            .anyMatch(argument -> argument.hasName(ColumnArguments.SET));
    return canAssign
        ? keyLeftOut(
            "key column '%s' of %s is left out or assigned".formatted(key, context.table()),
            "rename=" + key)
        : keyLeftOut(
            "key column '%s' is left out by fields or skip_fields of %s"
                .formatted(key, context.table()),
            "fields=*," + key);
  }

  private static UserError keyLeftOut(String problem, String rename) {
    return new UserError(
        problem,
        "rows are identified by their key: keep its columns, or rename them with --handler-arg="
            + rename
            + ":NAME");
  }
}
