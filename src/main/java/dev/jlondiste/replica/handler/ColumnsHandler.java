package dev.jlondiste.replica.handler;

import dev.jlondiste.db.Quoting;
import dev.jlondiste.db.Sql;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.DecodedEvent;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.RowChange;
import dev.jlondiste.pgq.RowChangeReader;
import dev.jlondiste.replica.apply.ComputedColumns;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Leaves columns out, renames them, and assigns constants and SQL expressions to others. A branch
 * passes on the rows of its own table, which its subscribers copy.
 */
final class ColumnsHandler extends RowHandler {
  private @Nullable ColumnMapper mapper;

  private ColumnsHandler(HandlerContext context) {
    super(context);
  }

  private ColumnArguments arguments() {
    return ColumnArguments.of(context().description(), context().arguments());
  }

  private ColumnMapper mapper(Connection local) throws SQLException {
    ColumnArguments arguments = arguments();
    return new ColumnMapper(
        context(),
        arguments,
        arguments.assigned().isEmpty()
            ? LocalColumns.NONE
            : LocalColumns.read(local, destination()));
  }

  @Override
  boolean hasRowsOfSource() {
    return true;
  }

  @Override
  public RowMapping mapping(Connection local, List<String> columns) throws SQLException {
    return mapper(local).mapping(columns);
  }

  @Override
  public void adapt(Connection local) throws SQLException {
    new ColumnsTable(destination(), arguments()).adapt(local);
  }

  @Override
  public void check(Connection local, SourceTable source) throws SQLException {
    super.check(local, source);
    ColumnArguments arguments = arguments();
    for (String column : arguments.named()) {
      if (!source.columns().contains(column)) {
        throw new UserError(
            "the source of %s has no column '%s'".formatted(context().table(), column),
            "its columns: " + String.join(", ", source.columns()));
      }
    }
    LocalColumns here = LocalColumns.read(local, destination());
    ColumnMapper checked = new ColumnMapper(context(), arguments, here);
    RowMapping mapping = checked.mapping(source.columns());
    checked.keys(source.key(), mapping);
    for (String column : here.names()) {
      if (here.isKey(column)
          && !mapping.written().containsKey(column)
          && !mapping.constants().containsKey(column)) {
        throw new UserError(
            "column '%s' belongs to the primary key of %s and is not a column of the source or a"
                    .formatted(column, destination())
                + " constant",
            "rows are identified by their key: rename a key column, or assign a constant");
      }
    }
    for (Map.Entry<String, ColumnArguments.Value> value : arguments.assigned().entrySet()) {
      checkValue(local, here, mapping.computed(), value.getKey(), value.getValue());
    }
  }

  private void checkValue(
      Connection local,
      LocalColumns here,
      ComputedColumns computed,
      String column,
      ColumnArguments.Value value)
      throws SQLException {
    if (!here.has(column)) {
      throw new UserError(
          "%s has no column '%s', to which set assigns a value".formatted(destination(), column),
          "'alter table %s add column ...' creates it".formatted(destination()));
    }
    try {
      Sql.list(
          local,
          "explain insert into %s (%s) select %s from %s"
              .formatted(
                  destination().quoted(),
                  Quoting.identifier(column),
                  value.isConstant() ? Quoting.literal(value.text()) : "(" + value.sql() + ")",
                  computed.inputsSql(input -> "null")),
          row -> true);
    } catch (SQLException e) {
      throw new UserError(
          "cannot assign %s to column '%s': %s".formatted(value.sql(), column, e.getMessage()),
          "an expression uses columns of the source; those that are not written here are of type"
              + " text, such as in 'price::numeric * 2'",
          e);
    }
  }

  @Override
  public void begin(HandlerBatch batch) throws SQLException {
    super.begin(batch);
    mapper = mapper(batch.connection());
  }

  private ColumnMapper mapper() {
    ColumnMapper known = mapper;
    if (known == null) {
      throw new IllegalStateException("no batch has begun");
    }
    return known;
  }

  @Override
  public void apply(DecodedEvent event) throws SQLException {
    RowChange change = row(event);
    applier()
        .apply(
            event.withRow(mapper().map(change)), destination(), mapper().computed(change.shape()));
  }

  @Override
  public Optional<Event> passOn(DecodedEvent decoded) throws SQLException {
    Event event = decoded.readable();
    if (event.isTruncate()) {
      return Optional.of(event);
    }
    RowChange change = row(decoded);
    @Nullable String before = event.extra2();
    if (decoded.raw()) {
      before = null; // not text, so it cannot be read
    } else if (before != null) {
      RowChange old = RowChangeReader.read(event.withData(before));
      before = data(old);
    }
    RowChange mapped = mapper().map(change);
    return Optional.of(
        RowEvent.of(event, mapped.operation(), mapped.shape().keys(), data(change), before));
  }

  /** The data of an event with the row of the local table. */
  private String data(RowChange change) throws SQLException {
    Set<String> inputs =
        mapper().computed(change.shape()).inputs().stream()
            .filter(input -> !input.written())
            .map(ComputedColumns.Input::column)
            .collect(Collectors.toSet());
    return RowEvent.data(mapper().map(change).row(), inputs, computed(change));
  }

  /** The values of computed columns, as the local table has them. */
  private Map<String, @Nullable String> computed(RowChange change) throws SQLException {
    ComputedColumns computed = mapper().computed(change.shape());
    Map<String, @Nullable String> values = new LinkedHashMap<>();
    if (computed.expressions().isEmpty() || change.operation() == RowChange.Operation.DELETE) {
      return values;
    }
    Connection local = batch().connection();
    List<String> columns = List.copyOf(computed.expressions().keySet());
    String sql =
        columns.stream()
            .map(
                column ->
                    "(%s)::%s::text"
                        .formatted(computed.expressions().get(column), mapper().type(column)))
            .collect(
                Collectors.joining(
                    ", ",
                    "select ",
                    " from " + computed.inputsSql(ComputedColumns.literals(mapper().map(change)))));
    return Sql.one(
        local,
        sql,
        row -> {
          for (int i = 0; i < columns.size(); i++) {
            values.put(columns.get(i), row.getString(i + 1));
          }
          return values;
        });
  }

  private RowChange row(DecodedEvent event) {
    RowChange row = event.row();
    return row == null ? RowEvent.read(event.readable()) : row;
  }

  static final class Factory implements TableHandlerFactory {
    private static final HandlerDescription DESCRIPTION =
        HandlerDescription.of(
            "columns",
            "Leaves out, renames and computes columns.",
            """
            The table here may have other columns than on the source. Values that set assigns are
            constants, or SQL expressions over the columns of the source, which this database
            evaluates. A key column can be renamed, and is never left out; a constant can belong to
            the primary key here. The handler is not needed on the root.\
            """,
            arguments());

    private static List<HandlerArgument> arguments() {
      List<HandlerArgument> all = new ArrayList<>(ColumnArguments.ARGUMENTS);
      all.add(IgnoreTruncate.ARGUMENT);
      return all;
    }

    @Override
    public HandlerDescription description() {
      return DESCRIPTION;
    }

    @Override
    public TableHandler create(HandlerContext context) {
      return new ColumnsHandler(context);
    }

    @Override
    public void check(Map<String, String> arguments) {
      ColumnArguments.of(DESCRIPTION, arguments);
    }
  }
}
