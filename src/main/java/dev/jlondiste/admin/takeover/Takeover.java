package dev.jlondiste.admin.takeover;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.takeover.clients.ClientSwitch;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.fault.UserError;
import java.sql.SQLException;
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
  public TakeoverResult run(TakeoverOptions options, ClientSwitch clients)
      throws SQLException, InterruptedException {
    log.info("old: {}", oldNode);
    if (oldNode.equals(newNode)) {
      log.info("same node?");
      return TakeoverResult.DONE;
    }
    NodeInfo fresh = info(newNode);
    if (fresh.type() == NodeType.LEAF) {
      throw new UserError(
          "node '%s' is a leaf and cannot take over".formatted(newNode),
          "nothing was changed; first: convert-node --to=branch");
    }
    try (RootTakeover takeover = new RootTakeover(cascade, oldNode, newNode, options, clients)) {
      return takeover.run();
    }
  }

  /** Opens the old root again after a takeover that was interrupted. */
  public void undo(TakeoverOptions options, ClientSwitch clients)
      throws SQLException, InterruptedException {
    try (RootTakeover takeover = new RootTakeover(cascade, oldNode, newNode, options, clients)) {
      takeover.undo(cascade.isDead(newNode));
    }
  }

  private NodeInfo info(String node) throws SQLException {
    return cascade
        .call(node, db -> NodeFunctions.getNodeInfo(db, cascade.queue()))
        .orElseThrow(() -> new UserError("node '" + node + "' is not initialized", null));
  }
}
