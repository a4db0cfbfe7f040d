package dev.jlondiste.admin.resurrection;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.Replies;
import dev.jlondiste.admin.resurrection.Checkpoint.Step;
import dev.jlondiste.admin.takeover.FailoverMark;
import dev.jlondiste.admin.takeover.TakeoverMark;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.cascade.NodeLocation;
import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.fault.UserError;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A former root, which another node has replaced as dead, becomes a branch of that node.
 *
 * <ol>
 *   <li>The gravestone is found: the tick T that is the last one in common, and the provider.
 *   <li>Writing is disabled.
 *   <li>One transaction: it locks the event tables and inserts a last tick, so that no event can
 *       follow. It writes the events after T to a temporary file, which is on disk before anything
 *       is changed. Then the node becomes a paused branch at T, its old subscribers and consumers
 *       and exactly the dumped events are removed, and a mark with the name of the file is set.
 *   <li>The file gets its name; the provider replaces the gravestone by a subscription at T; the
 *       global watermark is imported; the members are told that the node is alive; the mark is
 *       removed.
 * </ol>
 *
 * <p>Killed before the commit of step 3, nothing but the ban on writing has changed, and the
 * command starts over. Killed after it, the mark tells the command to continue with step 4, each
 * part of which can be repeated; the file is then the only copy of the lost events and is not
 * written again.
 */
public final class Resurrection {
  private static final Logger log = LoggerFactory.getLogger(Resurrection.class);

  /** From the commit of step 3 to the end: the name of the file. */
  static final FailoverMark MARK = new FailoverMark("resurrect");

  private final Cascade cascade;
  private final String queue;
  private final Path directory;
  private final Checkpoint checkpoint;

  /** {@code directory} is where the file of lost events is written. */
  public Resurrection(Cascade cascade, Path directory) {
    this(cascade, directory, step -> {});
  }

  Resurrection(Cascade cascade, Path directory, Checkpoint checkpoint) {
    this.cascade = cascade;
    this.queue = cascade.queue();
    this.directory = directory;
    this.checkpoint = checkpoint;
  }

  /**
   * Resurrects the local node, or completes what an interrupted command has begun.
   *
   * @param sql where to write the lost events as SQL
   */
  public void run(Optional<Path> sql) throws SQLException {
    NodeInfo node = cascade.node();
    if (node.type() == NodeType.LEAF) {
      log.info("Current node is leaf, nothing to do");
      return;
    }
    LostEventsFile file = LostEventsFile.in(directory);
    Optional<String> begun = MARK.of(node);
    if (begun.isPresent()) {
      log.info("continuing an interrupted resurrection");
      complete(node, LostEventsFile.at(Path.of(begun.get())), sql);
      return;
    }
    if (file.exists()) {
      if (sql.isEmpty() || node.isRoot()) {
        throw new UserError(
            "Dump file exists, cannot perform resurrection: " + file.path(),
            "it has lost events of an earlier resurrection: move it away");
      }
      log.info("{} exists, only the SQL is written", file.path());
      new LostEventReport(cascade, file).writeSql(sql.get());
      return;
    }
    log.info("** Searching for gravestone **");
    Gravestone gravestone = Gravestone.find(cascade);
    new RootDemotion(cascade, checkpoint).perform(node, gravestone, file);
    cascade.forget();
    complete(cascade.node(), file, sql);
  }

  private void complete(NodeInfo node, LostEventsFile file, Optional<Path> sql)
      throws SQLException {
    publish(file);
    checkpoint.reached(Step.PUBLISHED);
    String provider = node.provider().orElseThrow();
    long tick = node.lastTick().orElseThrow();
    OptionalLong watermark = cascade.call(provider, db -> subscribe(db, provider, node, tick));
    checkpoint.reached(Step.SUBSCRIBED);
    if (watermark.isPresent()) {
      cascade
          .local()
          .call(
              db ->
                  Replies.check(
                      NodeFunctions.setGlobalWatermark(db, queue, watermark.getAsLong())));
    }
    checkpoint.reached(Step.WATERMARK_SET);
    tagAlive(node.name());
    checkpoint.reached(Step.ALIVE);
    if (file.exists()) {
      LostEventReport report = new LostEventReport(cascade, file);
      sql.ifPresent(report::writeSql);
      report.log(sql);
    }
    cascade
        .local()
        .run(
            db -> {
              new FailoverMark(TakeoverMark.KEY).remove(db, queue); // of one before the loss
              MARK.remove(db, queue);
            });
    log.info("** Resurrection done, worker paused **");
  }

  private static void publish(LostEventsFile file) {
    try {
      file.publish();
    } catch (IOException e) {
      throw new UserError("cannot rename " + file.path() + ".tmp: " + e.getMessage(), null, e);
    }
    if (file.exists()) {
      log.info("lost events are in {}", file.path());
    } else {
      log.warn("{} does not exist any more", file.path());
    }
  }

  private OptionalLong subscribe(Connection db, String provider, NodeInfo node, long tick)
      throws SQLException {
    Optional<NodeFunctions.Subscriber> known =
        NodeFunctions.getSubscribers(db, queue).stream()
            .filter(subscriber -> subscriber.node().equals(node.name()))
            .findFirst();
    if (known.isPresent() && known.get().worker().equals(node.worker())) {
      return NodeFunctions.getNodeInfo(db, queue).orElseThrow().globalWatermark();
    }
    if (known.isPresent()) {
      Replies.check(provider, NodeFunctions.unregisterSubscriber(db, queue, node.name()));
    }
    NodeFunctions.Subscription subscription =
        NodeFunctions.registerSubscriber(db, queue, node.name(), node.worker(), tick);
    Replies.check(provider, subscription.reply());
    return subscription.globalWatermark();
  }

  /** The root also sends an event, which reaches members that do not answer now. */
  private void tagAlive(String name) throws SQLException {
    for (NodeLocation member : cascade.members()) {
      if (member.dead() || member.node().equals(name)) {
        continue;
      }
      try {
        cascade.call(
            member.node(),
            db ->
                Replies.check(
                    member.node(), NodeFunctions.registerLocation(db, queue, name, null, false)));
      } catch (SQLException | UserError e) {
        log.warn("[{}] not told that '{}' is alive: {}", member.node(), name, e.getMessage());
      }
    }
  }
}
