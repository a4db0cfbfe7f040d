package dev.jlondiste.admin.tables;

import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.cascade.ReachedNode;
import dev.jlondiste.db.Database;
import dev.jlondiste.db.TableName;
import dev.jlondiste.replica.PartitionedRows;
import dev.jlondiste.replica.TableInfo;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * A node that tables can come from.
 *
 * @param tables all tables registered on its queue, local or not
 */
public record TableSource(NodeInfo node, Database database, List<TableInfo> tables) {
  /** The table; empty if it is not attached there. */
  public Optional<TableInfo> local(TableName name) {
    return tables.stream().filter(t -> t.local() && t.name().equals(name)).findFirst();
  }

  ReachedNode reached() {
    return new ReachedNode(node, database);
  }

  /** The node as messages name it. */
  public String place() {
    return "node " + node.name();
  }

  boolean hasData(TableName name) throws SQLException {
    Optional<TableInfo> table =
        local(name).filter(found -> found.state().isOk() && !found.isVirtual());
    return table.isPresent()
        && !database.call(db -> PartitionedRows.areHidden(db, table.get(), node.isRoot()));
  }
}
