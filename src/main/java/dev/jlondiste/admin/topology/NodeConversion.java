package dev.jlondiste.admin.topology;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.workers.PausedWorker;
import dev.jlondiste.admin.workers.WorkerControl;
import dev.jlondiste.admin.workers.WorkerId;
import dev.jlondiste.cascade.ConsumerState;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.cascade.NodeLocation;
import dev.jlondiste.cascade.NodePosition;
import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cascade.OwnLocation;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.loop.ShortLocks;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Converts a leaf into a branch and back, while applications write to the root and read here.
 *
 * <ol>
 *   <li>All checks, which change nothing.
 *   <li>Every member learns the location of a new branch.
 *   <li>The worker is paused, and has confirmed it: it is between two batches.
 *   <li>One transaction creates the queue, which begins at the tick that the worker has completed,
 *       and changes the type of the node. Or it drops the queue.
 *   <li>The worker is resumed. It reads the type again, and from its next batch on copies all
 *       events to the queue, or none.
 *   <li>Table by table, the triggers become those of the new type. Both kinds refuse changes, so
 *       applications see no difference, and the worker does not fire them.
 * </ol>
 *
 * <p>The same command completes a conversion that was interrupted at any point: before step 4 it
 * begins again, since the steps before can be repeated; after it the node has the new type, and
 * what is left is a pause, which {@link CommandMark} attributes to this command, and tables that
 * the catalogs show to have triggers of the old type.
 *
 * <p>A provider that is tagged as dead is not needed: the queue begins with the next events.
 *
 * <p>Works with the SQL and the worker of Londiste as well: that worker, too, reads the type of its
 * node after each pause.
 */
public final class NodeConversion {
  private static final Logger log = LoggerFactory.getLogger(NodeConversion.class);

  private final Cascade cascade;

  public NodeConversion(Cascade cascade) {
    this.cascade = cascade;
  }

  /** Checks whether a leaf can become a branch; does nothing for other nodes. */
  public void checkToBranch(String node) throws SQLException {
    NodeInfo info = info(node);
    if (info.type() == NodeType.LEAF) {
      requireConvertible(info);
    }
  }

  /**
   * Makes any node that can be reached a branch. On a branch it only completes a conversion that
   * was interrupted; usually it does nothing.
   *
   * @return the tables that still have triggers of another type, which the log explains
   */
  public List<TableName> toBranch(String node) throws SQLException, InterruptedException {
    NodeInfo info = info(node);
    switch (info.type()) {
      case ROOT ->
          throw new UserError(
              "node '" + node + "' is the root, it has a queue already", "nothing to convert");
      case BRANCH -> finish(info);
      case LEAF -> {
        requireConvertible(info);
        new KnownLocation(cascade, node).spread();
        whilePaused(info, () -> create(info));
      }
    }
    return tables(node, NodeType.BRANCH);
  }

  /**
   * As above, for a node that is about to become the root.
   *
   * @throws UserError if tables still have triggers of a leaf
   */
  public void requireBranch(String node) throws SQLException, InterruptedException {
    List<TableName> unfinished = toBranch(node);
    if (!unfinished.isEmpty()) {
      throw new UserError(
          "tables of node '%s' have triggers of a leaf: %s"
              .formatted(node, unfinished.stream().map(TableName::full).toList()),
          "the log explains why; repeat the command");
    }
  }

  /**
   * Makes a branch a leaf again; nothing may depend on its queue. Otherwise as {@link #toBranch}.
   */
  public List<TableName> toLeaf(String node) throws SQLException, InterruptedException {
    NodeInfo info = info(node);
    switch (info.type()) {
      case ROOT ->
          throw new UserError(
              "node '" + node + "' is the root and cannot become a leaf",
              "let another node take over first: takeover");
      case LEAF -> finish(info);
      case BRANCH -> {
        requireNoTakeover(info);
        cascade.call(
            node,
            db -> {
              ConversionRights.require(db, cascade.queue(), node);
              queue(info).requireUnused(db, info.targetFor());
              return true;
            });
        whilePaused(info, () -> drop(info));
      }
    }
    return tables(node, NodeType.LEAF);
  }

  private static void requireNoTakeover(NodeInfo node) {
    if (!UnfinishedTakeover.nodes(node).isEmpty()) {
      throw new UserError(
          "a takeover in which node '" + node.name() + "' takes part is unfinished",
          "repeat that takeover command, or undo it: takeover --undo");
    }
  }

  private NodeInfo info(String node) throws SQLException {
    return cascade
        .call(node, db -> NodeFunctions.getNodeInfo(db, cascade.queue()))
        .orElseThrow(() -> new UserError("node '" + node + "' is not initialized", null));
  }

  private NodeQueue queue(NodeInfo node) {
    return new NodeQueue(cascade.queue(), node.name(), node.worker());
  }

  private void requireConvertible(NodeInfo node) throws SQLException {
    if (node.combinedQueue().isPresent()) {
      throw new UserError(
          "node '%s' is a merge leaf: it feeds queue '%s' and cannot have a queue of its own"
              .formatted(node.name(), node.combinedQueue().get()),
          "subscribers and takeovers are for the node of the combined queue; or create a branch in"
              + " another database");
    }
    if (node.name().equals(cascade.node().name())) {
      OwnLocation location = OwnLocation.check(cascade.local(), cascade.queue(), cascade::remote);
      if (location.verdict() == OwnLocation.Verdict.ELSEWHERE) {
        throw new UserError(
            location.problem().orElseThrow(),
            "a branch needs a location that its subscribers reach");
      }
    }
    cascade.call(
        node.name(),
        db -> {
          ConversionRights.require(db, cascade.queue(), node.name());
          return true;
        });
    String provider = node.provider().orElseThrow();
    if (!cascade.isDead(provider)) {
      cascade.call(provider, db -> NodeFunctions.getNodeInfo(db, cascade.queue()));
    }
  }

  private void create(NodeInfo node) throws SQLException {
    ConsumerState state = control(node).state();
    NodeQueue.Begin begin =
        cascade.isDead(state.provider())
            ? beginWithoutProvider(node, state.completedTick())
            : beginOfProvider(node, state);
    cascade.call(
        node.name(),
        db -> {
          queue(node).create(db, begin);
          return true;
        });
    log.info(
        "[{}] Queue '{}' begins at tick {}", node.name(), cascade.queue(), state.completedTick());
  }

  private NodeQueue.Begin beginOfProvider(NodeInfo node, ConsumerState state) throws SQLException {
    return cascade
        .call(state.provider(), db -> queue(node).begin(db, state.completedTick()))
        .orElseThrow(
            () ->
                new UserError(
                    "provider '%s' does not have tick %d, which node '%s' has completed"
                        .formatted(state.provider(), state.completedTick(), node.name()),
                    "was one of the databases restored from a backup?"));
  }

  /** Another live node may have the tick, and its time. */
  private NodeQueue.Begin beginWithoutProvider(NodeInfo node, long tick) throws SQLException {
    long highest = 0;
    Optional<Instant> time = Optional.empty();
    for (NodeLocation member : cascade.members()) {
      if (!member.dead()) {
        highest =
            Math.max(
                highest,
                cascade.call(member.node(), db -> NodeQueue.highestEvent(db, cascade.queue())));
        Optional<NodeQueue.Begin> known =
            cascade.call(member.node(), db -> queue(node).begin(db, tick));
        time = time.or(() -> known.map(NodeQueue.Begin::time));
      }
    }
    return NodeQueue.Begin.withoutProvider(tick, time.orElse(NodePosition.UNKNOWN_TIME), highest);
  }

  private void drop(NodeInfo node) throws SQLException {
    cascade.call(
        node.name(),
        db -> {
          queue(node).drop(db, ShortLocks.ofCommand(cascade.settings().lockTimeout()));
          return true;
        });
    log.info("[{}] Queue '{}' dropped", node.name(), cascade.queue());
  }

  private WorkerControl control(NodeInfo node) {
    return new WorkerControl(cascade, new WorkerId(node.name(), node.worker()));
  }

  /** Runs a step while the worker is paused. A worker that an operator has paused stays paused. */
  private void whilePaused(NodeInfo node, PausedWorker.SqlTask step)
      throws SQLException, InterruptedException {
    WorkerControl control = control(node);
    if (!claimPause(node)) {
      control.pause();
      step.run();
      log.warn("[{}] the worker was paused before and stays so; to continue: resume", node.name());
      return;
    }
    try (PausedWorker paused = PausedWorker.pause(control)) {
      paused.awaitConfirmation();
      step.run();
      paused.resume();
    } finally {
      releasePause(node);
    }
  }

  /** False if the worker is paused already, and not by this command. */
  private boolean claimPause(NodeInfo node) throws SQLException {
    return cascade.call(
        node.name(),
        db -> {
          boolean isOwn =
              CommandMark.CONVERSION.isSet(db, cascade.queue(), node.worker())
                  || !NodeFunctions.getConsumerState(db, cascade.queue(), node.worker()).paused();
          if (isOwn) {
            CommandMark.CONVERSION.set(db, cascade.queue(), node.worker());
          }
          return isOwn;
        });
  }

  /** Removes the mark, unless the worker could not be resumed. Never throws: it does no harm. */
  private void releasePause(NodeInfo node) {
    try {
      cascade.call(
          node.name(),
          db -> {
            if (!NodeFunctions.getConsumerState(db, cascade.queue(), node.worker()).paused()) {
              CommandMark.CONVERSION.remove(db, cascade.queue(), node.worker());
            }
            return true;
          });
    } catch (SQLException | UserError e) {
      log.debug("[{}] attribute 'converting' stays: {}", node.name(), e.getMessage());
    }
  }

  /** Ends the pause of an attempt that was killed. */
  private void finish(NodeInfo node) throws SQLException, InterruptedException {
    boolean isMarked =
        cascade.call(
            node.name(), db -> CommandMark.CONVERSION.isSet(db, cascade.queue(), node.worker()));
    if (isMarked) {
      log.info("Node '{}': completing an interrupted conversion", node.name());
      control(node).resume();
      releasePause(node);
    }
  }

  private List<TableName> tables(String node, NodeType type) throws SQLException {
    cascade.forget(); // the node may be the local one, and has changed
    List<TableName> left = new ConvertedTables(cascade, node).convert();
    if (left.isEmpty()) {
      log.info("Node '{}' is a {}", node, type);
    } else {
      log.error(
          "Node '{}' is a {}, but {} of its tables still have triggers of another type; repeat the"
              + " command",
          node,
          type,
          left.size());
    }
    return left;
  }
}
