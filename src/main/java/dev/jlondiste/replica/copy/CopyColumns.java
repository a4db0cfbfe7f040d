package dev.jlondiste.replica.copy;

import dev.jlondiste.db.Quoting;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The columns that both sides of a copy have, and the format in which their values are sent. */
final class CopyColumns {
  private static final Logger log = LoggerFactory.getLogger(CopyColumns.class);
  private static final int GENERATED_COLUMNS = 12;
  private static final String COLUMNS =
      """
      select a.attname, %s, a.atttypid::bigint
        from pg_catalog.pg_attribute a
        join pg_catalog.pg_class c on c.oid = a.attrelid
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where n.nspname = ? and c.relname = ? and a.attnum > 0 and not a.attisdropped
       order by a.attnum
      """;

  private final List<String> names;
  private final boolean sourceGenerates;
  private final CopyFormat format;
  private final RowCheck check;

  private CopyColumns(
      List<String> names, boolean sourceGenerates, CopyFormat format, RowCheck check) {
    this.names = names;
    this.sourceGenerates = sourceGenerates;
    this.format = format;
    this.check = check;
  }

  private record Column(boolean generated, long type) {}

  /**
   * Returns the common columns and warns of each column that only one side has. Columns that the
   * target generates are not copied.
   */
  static CopyColumns common(
      Connection source, TableName sourceTable, Connection local, TableName localTable)
      throws SQLException {
    Map<String, Column> there = read(source, sourceTable);
    Map<String, Column> here = read(local, localTable);
    List<String> common = new ArrayList<>();
    here.forEach(
        (name, column) -> {
          if (!there.containsKey(name)) {
            log.warn("{}: column {} does not exist on the provider", localTable, name);
          } else if (!column.generated()) {
            common.add(name);
          }
        });
    there.keySet().stream()
        .filter(column -> !here.containsKey(column))
        .forEach(column -> log.warn("{}: column {} does not exist here", localTable, column));
    if (common.isEmpty() && !there.isEmpty()) {
      throw new UserError(
          "table " + localTable + " has no column in common with the provider's " + sourceTable,
          "is it the right table? Remove it and add it with --dest-table");
    }
    there.keySet().retainAll(common);
    here.keySet().retainAll(common);
    boolean generated = there.values().stream().anyMatch(Column::generated);
    CopyFormat format = format(source, there, local, here);
    RowCheck check =
        format == CopyFormat.CHECKED ? RowCheck.of(source, sourceTable, common) : RowCheck.NONE;
    return new CopyColumns(common, generated, format, check);
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

  /** Returns the check for each row of the copy. */
  RowCheck check() {
    return check;
  }

  /** Returns the COPY that reads the table. Generated columns require a query. */
  String copyOut(TableName table) {
    return sourceGenerates
        ? copyOut(table, "")
        : "copy " + table.quoted() + " (" + list() + ") to stdout" + format.outOptions();
  }

  /**
   * Returns the COPY that reads a part of the table; {@code where} is empty or begins with WHERE.
   */
  String copyOut(TableName table, String where) {
    return "copy (select %s from only %s %s) to stdout%s"
        .formatted(list(), table.quoted(), where, format.outOptions());
  }

  /** {@code freeze} requires a table that was truncated in the same transaction. */
  String copyIn(TableName table, boolean freeze) {
    return "copy " + table.quoted() + " (" + list() + ") from stdin" + format.inOptions(freeze);
  }

  private String list() {
    return String.join(", ", names.stream().map(Quoting::identifier).toList());
  }
}
