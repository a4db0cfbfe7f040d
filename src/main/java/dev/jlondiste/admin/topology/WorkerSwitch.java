package dev.jlondiste.admin.topology;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.NodeObstacles;
import dev.jlondiste.admin.Poll;
import dev.jlondiste.admin.Replies;
import dev.jlondiste.admin.WaitNotice;
import dev.jlondiste.cascade.ConsumerState;
import dev.jlondiste.cascade.FailingWorker;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeLocation;
import dev.jlondiste.cascade.NodeLock;
import dev.jlondiste.cascade.UnknownConsumer;
import dev.jlondiste.fault.UserError;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Pauses and resumes a worker, wherever it lives, and waits until it has confirmed. */
public final class WorkerSwitch {
  private static final Logger log = LoggerFactory.getLogger(WorkerSwitch.class);

  private final Cascade cascade;

  public WorkerSwitch(Cascade cascade) {
    this.cascade = cascade;
  }

  /** A consumer and the node it works for. */
  public record Worker(String node, String consumer) {}

  /**
   * The local node's worker, unless options name another node or consumer; looked up here first,
   * then on the other nodes, so that an ini file elsewhere can address a remote worker.
   */
  public Worker find(Optional<String> node, Optional<String> consumer) throws SQLException {
    if (node.isPresent()) {
      cascade.member(node.get());
      String name =
          consumer.isPresent()
              ? consumer.get()
              : cascade
                  .call(node.get(), db -> NodeFunctions.getNodeInfo(db, cascade.queue()))
                  .orElseThrow(
                      () -> new UserError("node '" + node.get() + "' is not initialized", null))
                  .worker();
      return new Worker(node.get(), name);
    }
    String wanted = consumer.orElse(cascade.settings().consumerName());
    List<String> places = new ArrayList<>();
    places.add(cascade.node().name());
    cascade.members().stream()
        .filter(member -> !member.dead())
        .map(NodeLocation::node)
        .filter(name -> !places.contains(name))
        .forEach(places::add);
    for (String place : places) {
      if (cascade.call(place, db -> NodeFunctions.getConsumers(db, cascade.queue())).stream()
          .anyMatch(known -> known.name().equals(wanted))) {
        return new Worker(place, wanted);
      }
    }
    throw new UserError(
        "Unknown consumer: " + cascade.queue() + "/" + wanted,
        "is job_name still the one the node was created with? The worker here is '"
            + cascade.node().worker()
            + "'; 'show-consumers' lists all");
  }

  public void pause(Worker worker) throws SQLException, InterruptedException {
    turn(worker, true);
  }

  public void resume(Worker worker) throws SQLException, InterruptedException {
    turn(worker, false);
  }

  /** Sets the flag without waiting: when the way back matters more than the confirmation. */
  void resumeWithoutWaiting(Worker worker) {
    try {
      setPaused(worker, false);
    } catch (SQLException | UserError e) {
      log.warn(
          "worker {} stays paused, run 'resume' on node {}: {}",
          worker.consumer(),
          worker.node(),
          e.getMessage());
    }
  }

  private void turn(Worker worker, boolean paused) throws SQLException, InterruptedException {
    setPaused(worker, paused);
    log.info("Waiting for worker to accept");
    try {
      awaitAnswer(worker, paused);
    } catch (InterruptedException e) {
      log.warn(
          "stopped waiting: '{}' stays tagged as {}, it will heed that when it runs",
          worker.consumer(),
          paused ? "paused" : "resumed");
      throw e;
    }
    log.info(
        "Consumer '{}' on node '{}' {}",
        worker.consumer(),
        worker.node(),
        paused ? "paused" : "resumed");
  }

  private void awaitAnswer(Worker worker, boolean paused)
      throws SQLException, InterruptedException {
    Poll.until(
        () -> {
          ConsumerState state = state(worker);
          if (state.paused() != paused) {
            throw new UserError(
                "somebody else has "
                    + (paused ? "resumed" : "paused")
                    + " worker "
                    + worker.consumer()
                    + " meanwhile",
                null);
          }
          return state.uptodate();
        },
        new WaitNotice(
            "worker " + worker.consumer() + " to answer (Ctrl-C ends the wait, the flag stays set)",
            () -> new NodeObstacles(cascade).ofWorker(worker.node(), worker.consumer())));
  }

  private void setPaused(Worker worker, boolean paused) throws SQLException {
    cascade.call(
        worker.node(),
        db -> {
          Replies.check(
              worker.node(),
              NodeFunctions.setConsumerPaused(db, cascade.queue(), worker.consumer(), paused));
          // One that does not run would not answer.
          return !paused
              && NodeLock.isHeld(db, cascade.queue(), worker.consumer())
              && FailingWorker.retryNow(db, cascade.queue(), worker.consumer());
        });
  }

  ConsumerState state(Worker worker) throws SQLException {
    try {
      return cascade.call(
          worker.node(),
          db -> NodeFunctions.getConsumerState(db, cascade.queue(), worker.consumer()));
    } catch (UnknownConsumer e) {
      throw new UserError(
          "[" + worker.node() + "] " + e.getMessage(), "'show-consumers' lists them", e);
    }
  }
}
