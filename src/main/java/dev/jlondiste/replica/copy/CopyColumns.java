package dev.jlondiste.replica.copy;

import dev.jlondiste.db.Quoting;
import dev.jlondiste.db.RawText;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import dev.jlondiste.db.TableRows;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.loop.StopSignal;
import dev.jlondiste.replica.apply.ComputedColumns;
import dev.jlondiste.replica.apply.ComputedColumns.Input;
import dev.jlondiste.replica.handler.CopiedRows;
import dev.jlondiste.replica.handler.RowMapping;
import dev.jlondiste.replica.handler.TableHandler;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The columns that rows of a copy have, their values on the source, and the format in which their
 * values are sent.
 */
final class CopyColumns {
  private static final Logger log = LoggerFactory.getLogger(CopyColumns.class);
  private static final int GENERATED_COLUMNS = 12;
  private static final int IDENTITY_COLUMNS = 10;

  /** The temporary table in which rows arrive. */
  private static final String ARRIVED = "jlondiste_arrived";

  private static final String COLUMNS =
      """
      select a.attname, %s, a.atttypid::bigint
        from pg_catalog.pg_attribute a
        join pg_catalog.pg_class c on c.oid = a.attrelid
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where n.nspname = ? and c.relname = ? and a.attnum > 0 and not a.attisdropped
       order by a.attnum
      """;

  private final List<Copied> columns;
  private final ComputedColumns computed;
  private final boolean needsQuery;
  private final String sourceRows;
  private final CopyFormat format;
  private final CopiedRows rows;
  private final RowCheck check;

  /**
   * A column of the rows that are sent.
   *
   * @param name its name on this side
   * @param source the column of the source; empty for a constant
   * @param sql its value on the source
   * @param written false if it only serves expressions
   */
  private record Copied(String name, String source, String sql, boolean written) {}

  private record Column(boolean generated, long type) {}

  /**
   * {@code needsQuery} is true if not all columns are ordinary columns of the source, or if it is
   * partitioned; {@code sourceRows} are its rows.
   */
  private CopyColumns(
      List<Copied> columns,
      ComputedColumns computed,
      boolean needsQuery,
      String sourceRows,
      CopyFormat format,
      CopiedRows rows,
      RowCheck check) {
    this.columns = columns;
    this.computed = computed;
    this.needsQuery = needsQuery;
    this.sourceRows = sourceRows;
    this.format = format;
    this.rows = rows;
    this.check = check;
  }

  /**
   * Returns the columns that rows are copied with, and warns of each column that only one side has.
   * Columns that the target generates are not copied.
   */
  static CopyColumns of(
      Connection source,
      TableName sourceTable,
      Connection local,
      TableName localTable,
      TableHandler handler)
      throws SQLException {
    Map<String, Column> there = read(source, sourceTable);
    Map<String, Column> here = read(local, localTable);
    RowMapping mapping = handler.mapping(local, List.copyOf(there.keySet()));
    List<Copied> columns = new ArrayList<>();
    Map<String, Column> sent = new HashMap<>();
    here.forEach(
        (name, column) -> {
          String from = mapping.written().get(name);
          if (!mapping.writes(name)) {
            log.warn("{}: column {} does not exist on the provider", localTable, name);
          } else if (from != null && !column.generated()) {
            columns.add(new Copied(name, from, Quoting.identifier(from), true));
            sent.put(name, Objects.requireNonNull(there.get(from)));
          }
        });
    mapping.written().keySet().stream()
        .filter(column -> !here.containsKey(column))
        .forEach(column -> log.warn("{}: column {} does not exist here", localTable, column));
    if (columns.isEmpty() && !there.isEmpty()) {
      throw new UserError(
          "table " + localTable + " has no column in common with the provider's " + sourceTable,
          "is it the right table? Remove it and add it with --dest-table");
    }
    here.keySet().retainAll(sent.keySet());
    boolean generated = sent.values().stream().anyMatch(Column::generated);
    mapping
        .constants()
        .forEach(
            (name, value) ->
                columns.add(new Copied(name, "", Quoting.literal(value) + "::text", true)));
    ComputedColumns computed = inputs(mapping.computed(), columns);
    List<String> sources = columns.stream().map(Copied::source).toList();
    Optional<CopiedRows> rows = handler.copiedRows(sources, RawText.isStored(source));
    CopyFormat format =
        mapping.isPlain() && rows.isEmpty()
            ? format(source, sent, local, here)
            : CopyFormat.text(source, local);
    RowCheck check =
        format == CopyFormat.CHECKED ? RowCheck.of(source, sourceTable, sources) : RowCheck.NONE;
    boolean partitioned = TableRows.isPartitioned(source, sourceTable);
    return new CopyColumns(
        columns,
        computed,
        generated || partitioned || !mapping.isPlain(),
        TableRows.of(sourceTable, partitioned),
        format,
        rows.orElse(row -> row),
        check);
  }

  /** Names the inputs of expressions as in the rows that are sent, and adds those that lack. */
  private static ComputedColumns inputs(ComputedColumns computed, List<Copied> columns) {
    List<Input> inputs = new ArrayList<>();
    for (Input input : computed.inputs()) {
      String name = input.column();
      for (Copied column : List.copyOf(columns)) {
        name = column.source().equals(input.column()) ? column.name() : name;
      }
      if (!input.written()) {
        name = "_source_" + inputs.size();
        columns.add(
            new Copied(name, input.column(), Quoting.identifier(input.column()) + "::text", false));
      }
      inputs.add(new Input(name, input.name(), input.type(), input.written()));
    }
    return computed.expressions().isEmpty()
        ? ComputedColumns.NONE
        : new ComputedColumns(inputs, computed.expressions());
  }

  /** Chooses the format for the common columns. */
  private static CopyFormat format(
      Connection source, Map<String, Column> there, Connection local, Map<String, Column> here)
      throws SQLException {
    boolean binary =
        types(there).equals(types(here))
            && types(here).values().stream().allMatch(CopyFormat::isPortable)
            && CopyFormat.hasPortableEncoding(source)
            && CopyFormat.hasPortableEncoding(local);
    return binary ? CopyFormat.BINARY : CopyFormat.text(source, local);
  }

  private static Map<String, Long> types(Map<String, Column> columns) {
    Map<String, Long> types = new HashMap<>();
    columns.forEach((name, column) -> types.put(name, column.type()));
    return types;
  }

  private static Map<String, Column> read(Connection db, TableName table) throws SQLException {
    boolean canGenerate = db.getMetaData().getDatabaseMajorVersion() >= GENERATED_COLUMNS;
    Map<String, Column> columns = new LinkedHashMap<>();
    Sql.list(
        db,
        COLUMNS.formatted(canGenerate ? "a.attgenerated <> ''" : "false"),
        row -> columns.put(row.getString(1), new Column(row.getBoolean(2), row.getLong(3))),
        table.schema(),
        table.name());
    return columns;
  }

  /**
   * Returns the COPY that reads the table. Not every list of columns is possible without a query.
   */
  String copyOut(TableName table) {
    return needsQuery
        ? copyOut("")
        : "copy " + table.quoted() + " (" + sources() + ") to stdout" + format.outOptions();
  }

  /**
   * Returns the COPY that reads a part of the table; {@code where} is empty or begins with WHERE.
   */
  String copyOut(String where) {
    return "copy (select %s from %s %s) to stdout%s"
        .formatted(sources(), sourceRows, where, format.outOptions());
  }

  /**
   * Moves rows. If columns are computed, rows arrive in a temporary table, from which a query
   * inserts them.
   *
   * @param copyOut reads them on the source
   * @param freeze requires a table that was truncated in the same transaction
   */
  RowStream.Moved move(
      Connection source,
      String copyOut,
      Connection local,
      TableName table,
      boolean freeze,
      StopSignal stop,
      RowStream.Watcher watcher)
      throws SQLException, InterruptedException {
    if (computed.expressions().isEmpty()) {
      String copyIn = copyIn(table.quoted(), freeze);
      return RowStream.move(source, copyOut, local, copyIn, rows, check, stop, watcher);
    }
    Sql.run(
        local,
        "create temp table %s on commit drop as select %s from only %s with no data"
            .formatted(
                ARRIVED,
                list(
                    column ->
                        (column.written() ? "" : "null::text as ")
                            + Quoting.identifier(column.name())),
                table.quoted()));
    RowStream.Moved moved =
        RowStream.move(
            source,
            copyOut,
            local,
            copyIn("pg_temp." + ARRIVED, false),
            rows,
            check,
            stop,
            watcher);
    Sql.run(local, computed.insertSql(table, "pg_temp." + ARRIVED, written(), overriding(local)));
    Sql.run(local, "drop table pg_temp." + ARRIVED);
    return moved;
  }

  private static boolean overriding(Connection local) throws SQLException {
    return local.getMetaData().getDatabaseMajorVersion() >= IDENTITY_COLUMNS;
  }

  private String copyIn(String table, boolean freeze) {
    return "copy "
        + table
        + " ("
        + list(column -> Quoting.identifier(column.name()))
        + ") from stdin"
        + format.inOptions(freeze);
  }

  private List<String> written() {
    return columns.stream().filter(Copied::written).map(Copied::name).toList();
  }

  private String sources() {
    return list(Copied::sql);
  }

  private String list(Function<Copied, String> sql) {
    return String.join(", ", columns.stream().map(sql).toList());
  }
}
