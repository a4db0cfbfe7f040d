package dev.jlondiste.admin.tables;

import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.replica.handler.SourceTable;
import dev.jlondiste.replica.handler.TableHandler;
import dev.jlondiste.structure.TableStructure;
import dev.jlondiste.structure.TableStructure.Column;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a local table, with its handler, can receive the rows of its source. Reports differences
 * before the table or its handler is stored, because a fatal one would stop the copy or the worker
 * later.
 *
 * @param force fatal differences are only warnings
 */
record SourceCheck(TableName table, TableHandler handler, boolean force) {
  private static final Logger log = LoggerFactory.getLogger(SourceCheck.class);

  /**
   * Checks the local table.
   *
   * @param there the structure on the source
   * @param here the structure of the local table; empty if it was created as on the source
   * @param hint what to do about a fatal difference
   * @throws UserError if the table cannot receive the rows
   */
  void run(Connection local, TableStructure there, Optional<TableStructure> here, String hint)
      throws SQLException {
    handler.check(local, new SourceTable(columns(there), there.primaryKey()));
    if (here.isEmpty()) {
      return;
    }
    StructureDifferences differences = differences(local, there, here.get());
    differences.harmless().forEach(text -> log.warn("{}: {}", table, text));
    if (force) {
      differences.fatal().forEach(text -> log.warn("{}: {}", table, text));
    } else if (!differences.fatal().isEmpty()) {
      throw new UserError(
          "Table " + table + " differs from its source: " + String.join("; ", differences.fatal()),
          hint);
    }
  }

  /** The differences between the local table and its source, as the handler maps rows. */
  StructureDifferences differences(Connection local, TableStructure there, TableStructure here)
      throws SQLException {
    return StructureDifferences.between(there, here, handler.mapping(local, columns(there)));
  }

  private static List<String> columns(TableStructure structure) {
    return structure.columns().stream().map(Column::name).toList();
  }
}
