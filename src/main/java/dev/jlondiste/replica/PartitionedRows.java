package dev.jlondiste.replica;

import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * A table whose handler writes the rows to partitions. A copy neither empties nor reads these, so
 * the table is not copied again, not compared, and not a source of copies.
 */
public record PartitionedRows(TableName table) {
  private static final String HAS_CHILDREN =
      """
      select exists (
        select 1
          from pg_catalog.pg_inherits i
          join pg_catalog.pg_class c on c.oid = i.inhparent and c.relkind = 'r'
         where c.oid = to_regclass(?))
      """;

  /**
   * True if a copy from a node would not find the rows of a table. On a root, which its application
   * writes to, the handler only determines triggers; but the root may have taken over from another
   * node, and have partitions from before.
   */
  public static boolean areHidden(Connection there, TableInfo table, boolean isRoot)
      throws SQLException {
    return table.hasPartitions()
        && (!isRoot
            || Sql.one(
                there, HAS_CHILDREN, row -> row.getBoolean(1), table.destination().quoted()));
  }

  /** Empty if the rows of the table are in the table itself. */
  public static Optional<PartitionedRows> of(TableInfo table) {
    return table.hasPartitions()
        ? Optional.of(new PartitionedRows(table.name()))
        : Optional.empty();
  }

  public String problem() {
    return "its rows are in partitions, a copy would add them to the table again";
  }

  public String hint() {
    return "empty the table and its partitions, remove-table, then add-table --expect-sync or"
        + " --skip-truncate";
  }

  public UserError error() {
    return new UserError(table + ": " + problem(), hint());
  }
}
