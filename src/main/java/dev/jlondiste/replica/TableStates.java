package dev.jlondiste.replica;

import dev.jlondiste.db.Sql;
import dev.jlondiste.pgq.TxidSnapshot;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Changes of a table's state that do not overwrite a concurrent change. The caller owns the
 * transaction.
 */
public final class TableStates {
  private static final String READ =
      """
      select merge_state
        from londiste.table_info
       where queue_name = ? and table_name = ? and local
      """;
  private static final String LOCK = READ + " for update";

  private TableStates() {}

  /** Returns the present state of a local table; empty if it is no longer local. */
  public static Optional<TableState> read(Connection local, String queue, TableInfo table)
      throws SQLException {
    return Sql.first(
        local, READ, row -> TableState.parse(row.getString(1)), queue, table.name().full());
  }

  /**
   * Returns the present state of a local table and locks it until the transaction ends; empty if
   * the table is no longer local.
   */
  public static Optional<TableState> lock(Connection local, String queue, TableInfo table)
      throws SQLException {
    return Sql.first(
        local, LOCK, row -> TableState.parse(row.getString(1)), queue, table.name().full());
  }

  /**
   * Changes the state. Returns false if the stored state is not that of {@code table}, because an
   * operator has changed it. The stored snapshot is kept unless the new state is ok, in which it is
   * not needed.
   */
  public static boolean change(Connection local, String queue, TableInfo table, TableState to)
      throws SQLException {
    return change(local, queue, table, to, to.isOk() ? null : table.snapshot().orElse(null));
  }

  /** As above; also stores {@code snapshot}. */
  public static boolean change(
      Connection local,
      String queue,
      TableInfo table,
      TableState to,
      @Nullable TxidSnapshot snapshot)
      throws SQLException {
    if (!lock(local, queue, table).equals(Optional.of(table.state()))) {
      return false;
    }
    LondisteFunctions.setTableState(local, queue, table.name(), snapshot, to).orThrow();
    return true;
  }
}
