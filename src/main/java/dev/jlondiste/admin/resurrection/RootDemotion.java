package dev.jlondiste.admin.resurrection;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.Replies;
import dev.jlondiste.admin.resurrection.Checkpoint.Step;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.cascade.NodeLocation;
import dev.jlondiste.cascade.Reply;
import dev.jlondiste.db.DurableCommit;
import dev.jlondiste.db.LockHolders;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.SqlFaults;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.PgqFunctions;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns the local node into a paused branch without lost events: steps 2 and 3 of {@link
 * Resurrection}. All but the ban on writing is one transaction.
 */
final class RootDemotion {
  private static final Logger log = LoggerFactory.getLogger(RootDemotion.class);
  private static final String LOCK_NOT_AVAILABLE = "55P03";
  private static final String LOCK_NODE =
      "select 1 from pgq_node.node_info where queue_name = ? for update";
  private static final String ADD_LOCATION =
      """
      insert into pgq_node.node_location (queue_name, node_name, node_location)
      select ?, ?, ?
       where not exists (select 1 from pgq_node.node_location
                          where queue_name = ? and node_name = ?)
      """;
  private static final String CONSUMERS =
      "select consumer_name, last_tick from pgq.get_consumer_info(?) order by 1";

  private final Cascade cascade;
  private final String queue;
  private final Checkpoint checkpoint;

  RootDemotion(Cascade cascade, Checkpoint checkpoint) {
    this.cascade = cascade;
    this.queue = cascade.queue();
    this.checkpoint = checkpoint;
  }

  /**
   * Demotes the node below the one that has the gravestone. When this returns, the file is complete
   * under its temporary name.
   */
  void perform(NodeInfo node, Gravestone gravestone, LostEventsFile file) throws SQLException {
    log.info("** Demote & pause local node **");
    if (node.isRoot()) {
      log.info("Node {} is root, demoting", node.name());
      cascade.local().call(db -> demote(db, 1, null));
    }
    checkpoint.reached(Step.CLOSED);
    try {
      cascade
          .local()
          .call(
              db -> {
                lock(db);
                if (node.isRoot()) {
                  demote(db, 2, null);
                }
                LostEvents lost = LostEvents.after(db, queue, gravestone.tick());
                long dumped = dump(db, lost, file);
                checkpoint.reached(Step.DUMPED);
                demoteBelow(db, node, gravestone);
                dropReaders(db, gravestone.tick());
                delete(db, lost, dumped);
                NodeFunctions.setConsumerCompleted(db, queue, node.worker(), gravestone.tick())
                    .orThrow();
                Resurrection.MARK.set(db, queue, file.path().toString());
                checkpoint.reached(Step.CHANGED);
                return true;
              });
    } catch (SQLException e) {
      if (SqlFaults.state(e).equals(LOCK_NOT_AVAILABLE)) {
        throw locked(e);
      }
      throw e;
    }
    checkpoint.reached(Step.COMMITTED);
  }

  private Reply demote(Connection db, int step, @Nullable String provider) throws SQLException {
    return Replies.check(
        NodeFunctions.call(
            db, "select * from pgq_node.demote_root(?, ?, ?)", queue, step, provider));
  }

  /** The node first, as the functions of the worker do, then the event tables. */
  private void lock(Connection db) throws SQLException {
    long millis = cascade.settings().lockTimeout().toMillis();
    Sql.run(db, "set local lock_timeout = " + millis);
    Sql.list(db, "select 1 from " + DurableCommit.JOINED, row -> 1);
    Sql.list(db, LOCK_NODE, row -> 1, queue);
    Sql.run(db, "lock table " + LostEvents.eventTable(db, queue) + " in exclusive mode");
  }

  private UserError locked(SQLException cause) throws SQLException {
    List<String> holders =
        cascade
            .local()
            .call(
                db -> {
                  List<String> tables = new ArrayList<>(LostEvents.eventTables(db, queue));
                  tables.add("pgq_node.node_info");
                  return LockHolders.of(db, tables, LockHolders.Mode.AGAINST_WRITERS);
                });
    return new UserError(
        "could not lock the event tables:\n  " + String.join("\n  ", holders),
        "end these sessions, then repeat the command",
        cause);
  }

  private long dump(Connection db, LostEvents lost, LostEventsFile file) throws SQLException {
    log.info("** Dump & delete lost events **");
    log.info("Dumping lost events");
    try (LostEventsFile.Writer out = file.create()) {
      long dumped = lost.forEach(db, out::write);
      out.complete();
      log.info("dumped_count: {}", dumped);
      return dumped;
    } catch (IOException e) {
      throw new UserError(
          "cannot write " + file.path() + ": " + e.getMessage(),
          "run the command in another directory; the node is closed, nothing else was changed",
          e);
    }
  }

  private void demoteBelow(Connection db, NodeInfo node, Gravestone gravestone)
      throws SQLException {
    String provider = gravestone.provider();
    Sql.run(db, ADD_LOCATION, queue, provider, gravestone.location(), queue, provider);
    if (node.isRoot()) {
      demote(db, 3, provider);
    } else {
      Replies.check(NodeFunctions.changeConsumerProvider(db, queue, node.worker(), provider));
    }
    Replies.check(NodeFunctions.setConsumerPaused(db, queue, node.worker(), true));
    for (NodeLocation member : gravestone.members()) {
      if (!member.node().equals(node.name())) {
        NodeFunctions.registerLocation(db, queue, member.node(), member.location(), member.dead())
            .orThrow();
      }
    }
  }

  private void dropReaders(Connection db, long tick) throws SQLException {
    log.info("** Dropping old subscribers and consumers **");
    for (NodeFunctions.Subscriber subscriber : NodeFunctions.getSubscribers(db, queue)) {
      log.info("Dropping old subscriber node: {}", subscriber.node());
      NodeFunctions.unregisterSubscriber(db, queue, subscriber.node()).orThrow();
    }
    for (Reader reader :
        Sql.list(db, CONSUMERS, row -> new Reader(row.getString(1), row.getLong(2)), queue)) {
      if (!reader.name().startsWith(".")) {
        log.info("Dropping old consumer: {}", reader.name());
        PgqFunctions.unregisterConsumer(db, queue, reader.name());
        continue;
      }
      log.info("Keeping consumer: {}", reader.name());
      if (reader.position() > tick) {
        PgqFunctions.registerConsumerAt(db, queue, reader.name(), tick);
      }
    }
  }

  /** A consumer of the queue. */
  private record Reader(String name, long position) {}

  private static void delete(Connection db, LostEvents lost, long dumped) throws SQLException {
    long deleted = lost.delete(db);
    log.info("deleted_count: {}", deleted);
    if (deleted != dumped) {
      throw new IllegalStateException(
          "dumped " + dumped + " events, but found " + deleted + " to delete");
    }
  }
}
