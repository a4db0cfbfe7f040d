package dev.jlondiste.admin.status;

import dev.jlondiste.admin.compare.ComparisonRecords;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.config.IgnoredObjects;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import dev.jlondiste.replica.LondisteFunctions;
import dev.jlondiste.replica.PendingRestores;
import dev.jlondiste.replica.TableFault;
import dev.jlondiste.replica.TableFaults;
import dev.jlondiste.replica.TableInfo;
import dev.jlondiste.replica.UnsupportedHandler;
import dev.jlondiste.replica.inventory.Finding;
import dev.jlondiste.replica.inventory.Inventory;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a {@link NodeReport}, in the caller's transaction. */
public final class NodeReporter {
  private static final String CLOCK = "select current_timestamp";
  private static final String TICKER_LAG =
      "select extract(epoch from ticker_lag) from pgq.get_queue_info(?)";
  private static final String MAY_READ_QUEUE = "select has_table_privilege('pgq.queue', 'select')";
  private static final String INSERTS_DISABLED =
      "select queue_disable_insert from pgq.queue where queue_name = ?";
  private static final String POSITIONS =
      """
      select consumer_name, last_tick, current_timestamp - lag as tick_time,
             extract(epoch from lag) as lag
        from pgq.get_consumer_info(?)
       order by 1
      """;
  private static final String HAS_COPY_PROGRESS =
      "select to_regclass('londiste.copy_progress') is not null";
  private static final String COPIES =
      """
      select table_name, phase, bytes_copied, rows_copied, rows_estimated,
             extract(epoch from updated - started) as running
        from londiste.copy_progress
       where queue_name = ?
       order by table_name
      """;

  private NodeReporter() {}

  /** A report without inventory; empty if the database has no node for the queue. */
  public static Optional<NodeReport> report(Connection db, String queue) throws SQLException {
    return report(db, queue, List.of());
  }

  /** As above, with the inventory except {@code ignored}. */
  public static Optional<NodeReport> report(Connection db, String queue, IgnoredObjects ignored)
      throws SQLException {
    return report(db, queue, new Inventory(queue, ignored).quick(db));
  }

  private static Optional<NodeReport> report(Connection db, String queue, List<Finding> inventory)
      throws SQLException {
    Optional<NodeInfo> node = NodeFunctions.getNodeInfo(db, queue);
    return node.isEmpty()
        ? Optional.empty()
        : Optional.of(report(db, queue, node.get(), inventory));
  }

  private static NodeReport report(
      Connection db, String queue, NodeInfo node, List<Finding> inventory) throws SQLException {
    List<TableInfo> tables = LondisteFunctions.getTables(db, queue);
    List<TableFault> faults = new ArrayList<>(TableFaults.list(db, queue));
    if (!node.isRoot()) {
      faults.addAll(UnsupportedHandler.faults(tables));
    }
    return new NodeReport(
        node,
        Sql.one(db, CLOCK, row -> instant(row, 1).orElseThrow()),
        Sql.first(db, TICKER_LAG, row -> seconds(row, 1), queue).flatMap(lag -> lag),
        areInsertsDisabled(db, queue),
        NodeFunctions.getConsumers(db, queue),
        Sql.list(db, POSITIONS, NodeReporter::readPosition, queue),
        NodeFunctions.getSubscribers(db, queue).stream()
            .map(NodeFunctions.Subscriber::node)
            .sorted()
            .toList(),
        tables,
        copies(db, queue),
        faults,
        PendingRestores.list(db),
        inventory,
        ComparisonRecords.list(db, queue).orElse(Map.of()));
  }

  /** False also for a role that may not read the queue's settings. */
  private static boolean areInsertsDisabled(Connection db, String queue) throws SQLException {
    return Sql.one(db, MAY_READ_QUEUE, row -> row.getBoolean(1))
        && Sql.first(db, INSERTS_DISABLED, row -> row.getBoolean(1), queue).orElse(false);
  }

  /** Empty for nodes with other database code, which do not record their copies. */
  private static List<RunningCopy> copies(Connection db, String queue) throws SQLException {
    return Sql.one(db, HAS_COPY_PROGRESS, row -> row.getBoolean(1))
        ? Sql.list(db, COPIES, NodeReporter::readCopy, queue)
        : List.of();
  }

  private static QueuePosition readPosition(ResultSet row) throws SQLException {
    return new QueuePosition(row.getString(1), row.getLong(2), instant(row, 3), seconds(row, 4));
  }

  private static RunningCopy readCopy(ResultSet row) throws SQLException {
    return new RunningCopy(
        TableName.parse(row.getString("table_name")),
        RunningCopy.Phase.parse(row.getString("phase")),
        row.getLong("bytes_copied"),
        row.getLong("rows_copied"),
        row.getLong("rows_estimated"),
        seconds(row, 6).orElse(Duration.ZERO));
  }

  private static Optional<Instant> instant(ResultSet row, int column) throws SQLException {
    return Optional.ofNullable(row.getObject(column, OffsetDateTime.class))
        .map(OffsetDateTime::toInstant);
  }

  private static Optional<Duration> seconds(ResultSet row, int column) throws SQLException {
    double seconds = row.getDouble(column);
    return row.wasNull()
        ? Optional.empty()
        : Optional.of(Duration.ofMillis(Math.round(seconds * 1000)));
  }
}
