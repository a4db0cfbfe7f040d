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
import dev.jlondiste.admin.topology.TickWait;
import dev.jlondiste.admin.waiting.Deadline;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.cascade.NodeLocation;
import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.PgqFunctions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives the place of one node to another; chooses the way by their types. */
public final class Takeover {
  private static final Duration AFTER_CONVERSION = Duration.ofMinutes(2);
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
    requireNoOtherTakeover();
    MergeWorkers merge = MergeWorkers.of(cascade, oldNode, newNode);
    try (RootTakeover takeover = rootTakeover(options, clients, merge)) {
      if (takeover.hasBegun()) {
        return run(takeover, options);
      }
      takeover.resumeInterrupted();
      List<ReadinessFinding> findings = check(options);
      requireNoBlocker(
          findings.stream().filter(finding -> finding.check() != Check.CAPTURE).toList());
      merge.requireSameTables();
      takeover.requireNoObstacles();
      becomeBranch();
      new CaptureUpgrade(cascade, newNode).comparedWith(oldNode);
      awaitWorker();
      requireNoBlocker(check(options));
      if (options.moveSubscribers()) {
        moveSubscribers();
      }
      return run(takeover, options);
    }
  }

  private TakeoverResult run(RootTakeover takeover, TakeoverOptions options)
      throws SQLException, InterruptedException {
    TakeoverResult result = takeover.run();
    if (result == TakeoverResult.DONE) {
      if (options.moveSubscribers()) {
        moveSubscribers(); // those that were above the new root
      }
      new TickerCheck(cascade, newNode).run();
    }
    return result;
  }

  /**
   * An unfinished takeover by another node may be as far as having opened that node.
   *
   * @throws UserError if there is one
   */
  private void requireNoOtherTakeover() throws SQLException {
    Optional<TakeoverMark> other =
        TakeoverMark.of(info(oldNode))
            .filter(mark -> mark.oldNode().equals(oldNode) && !mark.newNode().equals(newNode));
    if (other.isPresent()) {
      throw new UserError(
          "a takeover of '%s' by '%s' is not finished".formatted(oldNode, other.get().newNode()),
          "finish it: takeover %s --target=%s; or undo it: takeover %s --undo"
              .formatted(oldNode, other.get().newNode(), oldNode));
    }
    if (isOldRootClosed()) {
      requireNoOtherRoot();
    }
  }

  private boolean isOldRootClosed() throws SQLException {
    return info(oldNode).isRoot()
        && cascade.call(oldNode, db -> PgqFunctions.isInsertDisabled(db, cascade.queue()));
  }

  /** Londiste closes a root without a mark, and may have opened another. */
  private void requireNoOtherRoot() throws SQLException {
    for (NodeLocation member : cascade.members()) {
      String name = member.node();
      if (!member.dead() && !name.equals(oldNode) && !name.equals(newNode) && info(name).isRoot()) {
        throw new UserError(
            "'%s' is closed, and '%s' is a root: another takeover is not finished"
                .formatted(oldNode, name),
            "finish it: takeover %s --target=%s".formatted(oldNode, name));
      }
    }
  }

  private List<ReadinessFinding> check(TakeoverOptions options) throws SQLException {
    ReadinessOptions accepted =
        new ReadinessOptions(
            options.ignoreMissing(),
            options.ignoreHandlers(),
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

  /** Those above the new node stay until it is the root. */
  private void moveSubscribers() throws SQLException, InterruptedException {
    SubscriberMoves moves = new SubscriberMoves(cascade);
    FailoverSurvey survey = FailoverSurvey.of(cascade);
    for (NodeFunctions.Subscriber subscriber :
        cascade.call(oldNode, db -> NodeFunctions.getSubscribers(db, cascade.queue()))) {
      String name = subscriber.node();
      if (!name.equals(newNode) && !cascade.isDead(name) && !survey.isBelow(newNode, name)) {
        moves.require(info(name), newNode);
      }
    }
  }

  /** A leaf has no queue for its subscribers. On a branch this completes an earlier conversion. */
  private void becomeBranch() throws SQLException, InterruptedException {
    if (!info(newNode).isRoot()) {
      new NodeConversion(cascade).requireBranch(newNode);
    }
  }

  /** The worker falls behind while triggers of many tables are replaced, each behind a lock. */
  private void awaitWorker() throws SQLException, InterruptedException {
    long last =
        cascade.call(oldNode, db -> PgqFunctions.lastTick(db, cascade.queue())).orElseThrow();
    new TickWait(cascade).forNode(newNode, last, Deadline.in(AFTER_CONVERSION));
  }

  /**
   * Returns the undo of an interrupted takeover. Which node was to take over is read from the mark
   * of the old root.
   *
   * @param named the node that the operator has named
   * @param here used if the old root has no mark, and none is named
   * @throws UserError if the operator has named another node
   */
  public static Takeover ofInterrupted(
      Cascade cascade, String oldNode, Optional<String> named, String here) throws SQLException {
    if (cascade.findMember(oldNode).isEmpty()) {
      throw new UserError("Unknown node: " + oldNode, "'members' lists all nodes");
    }
    Optional<String> marked =
        cascade
            .call(oldNode, db -> NodeFunctions.getNodeInfo(db, cascade.queue()))
            .flatMap(TakeoverMark::of)
            .filter(mark -> mark.oldNode().equals(oldNode))
            .map(TakeoverMark::newNode);
    if (marked.isPresent() && named.isPresent() && !named.equals(marked)) {
      throw new UserError(
          "the unfinished takeover of '%s' is by '%s', not by '%s'"
              .formatted(oldNode, marked.get(), named.get()),
          "takeover %s --undo".formatted(oldNode));
    }
    return new Takeover(cascade, oldNode, marked.or(() -> named).orElse(here));
  }

  /** Opens the old root again after a takeover that was interrupted. */
  public void undo(TakeoverOptions options, ClientOptions clients)
      throws SQLException, InterruptedException {
    if (oldNode.equals(newNode)) {
      if (!isOldRootClosed()) {
        log.info("Nothing to undo: '{}' is open, and has no mark of a takeover", oldNode);
        return;
      }
      throw new UserError(
          "node '%s' is closed, and has no mark of a takeover".formatted(oldNode),
          "which node was to take over? Name it: takeover %s --undo --target=NODE"
              .formatted(oldNode));
    }
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
