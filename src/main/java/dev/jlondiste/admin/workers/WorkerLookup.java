package dev.jlondiste.admin.workers;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeLocation;
import dev.jlondiste.fault.UserError;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the worker that a command addresses. */
public final class WorkerLookup {
  private final Cascade cascade;

  public WorkerLookup(Cascade cascade) {
    this.cascade = cascade;
  }

  /**
   * The local node's worker, unless a node or a consumer is given. A consumer alone is looked up
   * here first, then on the other nodes, so that an ini file elsewhere can address a remote worker.
   */
  public WorkerId find(Optional<String> node, Optional<String> consumer) throws SQLException {
    if (node.isPresent()) {
      cascade.member(node.get());
      return new WorkerId(node.get(), consumer.isPresent() ? consumer.get() : workerOf(node.get()));
    }
    String wanted = consumer.orElse(cascade.settings().consumerName());
    for (String place : hereFirst()) {
      if (cascade.call(place, db -> NodeFunctions.getConsumers(db, cascade.queue())).stream()
          .anyMatch(known -> known.name().equals(wanted))) {
        return new WorkerId(place, wanted);
      }
    }
    throw new UserError(
        "Unknown consumer: " + cascade.queue() + "/" + wanted,
        "is job_name still the one the node was created with? The worker here is '"
            + cascade.node().worker()
            + "'; 'show-consumers' lists all");
  }

  private String workerOf(String node) throws SQLException {
    return cascade
        .call(node, db -> NodeFunctions.getNodeInfo(db, cascade.queue()))
        .orElseThrow(() -> new UserError("node '" + node + "' is not initialized", null))
        .worker();
  }

  private List<String> hereFirst() throws SQLException {
    List<String> places = new ArrayList<>();
    places.add(cascade.node().name());
    cascade.members().stream()
        .filter(member -> !member.dead())
        .map(NodeLocation::node)
        .filter(name -> !places.contains(name))
        .forEach(places::add);
    return places;
  }
}
