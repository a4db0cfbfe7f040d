package dev.jlondiste.admin.takeover;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.takeover.clients.ClientOptions;
import dev.jlondiste.admin.takeover.clients.RootChange;
import dev.jlondiste.admin.topology.NodeConversion;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import java.sql.SQLException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives the place of one node to another; chooses the way by their types. */
public final class Takeover {
  private static final Logger log = LoggerFactory.getLogger(Takeover.class);

  private final Cascade cascade;
  private final String oldNode;
  private final String newNode;

  /**
   * Changes nothing.
   *
   * @throws UserError if one of the nodes is no member
   */
  public Takeover(Cascade cascade, String oldNode, String newNode) throws SQLException {
    this.cascade = cascade;
    this.oldNode = oldNode;
    this.newNode = newNode;
    if (cascade.findMember(oldNode).isEmpty()) {
      throw new UserError("Unknown node: " + oldNode, "'members' lists all nodes");
    }
    cascade.member(newNode);
  }

  /** Takes over from a live node. */
  public TakeoverResult run(TakeoverOptions options, ClientOptions clients)
      throws SQLException, InterruptedException {
    log.info("old: {}", oldNode);
    if (oldNode.equals(newNode)) {
      log.info("same node?");
      return TakeoverResult.DONE;
    }
    becomeBranch();
    try (RootTakeover takeover = rootTakeover(options, clients)) {
      return takeover.run();
    }
  }

  /** A leaf has no queue for its subscribers. On a branch this completes an earlier conversion. */
  private void becomeBranch() throws SQLException, InterruptedException {
    if (!info(newNode).isRoot()) {
      List<TableName> unfinished = new NodeConversion(cascade).toBranch(newNode);
      if (!unfinished.isEmpty()) {
        throw new UserError(
            "tables of node '%s' have triggers of a leaf: %s"
                .formatted(newNode, unfinished.stream().map(TableName::full).toList()),
            "the log explains why; repeat the command");
      }
    }
  }

  /** Opens the old root again after a takeover that was interrupted. */
  public void undo(TakeoverOptions options, ClientOptions clients)
      throws SQLException, InterruptedException {
    try (RootTakeover takeover = rootTakeover(options, clients)) {
      takeover.undo(cascade.isDead(newNode));
    }
  }

  private RootTakeover rootTakeover(TakeoverOptions options, ClientOptions clients)
      throws SQLException {
    RootChange change =
        new RootChange(cascade.queue(), oldNode, location(oldNode), newNode, location(newNode));
    return new RootTakeover(cascade, oldNode, newNode, options, clients.switchFor(change));
  }

  private ConnectionString location(String node) throws SQLException {
    return ConnectionString.parse(cascade.member(node).location());
  }

  private NodeInfo info(String node) throws SQLException {
    return cascade
        .call(node, db -> NodeFunctions.getNodeInfo(db, cascade.queue()))
        .orElseThrow(() -> new UserError("node '" + node + "' is not initialized", null));
  }
}
