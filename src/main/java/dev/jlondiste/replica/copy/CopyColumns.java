package dev.jlondiste.replica.copy;

import dev.jlondiste.db.Quoting;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The columns that both sides of a copy have. */
final class CopyColumns {
  private static final Logger log = LoggerFactory.getLogger(CopyColumns.class);
  private static final int GENERATED_COLUMNS = 12;
  private static final String COLUMNS =
      """
      select a.attname, %s
        from pg_catalog.pg_attribute a
        join pg_catalog.pg_class c on c.oid = a.attrelid
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where n.nspname = ? and c.relname = ? and a.attnum > 0 and not a.attisdropped
       order by a.attnum
      """;

  private final List<String> names;
  private final boolean sourceGenerates;

  private CopyColumns(List<String> names, boolean sourceGenerates) {
    this.names = names;
    this.sourceGenerates = sourceGenerates;
  }

  /**
   * Warns of each column that only one side has; columns that the target generates are left to it.
   */
  static CopyColumns common(
      Connection source, TableName sourceTable, Connection local, TableName localTable)
      throws SQLException {
    Map<String, Boolean> there = read(source, sourceTable);
    Map<String, Boolean> here = read(local, localTable);
    List<String> common = new ArrayList<>();
    here.forEach(
        (column, generated) -> {
          if (!there.containsKey(column)) {
            log.warn("{}: column {} does not exist on the provider", localTable, column);
          } else if (!generated) {
            common.add(column);
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
    return new CopyColumns(
        common, common.stream().anyMatch(column -> there.getOrDefault(column, false)));
  }

  /** Column name to whether its value is computed by the server. */
  private static Map<String, Boolean> read(Connection db, TableName table) throws SQLException {
    boolean canGenerate = db.getMetaData().getDatabaseMajorVersion() >= GENERATED_COLUMNS;
    Map<String, Boolean> columns = new LinkedHashMap<>();
    Sql.list(
        db,
        COLUMNS.formatted(canGenerate ? "a.attgenerated <> ''" : "false"),
        row -> columns.put(row.getString(1), row.getBoolean(2)),
        table.schema(),
        table.name());
    return columns;
  }

  /** Generated columns cannot be read by a plain COPY, but by a query. */
  String copyOut(TableName table) {
    return sourceGenerates
        ? "copy (select " + list() + " from only " + table.quoted() + ") to stdout"
        : "copy " + table.quoted() + " (" + list() + ") to stdout";
  }

  String copyIn(TableName table) {
    return "copy " + table.quoted() + " (" + list() + ") from stdin";
  }

  private String list() {
    return String.join(", ", names.stream().map(Quoting::identifier).toList());
  }
}
