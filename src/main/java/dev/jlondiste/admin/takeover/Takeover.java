package dev.jlondiste.admin.takeover;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.readiness.Check;
import dev.jlondiste.admin.readiness.ReadinessFinding;
import dev.jlondiste.admin.readiness.ReadinessOptions;
import dev.jlondiste.admin.readiness.TakeoverChecks;
import dev.jlondiste.admin.takeover.TakeoverOptions.LongTransactions;
import dev.jlondiste.admin.takeover.clients.ClientOptions;
import dev.jlondiste.admin.takeover.clients.RootChange;
import dev.jlondiste.admin.topology.NodeConversion;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives the place of one node to another; chooses the way by their types. */
public final class Takeover {
  private static final Logger log = LoggerFactory.getLogger(Takeover.class);

  private final Cascade cascade;
  private final String oldNode;
  private final String newNode;
  private final Set<String> reported = new HashSet<>();

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
    MergeWorkers merge = MergeWorkers.of(cascade, oldNode, newNode);
    try (RootTakeover takeover = rootTakeover(options, clients, merge)) {
      if (takeover.hasBegun()) {
        return takeover.run();
      }
      List<ReadinessFinding> findings = check(options);
      requireNoBlocker(
          findings.stream().filter(finding -> finding.check() != Check.CAPTURE).toList());
      takeover.requireNoObstacles();
      becomeBranch();
      new CaptureUpgrade(cascade, newNode).comparedWith(oldNode);
      requireNoBlocker(check(options));
      if (options.moveSubscribers()) {
        moveSubscribers();
      }
      return takeover.run();
    }
  }

  private List<ReadinessFinding> check(TakeoverOptions options) throws SQLException {
    ReadinessOptions accepted =
        new ReadinessOptions(
            options.ignoreMissing(),
            true,
            ReadinessOptions.DEFAULT_MAX_LAG,
            options.longTransactions() == LongTransactions.REFUSE,
            ReadinessOptions.DEFAULT_LONG_TRANSACTION_AGE);
    return new TakeoverChecks(cascade, accepted).check(oldNode, newNode);
  }

  private void requireNoBlocker(List<ReadinessFinding> findings) {
    findings.stream()
        .filter(finding -> !finding.isBlocker() && reported.add(finding.full()))
        .forEach(finding -> log.warn(finding.full()));
    List<String> blockers =
        findings.stream()
            .filter(ReadinessFinding::isBlocker)
            .map(finding -> "\n  " + finding.full().replace("\n", "\n  "))
            .toList();
    if (!blockers.isEmpty()) {
      throw new UserError(
          "'%s' cannot take over from '%s':%s"
              .formatted(newNode, oldNode, String.join("", blockers)),
          "'%s' is still the root and open".formatted(oldNode));
    }
  }

  private void moveSubscribers() throws SQLException, InterruptedException {
    SubscriberMoves moves = new SubscriberMoves(cascade);
    for (NodeFunctions.Subscriber subscriber :
        cascade.call(oldNode, db -> NodeFunctions.getSubscribers(db, cascade.queue()))) {
      if (!subscriber.node().equals(newNode) && !cascade.isDead(subscriber.node())) {
        moves.require(info(subscriber.node()), newNode);
      }
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
    boolean ignoreNewNode = cascade.isDead(newNode);
    MergeWorkers merge =
        ignoreNewNode
            ? MergeWorkers.none(cascade, oldNode, newNode)
            : MergeWorkers.of(cascade, oldNode, newNode);
    try (RootTakeover takeover = rootTakeover(options, clients, merge)) {
      takeover.undo(ignoreNewNode);
    }
  }

  private RootTakeover rootTakeover(
      TakeoverOptions options, ClientOptions clients, MergeWorkers merge) throws SQLException {
    RootChange change =
        new RootChange(cascade.queue(), oldNode, location(oldNode), newNode, location(newNode));
    return new RootTakeover(cascade, change, options, clients.switchFor(change), merge);
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
