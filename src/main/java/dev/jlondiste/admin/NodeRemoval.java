package dev.jlondiste.admin;

import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeLocation;
import dev.jlondiste.cascade.Reply;
import dev.jlondiste.db.LockHolders;
import dev.jlondiste.db.SqlWork;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.loop.ShortLocks;
import dev.jlondiste.replica.LondisteFunctions;
import dev.jlondiste.replica.TableInfo;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a node out of the cascade, also one that is gone for good. Only subscribers stand in the
 * way; after that check everything is done as far as it goes, because the node or others may be
 * unreachable. The node itself comes first: its worker then finds that it has nothing to do any
 * more, rather than a provider that does not know it.
 */
public final class NodeRemoval {
  private static final Logger log = LoggerFactory.getLogger(NodeRemoval.class);

  private final Cascade cascade;

  public NodeRemoval(Cascade cascade) {
    this.cascade = cascade;
  }

  public void drop(String name) throws SQLException {
    String queue = cascade.queue();
    List<NodeLocation> members = cascade.members();
    NodeLocation victim = cascade.member(name);
    requireNoSubscribers(victim);
    String root = rootOrEmpty();
    if (!victim.dead()) {
      attempt(name, db -> Notes.heed(dropWithTables(db, name)));
    }
    if (!root.equals(name) && !root.isEmpty()) {
      attempt(root, db -> Notes.heed(NodeFunctions.unregisterLocation(db, queue, name)));
    }
    for (NodeLocation member : members) {
      if (!member.node().equals(name) && !member.dead()) {
        attempt(
            member.node(),
            db -> Notes.heed(member.node(), NodeFunctions.dropNode(db, queue, name)));
      }
    }
  }

  /** Drops the triggers of all its tables: writers wait for all of them together, or not at all. */
  private Reply dropWithTables(Connection db, String name) throws SQLException {
    String queue = cascade.queue();
    List<String> tables =
        LondisteFunctions.getTables(db, queue).stream()
            .filter(TableInfo::local)
            .map(table -> table.destination().quoted())
            .toList();
    return ShortLocks.ofCommand(cascade.settings().lockTimeout())
        .call(
            db,
            tables,
            LockHolders.Mode.AGAINST_ALL,
            attempt -> {
              ShortLocks.lockAll(attempt, tables);
              return NodeFunctions.dropNode(attempt, queue, name);
            });
  }

  private void requireNoSubscribers(NodeLocation victim) throws SQLException {
    if (victim.dead()) {
      return;
    }
    List<NodeFunctions.Subscriber> subscribers;
    try {
      subscribers =
          cascade.call(victim.node(), db -> NodeFunctions.getSubscribers(db, cascade.queue()));
    } catch (SQLException | UserError e) {
      log.warn("node {} cannot be asked for subscribers: {}", victim.node(), e.getMessage());
      return;
    }
    if (!subscribers.isEmpty()) {
      throw new UserError(
          "node still has subscribers: "
              + String.join(
                  ", ", subscribers.stream().map(NodeFunctions.Subscriber::node).toList()),
          "move them with change-provider, or drop them first");
    }
  }

  private String rootOrEmpty() {
    try {
      return cascade.rootName();
    } catch (SQLException | UserError e) {
      log.warn("root not found: {}", e.getMessage());
      return "";
    }
  }

  private void attempt(String node, SqlWork<?> work) {
    try {
      cascade.call(node, work);
    } catch (SQLException | UserError e) {
      log.warn("[{}] {}", node, e.getMessage());
    }
  }
}
