package dev.jlondiste.replica;

import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import java.util.Optional;

/**
 * A table whose handler writes the rows to partitions. A copy neither empties nor reads these, so
 * the table is not copied again, not compared, and not a source of copies.
 */
public record PartitionedRows(TableName table) {
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
