package dev.jlondiste.replica.copy;

import dev.jlondiste.cascade.ConsumerState;
import dev.jlondiste.cascade.NodeAddress;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.cascade.RemoteNodes;
import dev.jlondiste.cascade.UpstreamWalk;
import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.db.Database;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.replica.LondisteFunctions;
import dev.jlondiste.replica.MergedTable;
import dev.jlondiste.replica.PartitionedRows;
import dev.jlondiste.replica.TableInfo;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The node that a table is copied from, and its location. */
record CopySource(String node, String location) {
  private static final Logger log = LoggerFactory.getLogger(CopySource.class);

  /** Value of the attribute {@code copy_node} that requests a search. */
  private static final String SEARCH = "?";

  /**
   * Returns the provider, unless the table names another node or requests a search from the
   * provider up to the root.
   */
  static CopySource find(TableInfo table, NodeSettings settings, Database local, RemoteNodes remote)
      throws SQLException {
    ConsumerState worker =
        local.call(
            db ->
                NodeFunctions.getConsumerState(db, settings.queueName(), settings.consumerName()));
    CopySource provider = new CopySource(worker.provider(), worker.providerLocation());
    Optional<String> requested = table.copyNode();
    if (requested.isEmpty()) {
      return provider;
    }
    return requested.get().equals(SEARCH)
        ? search(table, provider, settings.queueName(), remote)
        : named(requested.get(), settings.queueName(), local);
  }

  private static CopySource named(String node, String queue, Database local) throws SQLException {
    return local.call(db -> NodeFunctions.getQueueLocations(db, queue)).stream()
        .filter(member -> member.node().equals(node))
        .findFirst()
        .map(member -> new CopySource(member.node(), member.location()))
        .orElseThrow(
            () ->
                new UserError(
                    "Cannot find node <" + node + ">",
                    "resync the table with another --copy-node"));
  }

  private static CopySource search(
      TableInfo table, CopySource provider, String queue, RemoteNodes remote) throws SQLException {
    UpstreamWalk walk =
        remote.upstream(NodeAddress.of(provider.node(), provider.location()), queue);
    while (walk.upcoming().isPresent()) {
      NodeAddress candidate = walk.upcoming().get();
      log.info("Checking if {} can be used for copy", candidate.node());
      if (walk.next().database().call(there -> hasData(table, queue, there))) {
        log.info("Node {} seems good source, using it", candidate.node());
        return new CopySource(candidate.node(), candidate.requireLocation());
      }
    }
    throw new UserError(
        "no node between here and the root has table " + table.name() + " with data",
        "add the table on one of them first");
  }

  private static boolean hasData(TableInfo table, String queue, Connection there)
      throws SQLException {
    Optional<TableInfo> found =
        LondisteFunctions.getTables(there, queue).stream()
            .filter(other -> other.name().equals(table.name()) && other.local())
            .filter(other -> !other.isVirtual() && other.state().isOk())
            .findFirst();
    return found.isPresent()
        && !PartitionedRows.areHidden(there, found.get(), isRoot(there, queue));
  }

  /**
   * Returns the table as registered on the source node; empty while it cannot be copied from there,
   * which includes a table that merge leaves of that node still copy.
   */
  static Optional<TableInfo> tableThere(Connection source, String queue, TableInfo table)
      throws SQLException {
    Optional<TableInfo> there =
        LondisteFunctions.getTables(source, queue).stream()
            .filter(other -> other.name().equals(table.name()) && other.local())
            .filter(other -> other.state().isOk() && other.snapshot().isEmpty())
            .filter(other -> !other.isVirtual())
            .findFirst();
    return there.isPresent()
            && MergedTable.incompleteParts(source, queue, there.get().destination()).isEmpty()
        ? there
        : Optional.empty();
  }

  /**
   * Refuses a table whose rows a copy does not find.
   *
   * @throws UserError if the rows are in partitions
   */
  void requireRows(Connection there, String queue, TableInfo original) throws SQLException {
    boolean isRoot = isRoot(there, queue);
    if (PartitionedRows.areHidden(there, original, isRoot)) {
      TableName table = original.name();
      throw new UserError(
          "node %s has the rows of %s in partitions, which a copy does not read"
              .formatted(node, table),
          isRoot
              ? "on node %s: move the rows of each partition into the table (with p as (delete from PARTITION returning *) insert into %s select * from p), and drop the partitions"
                  .formatted(node, original.destination().quoted())
              : "copy from a node above it: resync %s --copy-node=NODE".formatted(table));
    }
  }

  private static boolean isRoot(Connection there, String queue) throws SQLException {
    return NodeFunctions.getNodeInfo(there, queue).filter(NodeInfo::isRoot).isPresent();
  }

  /** Returns the source on which a copy consumer is registered. */
  static CopySource of(ConsumerState consumer) {
    return new CopySource(consumer.provider(), consumer.providerLocation());
  }
}
