package dev.jlondiste.cascade;

import dev.jlondiste.cascade.BatchApplication.Applied;
import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.db.Conversation;
import dev.jlondiste.db.Database;
import dev.jlondiste.loop.Outcome;
import dev.jlondiste.loop.Work;
import dev.jlondiste.metrics.Meters;
import dev.jlondiste.pgq.Batch;
import dev.jlondiste.pgq.BatchLimits;
import dev.jlondiste.pgq.PgqFunctions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The worker of one node. Each step applies one batch from the provider to this database. The
 * worker can be stopped at any point: the changes of the batch and the node's position are
 * committed together in this database, and the batch is finished on the provider afterwards. If the
 * provider misses that, it offers the batch again, and the position shows that the batch is already
 * applied. Called by one thread only.
 */
public final class CascadedWorker implements Work {
  private static final Logger log = LoggerFactory.getLogger(CascadedWorker.class);

  private final Supplier<NodeSettings> settings;
  private final Database local;
  private final Database batches;
  private final RemoteNodes remote;
  private final BatchApplier applier;
  private final BatchApplication application;
  private final NodePosition position;
  private final QueueCopy queueCopy;
  private final Watermarks watermarks;
  private final RootDuties rootDuties;
  private final SyncWatermark syncWatermark;
  private final WorkerStatistics statistics;
  private final CatchUp catchUp;
  private final CachedWorkerStatus cachedStatus;
  private final Clock clock;
  private final Caution caution = new Caution();
  private final Trouble trouble = new Trouble();
  private Runnable whenChanged = () -> {};

  /**
   * Creates the worker of a node.
   *
   * @param settings read for every step, so a reload takes effect with the next step
   * @param batches the same database as {@code local}, with the sessions in which batches are
   *     applied
   */
  public CascadedWorker(
      Supplier<NodeSettings> settings,
      Database local,
      Database batches,
      RemoteNodes remote,
      BatchApplier applier,
      Meters meters,
      Clock clock) {
    this.settings = settings;
    this.local = local;
    this.batches = batches;
    this.remote = remote;
    this.applier = applier;
    String queue = settings.get().queueName();
    String consumer = settings.get().consumerName();
    this.position = new NodePosition(queue, consumer);
    this.queueCopy = new QueueCopy(queue);
    this.watermarks = new Watermarks(queue, clock);
    this.rootDuties = new RootDuties(queue, watermarks, applier, clock);
    this.statistics = new WorkerStatistics(consumer, meters, clock);
    this.catchUp = new CatchUp();
    this.clock = clock;
    this.cachedStatus = new CachedWorkerStatus(clock);
    this.syncWatermark = new SyncWatermark(queue);
    this.application = new BatchApplication(queue, position, queueCopy, applier, syncWatermark);
  }

  /**
   * Sets what is called when a command has changed the worker's row: role, provider or pause.
   * Called before the first step.
   */
  public void whenChanged(Runnable task) {
    whenChanged = task;
  }

  @Override
  public Outcome runOnce() throws SQLException, InterruptedException {
    boolean done = false;
    try {
      Outcome outcome = step();
      done = true;
      return outcome;
    } finally {
      if (!done) {
        cachedStatus.forget();
      }
    }
  }

  @Override
  public void close() {
    statistics.flush();
  }

  private Outcome step() throws SQLException, InterruptedException {
    NodeSettings now = settings.get();
    Optional<NodeFunctions.WorkerStatus> recent = cachedStatus.notOlderThan(now.job().loopDelay());
    NodeFunctions.WorkerStatus status = recent.isPresent() ? recent.get() : readStatus(now);
    ConsumerState state = status.state();
    if (state.paused()) {
      return Outcome.IDLE;
    }
    if (state.nodeType() == NodeType.ROOT) {
      rootDuties.perform(local, now);
      recover(now);
      return Outcome.IDLE;
    }
    // Behind a combined branch the rows and their copies are the business of its worker.
    BatchDecision decision =
        CascadeRole.of(status.node()) == CascadeRole.WAIT_BEHIND
            ? BatchDecision.SINGLE_TICK
            : applier.beforeBatch(state, recent.isPresent());
    return decision == BatchDecision.WAIT ? Outcome.IDLE : moveBatch(now, status, decision);
  }

  private NodeFunctions.WorkerStatus readStatus(NodeSettings now) throws SQLException {
    cachedStatus.forget();
    NodeFunctions.WorkerStatus status = confirmState(now);
    CascadeRole role = CascadeRole.of(status.node());
    if (!status.state().paused() && (role == CascadeRole.LEAF || role == CascadeRole.BRANCH)) {
      cachedStatus.store(status);
    }
    return status;
  }

  /** The fault that stops the worker. */
  Trouble trouble() {
    return trouble;
  }

  /** Records that the worker is idle and both databases were reached. */
  private void recover(NodeSettings now) throws SQLException {
    caution.reset();
    if (trouble.isOpen()) {
      local.call(
          db ->
              NodeFunctions.setConsumerError(db, now.queueName(), now.consumerName(), null)
                  .orThrow());
      trouble
          .end(clock.instant())
          .ifPresent(
              count -> log.info("Job {}: working again after {}", now.job().jobName(), count));
    }
  }

  /**
   * Confirms to admin commands that the worker has seen the last change of its row, also while it
   * is paused.
   */
  private NodeFunctions.WorkerStatus confirmState(NodeSettings now) throws SQLException {
    String queue = now.queueName();
    String consumer = now.consumerName();
    return local.ask(
        db -> {
          NodeFunctions.WorkerStatus status = NodeFunctions.getWorkerStatus(db, queue, consumer);
          ConsumerState state = status.state();
          if (!state.uptodate()) {
            whenChanged.run();
            log.info(NodeFunctions.setConsumerUptodate(db, queue, consumer, true).orThrow().note());
          }
          // The error stays until a batch succeeds, even if another process stored it.
          state.error().ifPresent(stored -> trouble.remember(stored, clock.instant()));
          return status;
        });
  }

  private Outcome moveBatch(
      NodeSettings now, NodeFunctions.WorkerStatus status, BatchDecision decision)
      throws SQLException, InterruptedException {
    ConsumerState state = status.state();
    NodeInfo node = status.node();
    CascadeRole role = CascadeRole.of(node);
    try (Connection provider = connect(state);
        Connection here = (role == CascadeRole.WAIT_BEHIND ? local : batches).open()) {
      // An open transaction would hold back vacuum there, and no two statements belong together.
      provider.setAutoCommit(true);
      Optional<Batch> next = nextBatch(provider, now, decision, role);
      if (next.isEmpty()
          || (role == CascadeRole.WAIT_BEHIND
              && next.get().currentTick() > state.completedTick())) {
        recover(now);
        catchUp.caughtUp();
        statistics.idle(now.consumer().keepaliveStats());
        return Outcome.IDLE;
      }
      Batch batch = next.get();
      boolean isBehind = role == CascadeRole.MERGE_INTO_ROOT && isBehind(batch, state);
      if (isBehind && batch.currentTick() > state.completedTick()) {
        return reopenAt(provider, now, state.completedTick());
      }
      statistics.begin();
      Optional<Applied> applied;
      try {
        CascadeRole as = isBehind ? CascadeRole.WAIT_BEHIND : role;
        applied =
            apply(new BatchAttempt(batch, node, as, provider, here, state.providerLocation()));
      } catch (LostPosition lost) {
        return restoreProviderPosition(provider, now, lost);
      }
      if (applied.isEmpty()) {
        cachedStatus.forget();
        return Outcome.BUSY;
      }
      Map<String, Long> counters = applied.get().counters();
      if (!applied.get().complete()) {
        caution.applied();
        statistics.end(counters, batch);
        return Outcome.BUSY;
      }
      cachedStatus.moveTo(batch.currentTick());
      if (role == CascadeRole.BRANCH) {
        queueCopy.tick(here, batch);
        here.commit();
      }
      reportWatermark(provider, here, batch, now);
      PgqFunctions.finishStoredBatch(provider, batch.id());
      completed(batch, now);
      catchUp.applied(statistics.end(counters, batch));
      return Outcome.BUSY;
    }
  }

  /**
   * True for a batch of a merge leaf whose combined queue has become the root here: while the leaf
   * waited behind it, the combined queue has delivered the batch, or its first ticks.
   */
  private boolean isBehind(Batch batch, ConsumerState state) {
    return batch.previousTick() < state.completedTick()
        && !position.hasCompleted(state.completedTick());
  }

  /** Begins a batch at a tick inside the present one, which was opened for several ticks. */
  private Outcome reopenAt(Connection provider, NodeSettings now, long tick) throws SQLException {
    log.info("The combined queue has delivered the events up to tick {}, continuing there", tick);
    PgqFunctions.registerConsumerAt(provider, now.queueName(), now.consumerName(), tick);
    return Outcome.BUSY;
  }

  private Connection connect(ConsumerState state) throws SQLException {
    try {
      return remote.at(state.providerLocation()).open();
    } catch (SQLException e) {
      throw UnreachableProvider.of(state.provider(), e);
    }
  }

  private Optional<Applied> apply(BatchAttempt attempt) throws SQLException, InterruptedException {
    Batch batch = attempt.batch();
    try {
      return applyWithinHeap(attempt);
    } catch (PartOfAnotherTick e) {
      if (!caution.narrowTo(e.tick(), batch)) {
        throw e;
      }
      attempt.local().rollback();
      return Optional.empty();
    } catch (LostPosition e) {
      throw e; // not caused by an event
    } catch (SQLException | RuntimeException e) {
      boolean wasCareful = caution.isCareful();
      caution.failed(e, batch, application.handled());
      if (e instanceof RefusedEvent refused && isSetAside(refused, batch, attempt.local())) {
        return Optional.empty();
      }
      if (applier.skipsCauseOf(e, wasCareful)) {
        log.info(
            "Job {}: applying the events of a batch one by one, to skip those that are the cause: {}",
            settings.get().job().jobName(),
            e.getMessage());
        attempt.local().rollback();
        return Optional.empty();
      }
      throw e;
    }
  }

  private Optional<Applied> applyWithinHeap(BatchAttempt attempt)
      throws SQLException, InterruptedException {
    try {
      return application.apply(attempt, caution, trouble);
    } catch (OutOfMemoryError e) {
      // The interrupt may have left a message half read.
      Conversation.cut(attempt.provider());
      Conversation.cut(attempt.local());
      throw OutOfHeap.in(attempt.batch(), remote.at(attempt.providerLocation()), e);
    }
  }

  private boolean isSetAside(RefusedEvent refused, Batch batch, Connection here) {
    try {
      here.rollback(); // releases the position
      return applier.setAside(refused, batch.previousTick());
    } catch (SQLException | RuntimeException e) {
      refused.addSuppressed(e);
      return false;
    }
  }

  private void completed(Batch batch, NodeSettings now) {
    caution.completed(batch.currentTick());
    if (!caution.isActive()) {
      trouble
          .end(clock.instant())
          .ifPresent(count -> log.info("Job {}: applied after {}", now.job().jobName(), count));
    }
  }

  /**
   * Finishes lost batches on the provider again. The provider does not wait for its disk when a
   * batch is finished, so a crash can lose that. Any other difference of the positions requires an
   * operator.
   */
  private Outcome restoreProviderPosition(Connection provider, NodeSettings now, LostPosition lost)
      throws SQLException {
    cachedStatus.forget();
    TwoPositions positions =
        TwoPositions.of(provider, now.queueName(), now.consumerName(), lost.completed());
    if (!positions.isLostOnProvider(lost.completedTime())) {
      throw lost.because(positions.advice(lost.completedTime()));
    }
    log.info(
        "The provider lost the position of ticks {} to {} in a crash, setting it again",
        lost.batch().previousTick() + 1,
        lost.completed());
    PgqFunctions.registerConsumerAt(
        provider, now.queueName(), now.consumerName(), lost.completed());
    return Outcome.BUSY;
  }

  private Optional<Batch> nextBatch(
      Connection provider, NodeSettings now, BatchDecision decision, CascadeRole role)
      throws SQLException {
    String queue = now.queueName();
    String consumer = now.consumerName();
    BatchLimits limits = CatchUp.configured(now);
    if (decision != BatchDecision.SINGLE_TICK && !caution.isTickByTick()) {
      return role.mayMergeTicks()
          ? catchUp.nextBatch(provider, queue, consumer, limits)
          : PgqFunctions.nextBatch(provider, queue, consumer, limits);
    }
    Optional<Batch> next = PgqFunctions.nextBatch(provider, queue, consumer, limits.unmerged());
    if (next.filter(caution::isToBeReopened).isEmpty()) {
      return next;
    }
    PgqFunctions.registerConsumerAt(provider, queue, consumer, next.get().previousTick());
    return PgqFunctions.nextBatch(provider, queue, consumer, limits.unmerged());
  }

  private void reportWatermark(Connection provider, Connection here, Batch batch, NodeSettings now)
      throws SQLException {
    if (!watermarks.isLocalDue(now)) {
      return;
    }
    NodeInfo node = NodeFunctions.getNodeInfo(here, now.queueName()).orElseThrow();
    here.commit();
    long wanted =
        SyncWatermark.isConfigured(node)
            ? batch.previousTick()
            : node.localWatermark().orElse(batch.previousTick());
    watermarks.reportLocal(provider, node.name(), wanted, batch);
    syncWatermark.publish(node, local, remote);
  }
}
