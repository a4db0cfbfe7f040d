package dev.jlondiste.admin.topology;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.cascade.NodeLocation;
import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.PgqFunctions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker is a consumer of its provider's queue, and a consumer's name is its position. So two
 * nodes of a cascade must not have workers of the same name: each would receive only the batches
 * that the other has not finished.
 */
final class WorkerNames {
  private static final Logger log = LoggerFactory.getLogger(WorkerNames.class);
  private static final String COPY_INFIX = ".copy.";
  private static final String HINT =
      "set another job_name (or consumer_name) in the ini file, or give --worker=NAME and set"
          + " consumer_name = NAME";

  private final Cascade cascade;
  private final String node;
  private final String worker;

  /** Checks the name {@code worker} for a {@code node} that is to be created. */
  WorkerNames(Cascade cascade, String node, String worker) {
    this.cascade = cascade;
    this.node = node;
    this.worker = worker;
  }

  /** Refuses names that the cascade uses for its own consumers. */
  void requireOrdinary() {
    if (worker.isBlank() || worker.startsWith(".") || worker.contains(COPY_INFIX)) {
      throw new UserError(
          "a worker cannot be called '"
              + worker
              + "': names that begin with a dot are watermarks, and WORKER.copy.TABLE is the"
              + " consumer of a table's copy",
          HINT);
    }
  }

  /** Checks every live member that can be reached; skips the others. */
  void requireFree(List<NodeLocation> members) {
    for (NodeLocation member : members) {
      if (!member.dead() && !member.node().equals(node)) {
        workerOf(member).filter(worker::equals).ifPresent(same -> refuse(member.node()));
      }
    }
  }

  private Optional<String> workerOf(NodeLocation member) {
    try {
      return cascade
          .remote(ConnectionString.parse(member.location()))
          .call(db -> NodeFunctions.getNodeInfo(db, cascade.queue()))
          .filter(found -> found.name().equals(member.node()))
          .map(NodeInfo::worker);
    } catch (SQLException | UserError e) {
      log.debug("node {} was not asked for its worker: {}", member.node(), e.getMessage());
      return Optional.empty();
    }
  }

  /** Checks the provider. Called before the subscription and again in its transaction. */
  void requireFreeOn(Connection provider, String providerName) throws SQLException {
    List<NodeFunctions.Subscriber> same =
        NodeFunctions.getSubscribers(provider, cascade.queue()).stream()
            .filter(subscriber -> subscriber.worker().equals(worker))
            .toList();
    for (NodeFunctions.Subscriber subscriber : same) {
      if (!subscriber.node().equals(node)) {
        refuse(subscriber.node());
      }
    }
    if (same.isEmpty()) {
      requireNoConsumer(provider, "node '" + providerName + "'");
    }
  }

  void requireNoConsumer(Connection db, String where) throws SQLException {
    if (PgqFunctions.consumerPosition(db, cascade.queue(), worker).isPresent()) {
      throw new UserError(
          "worker name '"
              + worker
              + "' is taken: a consumer of queue '"
              + cascade.queue()
              + "' on "
              + where
              + " has it",
          HINT
              + "; a consumer that nothing uses is removed by: qadmin -Q "
              + cascade.queue()
              + " -c \"unregister consumer "
              + worker
              + "\"");
    }
  }

  private void refuse(String other) {
    throw new UserError(
        "worker name '"
            + worker
            + "' is taken: it is the worker of node '"
            + other
            + "', and the two would share one position",
        HINT);
  }
}
