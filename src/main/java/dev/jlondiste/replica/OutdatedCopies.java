package dev.jlondiste.replica;

import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import dev.jlondiste.pgq.Event;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tables that are being copied while a script changes their columns. If the provider had executed
 * the script before its rows were copied, the rows here lack what they had in a new column, so the
 * table is copied again. Otherwise the rows of the copy are those before the script.
 */
final class OutdatedCopies {
  private static final Logger log = LoggerFactory.getLogger(OutdatedCopies.class);

  private static final String COLUMNS =
      """
      select pg_catalog.string_agg(
               pg_catalog.quote_ident(a.attname) || ' '
               || pg_catalog.format_type(a.atttypid, a.atttypmod), ', ' order by a.attnum)
        from pg_catalog.pg_attribute a
        join pg_catalog.pg_class c on c.oid = a.attrelid
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where n.nspname = ? and c.relname = ? and a.attnum > 0 and not a.attisdropped
      having count(*) > 0
      """;

  private final Map<TableInfo, Optional<String>> columns;

  private OutdatedCopies(Map<TableInfo, Optional<String>> columns) {
    this.columns = columns;
  }

  /** Reads the columns of the copied tables before a script. */
  static OutdatedCopies before(Connection local, Collection<TableInfo> tables) throws SQLException {
    Map<TableInfo, Optional<String>> columns = new LinkedHashMap<>();
    for (TableInfo table : tables) {
      if (table.local() && isCopied(table)) {
        columns.put(table, columns(local, table.destination()));
      }
    }
    return new OutdatedCopies(columns);
  }

  /** True if the rows are copied, and the events since then are not applied yet. */
  private static boolean isCopied(TableInfo table) {
    return table.state().isCopying() && !table.state().equals(TableState.IN_COPY);
  }

  private static Optional<String> columns(Connection local, TableName table) throws SQLException {
    return Sql.first(local, COLUMNS, row -> row.getString(1), table.schema(), table.name());
  }

  /** After the script: starts the copies over that it has made incomplete. */
  void restart(Connection local, String queue, Event script) throws SQLException {
    for (Map.Entry<TableInfo, Optional<String>> copied : columns.entrySet()) {
      TableInfo table = copied.getKey();
      // The numbers of another node's transactions cannot be compared.
      boolean isAfterCopy =
          table.copyNode().isEmpty()
              && table.snapshot().isPresent()
              && RowEvents.isAfterCopySnapshot(script, table);
      if (!isAfterCopy && !columns(local, table.destination()).equals(copied.getValue())) {
        // What a copy has dropped is restored by the next one.
        TableState start = table.droppedDdl().isPresent() ? TableState.IN_COPY : TableState.MISSING;
        LondisteFunctions.setTableState(local, queue, table.name(), null, start).orThrow();
        log.warn(
            "{}: its columns have changed since its rows were copied, it is copied again",
            table.name());
      }
    }
  }
}
