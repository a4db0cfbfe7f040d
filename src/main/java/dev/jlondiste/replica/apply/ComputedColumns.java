package dev.jlondiste.replica.apply;

import dev.jlondiste.db.Quoting;
import dev.jlondiste.db.TableName;
import dev.jlondiste.pgq.RowChange;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Columns of a local table whose values SQL expressions compute from the values of a row.
 *
 * @param inputs the values that expressions refer to
 * @param expressions by the name of the computed column
 */
public record ComputedColumns(List<Input> inputs, Map<String, String> expressions) {
  public static final ComputedColumns NONE = new ComputedColumns(List.of(), Map.of());

  /**
   * A value that expressions refer to.
   *
   * @param column its column in the row
   * @param name its name in expressions
   * @param type its SQL type in expressions
   * @param written true if the local table has the column; false if it only serves expressions
   */
  public record Input(String column, String name, String type, boolean written) {}

  public ComputedColumns {
    inputs = List.copyOf(inputs);
    expressions = Collections.unmodifiableMap(new LinkedHashMap<>(expressions));
  }

  // Called for every event: the identity check makes it faster than a record's own method.
  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof ComputedColumns that
            && inputs.equals(that.inputs)
            && expressions.equals(that.expressions));
  }

  @Override
  public int hashCode() {
    return 31 * inputs.hashCode() + expressions.hashCode();
  }

  boolean isEmpty() {
    return expressions.isEmpty();
  }

  /** The types of the columns that rows have and the table does not have. */
  Map<String, String> unwritten() {
    return inputs.stream()
        .filter(input -> !input.written())
        .collect(Collectors.toMap(Input::column, Input::type));
  }

  /** A row source named {@code _row} with the inputs, whose values are SQL from their column. */
  public String inputsSql(Function<String, String> value) {
    return inputs.isEmpty()
        ? "(select 1) as _row"
        : inputs.stream()
            .map(
                input ->
                    value.apply(input.column())
                        + "::"
                        + input.type()
                        + " as "
                        + Quoting.identifier(input.name()))
            .collect(Collectors.joining(", ", "(select ", ") as _row"));
  }

  /** An INSERT of rows with computed columns from a table that has the others and the inputs. */
  public String insertSql(
      TableName table, String from, List<String> written, boolean overridingAllowed) {
    String columns =
        Stream.concat(written.stream(), expressions.keySet().stream())
            .map(Quoting::identifier)
            .collect(Collectors.joining(","));
    return "insert into "
        + table.quoted()
        + " ("
        + columns
        + (overridingAllowed ? ") overriding system value" : ")")
        + " select "
        + columns
        + " from "
        + rowsSql(from, written)
        + " as s";
  }

  /**
   * The rows of a table with their computed columns, as a query in brackets. An expression must not
   * see the columns under their own names, which differ from those on the source.
   */
  String rowsSql(String from, List<String> written) {
    StringBuilder outer = new StringBuilder();
    StringBuilder inner = new StringBuilder();
    for (int i = 0; i < written.size(); i++) {
      String column = Quoting.identifier(written.get(i));
      outer.append(i == 0 ? "" : ",").append("_written").append(i).append(" as ").append(column);
      inner.append(i == 0 ? "" : ",").append(column).append(" as _written").append(i);
    }
    expressions.forEach(
        (column, sql) -> outer.append(",(%s) as %s".formatted(sql, Quoting.identifier(column))));
    for (Input input : inputs) {
      inner.append(
          ",%s as %s"
              .formatted(Quoting.identifier(input.column()), Quoting.identifier(input.name())));
    }
    return "(select %s from (select %s from %s) as _row)".formatted(outer, inner, from);
  }

  /**
   * The value of a computed column, as a query in brackets. The inputs hide columns of the same
   * name, of a table that a statement changes.
   */
  String valueSql(String column, RowChange change) {
    return "(select (" + expressions.get(column) + ") from " + inputsSql(literals(change)) + ")";
  }

  /** The literals of a row by column. */
  public static Function<String, String> literals(RowChange change) {
    List<String> columns = change.shape().columns();
    return column -> {
      @Nullable String literal =
          columns.contains(column) ? change.literal(columns.indexOf(column)) : null;
      if (literal == null) {
        throw new IllegalArgumentException("the event has no column '" + column + "'");
      }
      return literal;
    };
  }
}
