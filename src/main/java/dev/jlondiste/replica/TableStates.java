package dev.jlondiste.replica;

import dev.jlondiste.db.Sql;
import dev.jlondiste.pgq.TxidSnapshot;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Changes of a table's state that must not trample on somebody else's. The caller owns the
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

  /** The present state of a local table; empty when it is not local any more. */
  public static Optional<TableState> read(Connection local, String queue, TableInfo table)
      throws SQLException {
    return Sql.first(
        local, READ, row -> TableState.parse(row.getString(1)), queue, table.name().full());
  }

  /**
   * The present state of a local table, held until the transaction ends; empty when it is not local
   * any more.
   */
  public static Optional<TableState> hold(Connection local, String queue, TableInfo table)
      throws SQLException {
    return Sql.first(
        local, LOCK, row -> TableState.parse(row.getString(1)), queue, table.name().full());
  }

  /**
   * Changes the state unless it is another than {@code table} says: then an operator was faster,
   * and false is returned. The stored snapshot is kept, unless the table becomes ok: by then nobody
   * needs it.
   */
  public static boolean change(Connection local, String queue, TableInfo table, TableState to)
      throws SQLException {
    return change(local, queue, table, to, to.isOk() ? null : table.snapshot().orElse(null));
  }

  /** As above, with a snapshot of its own. */
  public static boolean change(
      Connection local,
      String queue,
      TableInfo table,
      TableState to,
      @Nullable TxidSnapshot snapshot)
      throws SQLException {
    if (!hold(local, queue, table).equals(Optional.of(table.state()))) {
      return false;
    }
    LondisteFunctions.setTableState(local, queue, table.name(), snapshot, to).orThrow();
    return true;
  }
}
