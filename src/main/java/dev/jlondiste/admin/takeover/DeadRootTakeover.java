package dev.jlondiste.admin.takeover;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.Replies;
import dev.jlondiste.admin.takeover.FailoverSurvey.Member;
import dev.jlondiste.admin.takeover.clients.ClientOptions;
import dev.jlondiste.admin.takeover.clients.ClientSwitch;
import dev.jlondiste.admin.takeover.clients.RootChange;
import dev.jlondiste.admin.topology.DeadTag;
import dev.jlondiste.admin.topology.FormerSubscriptions;
import dev.jlondiste.admin.topology.NodeConversion;
import dev.jlondiste.admin.topology.TickWait;
import dev.jlondiste.admin.waiting.Deadline;
import dev.jlondiste.admin.workers.PausedWorker;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.cascade.NodePosition;
import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cascade.Reply;
import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.db.DurableCommit;
import dev.jlondiste.db.Sql;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.PgqFunctions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Failover: a branch becomes the root in place of a root that is lost and is never connected to.
 *
 * <ol>
 *   <li>The lost root is tagged as dead on every live member.
 *   <li>The new root becomes a branch, if it is a leaf.
 *   <li>The new root catches up with the most advanced branch that read from the lost one.
 *   <li>The other nodes that read from the lost root, or from a node that is lost with it, move
 *       below the new one, so that none of them can get anything from the lost root that the new
 *       root does not have. A node from which the new root itself reads is paused instead, and
 *       moves after the promotion.
 *   <li>In one transaction the new root is promoted, and the consumer {@code R.gravestone} is
 *       registered at its last tick T. It keeps the events after T until the lost root R is
 *       resurrected or dropped.
 * </ol>
 *
 * <p>Killed anywhere, the same command completes it: positions and providers are read from the
 * databases, a worker that stayed paused is known by {@link FailoverMark} on the new root, and the
 * promotion is one transaction.
 */
public final class DeadRootTakeover {
  private static final Logger log = LoggerFactory.getLogger(DeadRootTakeover.class);
  private static final Duration MAX_CATCH_UP = Duration.ofMinutes(30);

  private final Cascade cascade;
  private final String queue;
  private final String old;
  private final String next;
  private final SubscriberMoves moves;
  private final ClientOptions clientOptions;

  /**
   * {@code next} takes the place of {@code old}.
   *
   * @param clients how the applications get to the new root
   */
  public DeadRootTakeover(Cascade cascade, String old, String next, ClientOptions clients) {
    this.cascade = cascade;
    this.queue = cascade.queue();
    this.old = old;
    this.next = next;
    this.moves = new SubscriberMoves(cascade);
    this.clientOptions = clients;
  }

  /** The name of the consumer that marks the last common tick with a lost root. */
  public static String gravestone(String lostRoot) {
    return lostRoot + ".gravestone";
  }

  /**
   * Performs the takeover, or what an interrupted one has left.
   *
   * @param tolerance what the new root may lack of the lost one
   */
  public void run(Tolerance tolerance) throws SQLException, InterruptedException {
    log.info("old: {}", old);
    if (cascade.findMember(old).isEmpty()) {
      throw new UserError("Unknown node: " + old, "'members' lists all nodes");
    }
    if (old.equals(next)) {
      log.info("same node?");
      return;
    }
    if (cascade.node().name().equals(old)) {
      throw new UserError(
          "node '" + old + "' is the local node, so it is not dead",
          "run the command with the ini file of the node that takes over");
    }
    cascade.assumeDead(old);
    FailoverSurvey survey = FailoverSurvey.of(cascade);
    Member successor = survey.require(next);
    boolean isResumed = FailoverMark.TAKEOVER.of(successor.node()).filter(old::equals).isPresent();
    if (successor.node().isRoot()) {
      requireGravestone(successor);
      if (!isResumed && survey.orphans().isEmpty()) {
        log.info("node '{}' has already taken over '{}'", next, old);
        reportGravestone();
        return;
      }
    } else {
      new FailoverChecks(cascade, survey, old).require(successor, tolerance);
      new NodeConversion(cascade).checkToBranch(next);
      requireNoObstacles();
    }
    new DeadTag(cascade)
        .set(List.of(old), true)
        .forEach(member -> moves.failed(member.node(), member.reason()));
    cascade.call(next, this::mark);
    moves.finishEarlier(survey);
    if (isResumed) {
      resumeLeftovers(survey);
    }
    if (!successor.node().isRoot()) {
      if (successor.node().type() == NodeType.LEAF || isResumed) {
        new NodeConversion(cascade).requireBranch(next);
      }
      catchUp();
      promote();
    }
    clients().opened().forEach(log::warn);
    moveRest();
    complete();
    new TickerCheck(cascade, next).run();
  }

  private void requireNoObstacles() throws SQLException {
    List<String> obstacles = clients().obstacles();
    if (!obstacles.isEmpty()) {
      throw new UserError(
          "the applications cannot be moved as requested:" + RootTakeover.lines(obstacles),
          "nothing was changed");
    }
  }

  private ClientSwitch clients() throws SQLException {
    return clientOptions.switchFor(
        new RootChange(
            queue,
            old,
            ConnectionString.parse(cascade.member(old).location()),
            next,
            ConnectionString.parse(cascade.member(next).location())));
  }

  private void requireGravestone(Member root) {
    String worker = root.subscriber(old).map(NodeFunctions.Subscriber::worker).orElse("");
    if (!worker.equals(gravestone(old))) {
      throw new UserError(
          "node '%s' is the root, and node '%s' was not it before".formatted(next, old),
          "a branch that is lost: takeover " + old + " --dead-branch; nothing was changed");
    }
  }

  private boolean mark(Connection db) throws SQLException {
    FailoverMark.TAKEOVER.set(db, queue, old);
    return true;
  }

  /** A command that was killed may have left the workers paused that it was about to move. */
  private void resumeLeftovers(FailoverSurvey survey) throws InterruptedException {
    for (Member member : survey.members()) {
      boolean isConcerned =
          member.name().equals(next) || member.readsFrom(next) || survey.isOrphan(member);
      if (isConcerned && member.node().paused()) {
        moves.resume(member.node());
      }
    }
  }

  /** Repeats until no branch below the lost root is ahead: until now they could still read. */
  private void catchUp() throws SQLException, InterruptedException {
    FailoverSurvey survey = FailoverSurvey.of(cascade);
    Optional<Member> ahead = FailoverChecks.mostAdvanced(survey, survey.require(next));
    while (ahead.isPresent()) {
      Member source = ahead.get();
      log.info(
          "node '{}' is ahead of '{}': tick {}, not {}",
          source.name(),
          next,
          source.completed(),
          survey.require(next).completed());
      addMissingTick(source);
      if (!survey.isBelow(next, source.name())) {
        moves.require(survey.require(next).node(), source.name());
      }
      new TickWait(cascade).forNode(next, source.completed(), Deadline.in(MAX_CATCH_UP));
      survey = FailoverSurvey.of(cascade);
      ahead = FailoverChecks.mostAdvanced(survey, survey.require(next));
    }
  }

  private void promote() throws SQLException, InterruptedException {
    FailoverSurvey survey = FailoverSurvey.of(cascade);
    addMissingTick(survey.require(next));
    Optional<NodeInfo> above = Optional.empty();
    for (Member reader : survey.orphans()) {
      if (survey.isBelow(next, reader.name())) {
        above = Optional.of(reader.node());
      } else if (!reader.name().equals(next)) {
        moves.attempt(reader.node(), next);
      }
    }
    if (above.isEmpty()) {
      promotePaused(survey.require(next).node());
      return;
    }
    // It must not get anything from the lost root that the new root does not get from it any more.
    try (PausedWorker fenced = PausedWorker.pause(moves.control(above.get()))) {
      fenced.awaitConfirmation();
      String name = above.get().name();
      long reached = cascade.call(name, db -> FailoverSurvey.read(db, queue, name)).completed();
      new TickWait(cascade).forNode(next, reached, Deadline.in(MAX_CATCH_UP));
      promotePaused(survey.require(next).node());
      moves.attempt(above.get(), next);
    }
  }

  private void promotePaused(NodeInfo node) throws SQLException, InterruptedException {
    try (PausedWorker paused = PausedWorker.pause(moves.control(node))) {
      paused.awaitConfirmation();
      FailoverSurvey survey = FailoverSurvey.of(cascade);
      Member successor = survey.require(next);
      addMissingTick(successor);
      FailoverChecks.mostAdvanced(survey, successor)
          .ifPresent(
              ahead -> {
                throw new UserError(
                    "node '%s' is ahead of '%s' again: it still reads from '%s'"
                        .formatted(ahead.name(), next, old),
                    "is '" + old + "' really dead? Stop it, then repeat the command");
              });
      cascade.call(next, this::open);
      paused.resume();
    }
  }

  private boolean open(Connection db) throws SQLException {
    Sql.list(db, "select 1 from " + DurableCommit.JOINED, row -> 1);
    Reply promoted = Replies.check(next, NodeFunctions.promoteBranch(db, queue));
    if (promoted.code() != 200) {
      throw new UserError("[" + next + "] " + promoted.note(), null);
    }
    boolean leftover =
        NodeFunctions.getSubscribers(db, queue).stream()
            .anyMatch(subscriber -> subscriber.node().equals(old));
    if (leftover) {
      NodeFunctions.unregisterSubscriber(db, queue, old).orThrow();
    }
    new FailoverMark(TakeoverMark.KEY)
        .remove(db, queue); // of a takeover of the root, when it was alive
    long last = PgqFunctions.lastTick(db, queue).orElseThrow();
    Replies.check(
        next, NodeFunctions.registerSubscriber(db, queue, old, gravestone(old), last).reply());
    return true;
  }

  /** Moves nodes that an earlier attempt did not reach. */
  private void moveRest() throws SQLException, InterruptedException {
    FailoverSurvey survey = FailoverSurvey.of(cascade);
    long last =
        cascade
            .call(next, db -> PgqFunctions.consumerPosition(db, queue, gravestone(old)))
            .orElseThrow();
    for (Member reader : survey.orphans()) {
      if (moves.hasFailed(reader.name())) {
        continue;
      }
      if (reader.completed() > last) {
        moves.failed(
            reader.name(),
            "it has changes of '%s' after tick %d that no other node has; drop-node %s, then create it again"
                .formatted(old, last, reader.name()));
      } else {
        moves.attempt(reader.node(), next);
      }
    }
    survey.unreached().forEach(moves::failed);
  }

  private void complete() throws SQLException {
    reportGravestone();
    reportUnknown();
    new FormerSubscriptions(cascade).remove(next);
    moves.requireAllMoved(next, "takeover " + old + " --dead-root");
    cascade.call(
        next,
        db -> {
          FailoverMark.TAKEOVER.remove(db, queue);
          return true;
        });
  }

  private void reportGravestone() throws SQLException {
    OptionalLong tick =
        cascade.call(next, db -> PgqFunctions.consumerPosition(db, queue, gravestone(old)));
    log.info(
        "consumers {} and .{}.watermark on node '{}' keep all events after tick {}: its event"
            + " tables grow until 'resurrect' with the ini file of '{}', or 'drop-node {}'",
        gravestone(old),
        old,
        next,
        tick.isPresent() ? tick.getAsLong() : "?",
        old,
        old);
  }

  /** Nodes of {@code --dead} that are not tagged as dead. */
  private void reportUnknown() throws SQLException {
    cascade.call(next, db -> NodeFunctions.getQueueLocations(db, queue)).stream()
        .filter(member -> !member.dead())
        .forEach(
            member -> {
              if (isAssumedDead(member.node())) {
                log.warn(
                    "node '{}' was left out; if it is back: 'takeover {} --dead-root' again,"
                        + " otherwise: tag-dead {}",
                    member.node(),
                    old,
                    member.node());
              }
            });
  }

  private boolean isAssumedDead(String name) {
    try {
      return cascade.isDead(name);
    } catch (SQLException | UserError e) {
      return false;
    }
  }

  private void addMissingTick(Member branch) throws SQLException {
    OptionalLong missing = cascade.call(branch.name(), db -> MissingTick.find(db, queue));
    if (missing.isEmpty() || branch.node().isRoot() || !branch.canBeProvider()) {
      return;
    }
    long tick = missing.getAsLong();
    Instant time = timeOf(tick).orElse(NodePosition.UNKNOWN_TIME);
    log.info("[{}] Adding tick {}, which its worker has completed", branch.name(), tick);
    try {
      cascade.call(
          branch.name(),
          db -> {
            MissingTick.create(db, queue, tick, time);
            return true;
          });
    } catch (SQLException e) {
      if (timeOf(branch, tick).isEmpty()) {
        throw e;
      }
      log.info("[{}] Its worker has added the tick itself", branch.name()); // it runs meanwhile
    }
  }

  private Optional<Instant> timeOf(Member member, long tick) throws SQLException {
    return cascade.call(member.name(), db -> MissingTick.time(db, queue, tick));
  }

  private Optional<Instant> timeOf(long tick) throws SQLException {
    for (Member member : FailoverSurvey.of(cascade).members()) {
      Optional<Instant> time = timeOf(member, tick);
      if (time.isPresent()) {
        return time;
      }
    }
    return Optional.empty();
  }
}
