package dev.jlondiste.admin.resurrection;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.takeover.DeadRootTakeover;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.cascade.NodeLocation;
import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.db.Database;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.PgqFunctions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a failover has left for the former root.
 *
 * @param provider the node that keeps the events for it
 * @param location the connect string of that node
 * @param tick the last tick that the former root has in common with the others
 * @param members the members of the cascade, as that node knows them
 */
record Gravestone(String provider, String location, long tick, List<NodeLocation> members) {
  private static final Logger log = LoggerFactory.getLogger(Gravestone.class);

  Gravestone {
    members = List.copyOf(members);
  }

  /**
   * Searches the live members for the gravestone of the local node and for the present root: the
   * subscribers of the local node first, then all others, also those that only other members know.
   */
  static Gravestone find(Cascade cascade) throws SQLException {
    return new Search(cascade).run();
  }

  /** One search. */
  private static final class Search {
    private final Cascade cascade;
    private final String here;
    private final Map<String, String> unreached = new TreeMap<>();
    private final Map<String, NodeLocation> queried = new TreeMap<>();
    private final List<Gravestone> found = new ArrayList<>();
    private Optional<String> root = Optional.empty();

    Search(Cascade cascade) throws SQLException {
      this.cascade = cascade;
      this.here = cascade.node().name();
    }

    Gravestone run() throws SQLException {
      List<String> subscribers =
          cascade.local().call(db -> NodeFunctions.getSubscribers(db, cascade.queue())).stream()
              .map(NodeFunctions.Subscriber::node)
              .toList();
      List<NodeLocation> waiting = new ArrayList<>(cascade.members());
      waiting.sort(
          (one, other) ->
              Boolean.compare(
                  subscribers.contains(other.node()), subscribers.contains(one.node())));
      while (!waiting.isEmpty()) {
        NodeLocation member = waiting.remove(0);
        boolean isNew = !member.node().equals(here) && !queried.containsKey(member.node());
        if (isNew && !member.dead()) {
          queried.put(member.node(), member);
          waiting.addAll(query(member));
        }
      }
      return result();
    }

    /** Returns the members that the queried one knows. */
    private List<NodeLocation> query(NodeLocation member) {
      log.info("Looking on node {}", member.node());
      try {
        Database database = cascade.remote(ConnectionString.parse(member.location()));
        return Cascade.on(database, db -> query(db, member));
      } catch (UserError e) {
        String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        log.warn("[{}] {}", member.node(), reason);
        unreached.put(member.node(), reason);
        return List.of();
      }
    }

    private List<NodeLocation> query(Connection db, NodeLocation member) throws SQLException {
      String queue = cascade.queue();
      Optional<NodeInfo> node = NodeFunctions.getNodeInfo(db, queue);
      if (node.isEmpty() || !node.get().name().equals(member.node())) {
        return List.of();
      }
      List<NodeLocation> members = NodeFunctions.getQueueLocations(db, queue);
      String wanted = DeadRootTakeover.gravestone(here);
      boolean hasGravestone =
          NodeFunctions.getSubscribers(db, queue).stream()
              .anyMatch(known -> known.node().equals(here) && known.worker().equals(wanted));
      if (hasGravestone) {
        log.info("Found gravestone on node: {}", member.node());
        long tick = PgqFunctions.consumerPosition(db, queue, wanted).orElseThrow();
        found.add(new Gravestone(member.node(), member.location(), tick, members));
      }
      if (node.get().isRoot()) {
        log.info("Found new root node: {}", member.node());
        root = Optional.of(member.node());
      }
      return members;
    }

    private Gravestone result() {
      if (found.size() > 1) {
        throw new UserError(
            "more than one node has a gravestone of '%s': %s"
                .formatted(
                    here,
                    found.stream().map(Gravestone::provider).collect(Collectors.joining(", "))),
            "on the wrong ones: select pgq_node.unregister_subscriber('%s', '%s')"
                .formatted(cascade.queue(), here));
      }
      String silent =
          unreached.entrySet().stream()
              .map(node -> "\n  " + node.getKey() + " does not answer: " + node.getValue())
              .collect(Collectors.joining());
      if (found.isEmpty()) {
        throw new UserError(
            "Cannot find gravestone of '%s'%s".formatted(here, silent),
            "only a node that was replaced with 'takeover "
                + here
                + " --dead-root' can be resurrected; nothing was changed");
      }
      if (root.isEmpty()) {
        throw new UserError(
            "Cannot find new root node" + silent,
            "the node that has taken over must be reachable; nothing was changed");
      }
      return found.get(0);
    }
  }
}
