package dev.jlondiste.admin.topology;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.Replies;
import dev.jlondiste.admin.waiting.Deadline;
import dev.jlondiste.admin.waiting.NodeObstacles;
import dev.jlondiste.admin.waiting.Wait;
import dev.jlondiste.admin.workers.PausedWorker;
import dev.jlondiste.admin.workers.WorkerControl;
import dev.jlondiste.admin.workers.WorkerId;
import dev.jlondiste.cascade.ConsumerState;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.cascade.NodePosition;
import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cascade.Reply;
import dev.jlondiste.cascade.UpstreamWalk;
import dev.jlondiste.db.Sql;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.PgqFunctions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes the provider of a worker, while both nodes run. Positions are ticks, and ticks are the
 * same on all nodes: the worker is subscribed there at the tick it has completed here. All checks
 * come before the worker is paused; after that the worker is resumed in any case, see {@link
 * PausedWorker}.
 */
public final class ProviderChange {
  private static final Logger log = LoggerFactory.getLogger(ProviderChange.class);
  private static final Duration MAX_CATCH_UP = Duration.ofMinutes(10);
  private static final String TICK_TIME =
      """
      select t.tick_time
        from pgq.tick t join pgq.queue q on q.queue_id = t.tick_queue
       where q.queue_name = ? and t.tick_id = ?
      """;

  private final Cascade cascade;
  private final Optional<Duration> patience;

  public ProviderChange(Cascade cascade) {
    this(cascade, Optional.empty());
  }

  private ProviderChange(Cascade cascade, Optional<Duration> patience) {
    this.cascade = cascade;
    this.patience = patience;
  }

  /** The same, but a worker that has not answered after {@code patience} is an error. */
  public ProviderChange answeringWithin(Duration patience) {
    return new ProviderChange(cascade, Optional.of(patience));
  }

  public void change(WorkerId worker, String to) throws SQLException, InterruptedException {
    WorkerControl plain = new WorkerControl(cascade, worker);
    WorkerControl control = patience.map(plain::answeringWithin).orElse(plain);
    ConsumerState before = control.state();
    if (before.provider().equals(to)) {
      log.info(
          "Consumer '{}' at node '{}' has already '{}' as provider",
          worker.consumer(),
          worker.node(),
          to);
      finishEarlierChange(worker, before);
      return;
    }
    requirePossible(worker, before, to);
    boolean isNodeWorker = isNodeWorker(worker);
    claimPause(worker, before);
    try (PausedWorker paused = PausedWorker.pause(control)) {
      boolean moved = false;
      try {
        paused.awaitConfirmation();
        move(control, to, isNodeWorker);
        moved = true;
      } finally {
        if (!moved) {
          paused.undo(() -> undo(control, to, isNodeWorker));
        }
      }
      unsubscribe(worker, before.provider(), isNodeWorker);
      paused.resume();
    } finally {
      releasePause(worker);
    }
  }

  /** A worker that an operator has paused is resumed by a change that succeeds, too. */
  private void claimPause(WorkerId worker, ConsumerState state) throws SQLException {
    if (!state.paused()) {
      cascade.call(
          worker.node(),
          db -> {
            CommandMark.MOVE.set(db, cascade.queue(), worker.consumer());
            return true;
          });
    }
  }

  /** Removes the mark, unless the worker could not be resumed. Never throws: it does no harm. */
  private void releasePause(WorkerId worker) {
    String queue = cascade.queue();
    String consumer = worker.consumer();
    try {
      cascade.call(
          worker.node(),
          db -> {
            if (!NodeFunctions.getConsumerState(db, queue, consumer).paused()) {
              CommandMark.MOVE.remove(db, queue, consumer);
            }
            return true;
          });
    } catch (SQLException | UserError e) {
      log.debug("[{}] attribute of the change stays: {}", worker.node(), e.getMessage());
    }
  }

  /**
   * Completes a change that was killed after the worker was paused: the worker continues where it
   * is. Does nothing without one; a worker that an operator has paused stays paused.
   */
  public void finishInterrupted(WorkerId worker) throws SQLException, InterruptedException {
    if (isOwnPause(worker)) {
      finishEarlierChange(worker, new WorkerControl(cascade, worker).state());
    }
  }

  private boolean isOwnPause(WorkerId worker) throws SQLException {
    return cascade.call(
        worker.node(), db -> CommandMark.MOVE.isSet(db, cascade.queue(), worker.consumer()));
  }

  /** An attempt that was killed may have left the worker paused and a subscription behind. */
  private void finishEarlierChange(WorkerId worker, ConsumerState state)
      throws SQLException, InterruptedException {
    if (isOwnPause(worker)) {
      WorkerControl plain = new WorkerControl(cascade, worker);
      patience.map(plain::answeringWithin).orElse(plain).resume();
      releasePause(worker);
    } else if (state.paused()) {
      log.info(
          "worker '{}' of node '{}' is paused; to continue: resume {}",
          worker.consumer(),
          worker.node(),
          worker.node());
    }
    if (isNodeWorker(worker)) {
      new FormerSubscriptions(cascade).remove(worker.node());
    }
  }

  private boolean isSubscribed(WorkerId worker, String provider) throws SQLException {
    try {
      return cascade
          .call(provider, db -> NodeFunctions.getSubscribers(db, cascade.queue()))
          .stream()
          .anyMatch(subscriber -> subscriber.node().equals(worker.node()));
    } catch (UserError e) {
      log.debug("node {} cannot be queried: {}", provider, e.getMessage());
      return false;
    }
  }

  private boolean isNodeWorker(WorkerId worker) throws SQLException {
    return cascade
        .call(worker.node(), db -> NodeFunctions.getNodeInfo(db, cascade.queue()))
        .map(info -> info.worker().equals(worker.consumer()))
        .orElse(false);
  }

  /** The operator must see the original failure, so failures of the cleanup are only logged. */
  private void undo(WorkerControl control, String to, boolean isNodeWorker) {
    WorkerId worker = control.worker();
    try {
      if (!control.state().provider().equals(to) && (!isNodeWorker || isSubscribed(worker, to))) {
        unsubscribe(worker, to, isNodeWorker);
      }
    } catch (SQLException | UserError e) {
      log.warn("not known whether the provider was changed: {}", e.getMessage());
    }
  }

  private void requirePossible(WorkerId worker, ConsumerState before, String to)
      throws SQLException {
    if (before.nodeType() == NodeType.ROOT) {
      throw new UserError(
          "node '" + worker.node() + "' is the root: it has no provider",
          "to make another node the root: takeover");
    }
    if (worker.node().equals(to)) {
      throw new UserError("cannot subscribe to itself", "give another node as provider");
    }
    NodeInfo provider =
        cascade
            .call(to, db -> NodeFunctions.getNodeInfo(db, cascade.queue()))
            .orElseThrow(() -> new UserError("node '" + to + "' is not initialized", null));
    if (provider.type() == NodeType.LEAF) {
      throw new UserError(
          "Cannot subscribe to leaf node '" + to + "'", "only roots and branches can be providers");
    }
    requireNotBelow(worker.node(), to);
    if (isNodeWorker(worker)) {
      WorkerNames names = new WorkerNames(cascade, worker.node(), worker.consumer());
      cascade.call(
          to,
          db -> {
            names.requireFreeOn(db, to);
            return true;
          });
    }
  }

  /**
   * A node that reads from its own subtree would wait for itself. A node without subscribers has
   * none, so the nodes above the candidate, which may be lost, are not asked.
   */
  private void requireNotBelow(String node, String candidate) throws SQLException {
    if (cascade.call(node, db -> NodeFunctions.getSubscribers(db, cascade.queue())).isEmpty()) {
      return;
    }
    UpstreamWalk walk = cascade.upstream(candidate);
    while (walk.upcoming().isPresent() && !cascade.isDead(walk.upcoming().get().node())) {
      if (walk.upcoming().get().node().equals(node)) {
        throw new UserError(
            "node '" + candidate + "' is below '" + node + "', it cannot be its provider",
            "move '" + candidate + "' to another provider first");
      }
      walk.next();
    }
  }

  private void move(WorkerControl control, String to, boolean isNodeWorker)
      throws SQLException, InterruptedException {
    String queue = cascade.queue();
    WorkerId worker = control.worker();
    long tick = control.state().completedTick();
    awaitTick(to, tick);
    requireSameTick(worker.node(), to, tick);
    String location = cascade.member(worker.node()).location();
    cascade.call(
        to,
        db -> {
          Replies.check(
              to, NodeFunctions.registerLocation(db, queue, worker.node(), location, false));
          if (isNodeWorker) {
            subscribe(db, worker, to, tick);
          } else {
            PgqFunctions.registerConsumerAt(db, queue, worker.consumer(), tick);
          }
          return true;
        });
    cascade.call(
        worker.node(),
        db ->
            Replies.check(
                worker.node(),
                NodeFunctions.changeConsumerProvider(db, queue, worker.consumer(), to)));
  }

  /** Replaces a subscription that an earlier attempt left behind. */
  private void subscribe(Connection db, WorkerId worker, String to, long tick) throws SQLException {
    String queue = cascade.queue();
    boolean leftover =
        NodeFunctions.getSubscribers(db, queue).stream()
            .anyMatch(subscriber -> subscriber.node().equals(worker.node()));
    if (leftover) {
      NodeFunctions.unregisterSubscriber(db, queue, worker.node());
    }
    Reply reply =
        NodeFunctions.registerSubscriber(db, queue, worker.node(), worker.consumer(), tick).reply();
    Replies.check(to, reply);
  }

  /** Waits until the new provider has the worker's tick; it may be behind. */
  private void awaitTick(String provider, long tick) throws SQLException, InterruptedException {
    NodeObstacles obstacles = new NodeObstacles(cascade);
    boolean there =
        new Wait("node " + provider + " to have tick " + tick, () -> obstacles.above(provider))
            .atMost(Deadline.in(MAX_CATCH_UP))
            .until(() -> cascade.call(provider, db -> hasTick(db, provider, tick)));
    if (!there) {
      throw new UserError(
          "cannot reposition, tick not found: node '" + provider + "' has no tick " + tick,
          "is its worker running? See 'status'; the old provider stays");
    }
  }

  /**
   * After a failover a node may have ticks of the lost root that the new root does not have, and
   * the new root other ones with these numbers. A branch keeps the time of a tick; a leaf has no
   * ticks.
   */
  private void requireSameTick(String node, String provider, long tick) throws SQLException {
    Optional<Instant> here = knownTime(node, tick);
    Optional<Instant> there = knownTime(provider, tick);
    if (here.isPresent() && there.isPresent() && !here.equals(there)) {
      throw new UserError(
          "tick %d of node '%s' (%s) is not tick %d of node '%s' (%s): it has changes that node does not have"
              .formatted(tick, node, here.get(), tick, provider, there.get()),
          "drop-node %s, and create it again".formatted(node));
    }
  }

  private Optional<Instant> knownTime(String node, long tick) throws SQLException {
    return cascade
        .call(node, db -> timeOf(db, tick))
        .map(OffsetDateTime::toInstant)
        .filter(time -> !time.equals(NodePosition.UNKNOWN_TIME));
  }

  private Optional<OffsetDateTime> timeOf(Connection db, long tick) throws SQLException {
    return Sql.first(
        db, TICK_TIME, row -> row.getObject(1, OffsetDateTime.class), cascade.queue(), tick);
  }

  private boolean hasTick(Connection db, String provider, long tick) throws SQLException {
    if (timeOf(db, tick).isPresent()) {
      return true;
    }
    OptionalLong last = PgqFunctions.lastTick(db, cascade.queue());
    if (last.isPresent() && last.getAsLong() > tick) {
      throw new UserError(
          "cannot reposition, tick not found: node '" + provider + "' has no tick " + tick,
          "the worker has fallen behind what that node keeps; the old provider stays");
    }
    return false;
  }

  /**
   * Removes the old subscription. Until then it holds back the rotation of the old provider's
   * queue, and nothing else.
   */
  private void unsubscribe(WorkerId worker, String from, boolean isNodeWorker) {
    try {
      if (cascade.isDead(from)) {
        log.warn("node '{}' is dead, the subscription there stays", from);
        return;
      }
      cascade.call(
          from,
          db -> {
            if (isNodeWorker) {
              Replies.check(
                  from, NodeFunctions.unregisterSubscriber(db, cascade.queue(), worker.node()));
            } else {
              PgqFunctions.unregisterConsumer(db, cascade.queue(), worker.consumer());
            }
            return true;
          });
    } catch (SQLException | UserError e) {
      log.warn("[{}] old subscription of {} stays: {}", from, worker.node(), e.getMessage());
    }
  }
}
