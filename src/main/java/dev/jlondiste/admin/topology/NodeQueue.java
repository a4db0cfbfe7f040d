package dev.jlondiste.admin.topology;

import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodePosition;
import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.db.LockHolders;
import dev.jlondiste.db.Sql;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.loop.ShortLocks;
import dev.jlondiste.pgq.PgqFunctions;
import dev.jlondiste.pgq.TickSettings;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Creates the queue by which a leaf becomes a branch, and drops it again. Each is one transaction
 * of the caller, with the change of the node's type. Uses no functions that the SQL of PgQ and
 * Londiste does not have; the tables that have no function for it are updated directly.
 */
final class NodeQueue {
  private static final String WATERMARK = ".global_watermark";

  private static final String TICK =
      """
      select t.tick_time, t.tick_event_seq, q.queue_rotation_period::text as rotation_period
        from pgq.queue q join pgq.tick t on t.tick_queue = q.queue_id
       where q.queue_name = ? and t.tick_id = ?
      """;

  private static final String IS_PAUSED =
      """
      select paused and uptodate
        from pgq_node.local_state
       where queue_name = ? and consumer_name = ?
         for update
      """;

  private static final String CLOSE =
      """
      update pgq.queue
         set queue_external_ticker = true, queue_disable_insert = true
       where queue_name = ?
      """;

  private static final String NO_TICKS =
      """
      delete from pgq.tick t
       using pgq.queue q
       where q.queue_name = ? and t.tick_queue = q.queue_id
      """;

  private static final String CONVERT =
      "update pgq_node.node_info set node_type = ? where queue_name = ? and node_type = ?";

  private static final String OTHER_CONSUMERS =
      """
      select consumer_name
        from pgq.get_consumer_info(?)
       where consumer_name <> ?
       order by 1
      """;

  /** Locked in the order in which pgq.drop_queue locks them. */
  private static final String EVENT_TABLES =
      """
      select queue_data_pfx || n.suffix
        from pgq.queue q
       cross join (select '_' || generate_series(0, 2) union all select '') n (suffix)
       where queue_name = ?
      """;

  private final String queue;
  private final String node;
  private final String worker;

  private static final String HIGHEST_EVENT =
      """
      select coalesce(max(t.tick_event_seq), 0)
        from pgq.tick t join pgq.queue q on q.queue_id = t.tick_queue
       where q.queue_name = ?
      """;

  /** More events than a queue has in its life. */
  private static final long EVENTS_OF_A_LIFE = 1L << 40;

  /**
   * The tick at which a queue begins, and the settings of the provider's queue.
   *
   * @param rotationPeriod empty: the default
   */
  record Begin(
      long tick,
      Instant time,
      long eventSeq,
      Optional<String> rotationPeriod,
      TickSettings settings) {

    /**
     * Where the provider is lost. New events get numbers above those of all events that any node
     * has, since a batch of several ticks is ordered by them.
     *
     * @param highestEvent on the live nodes, see {@link #highestEvent}
     */
    static Begin withoutProvider(long tick, Instant time, long highestEvent) {
      return new Begin(
          tick, time, highestEvent + EVENTS_OF_A_LIFE, Optional.empty(), TickSettings.LOW_LATENCY);
    }
  }

  NodeQueue(String queue, String node, String worker) {
    this.queue = queue;
    this.node = node;
    this.worker = worker;
  }

  /** Reads a tick that the node has completed. Its subscription keeps it on the provider. */
  Optional<Begin> begin(Connection provider, long tick) throws SQLException {
    TickSettings settings = TickSettings.chosenFor(provider, queue);
    return Sql.first(provider, TICK, row -> begin(row, tick, settings), queue, tick);
  }

  private static Begin begin(ResultSet row, long tick, TickSettings settings) throws SQLException {
    return new Begin(
        tick,
        row.getObject("tick_time", OffsetDateTime.class).toInstant(),
        row.getLong("tick_event_seq"),
        Optional.of(row.getString("rotation_period")),
        settings);
  }

  /** The event sequence at the newest tick of a node's queue; 0 if it has none. */
  static long highestEvent(Connection db, String queue) throws SQLException {
    return Sql.one(db, HIGHEST_EVENT, row -> row.getLong(1), queue);
  }

  /**
   * Turns the leaf into a branch whose queue begins at the tick that its worker has completed. The
   * worker must have confirmed its pause: a batch that it had begun as the worker of a leaf would
   * not be copied to the queue. The row is locked, so the worker cannot be resumed meanwhile.
   */
  void create(Connection db, Begin begin) throws SQLException {
    requirePaused(db);
    if (!new NodePosition(queue, worker).holdAt(db, begin.tick())) {
      throw new UserError(
          "the worker of node '"
              + node
              + "' is no longer at tick "
              + begin.tick()
              + ", or has applied a part of the next one",
          "repeat the command when it has completed that tick");
    }
    if (Sql.one(db, "select pgq.create_queue(?)", row -> row.getInt(1), queue) != 1) {
      throw new UserError(
          "node '" + node + "' is a leaf, but its database has a queue '" + queue + "'",
          "if nothing uses that queue: qadmin -c \"drop queue " + queue + "\"");
    }
    Sql.run(db, CLOSE, queue);
    Sql.run(db, NO_TICKS, queue); // create_queue has inserted tick 1, which is not of this cascade
    PgqFunctions.tickFromOutside(db, queue, begin.tick(), begin.time(), begin.eventSeq());
    PgqFunctions.registerConsumerAt(db, queue, WATERMARK, begin.tick());
    if (begin.rotationPeriod().isPresent()) {
      Sql.run(
          db,
          "select pgq.set_queue_config(?, 'rotation_period', ?)",
          queue,
          begin.rotationPeriod().get());
    }
    TickSettings.LOW_LATENCY.with(begin.settings()).applyTo(db, queue);
    changeType(db, NodeType.LEAF, NodeType.BRANCH);
  }

  /** Returns what depends on the queue: subscribers, consumers, queues that are merged into it. */
  List<String> users(Connection db, List<String> partQueues) throws SQLException {
    List<String> users = new ArrayList<>();
    List<String> own = new ArrayList<>();
    for (NodeFunctions.Subscriber subscriber : NodeFunctions.getSubscribers(db, queue)) {
      users.add("subscriber " + subscriber.node());
      own.add(subscriber.worker());
      own.add("." + subscriber.node() + ".watermark");
    }
    Sql.list(db, OTHER_CONSUMERS, row -> row.getString(1), queue, WATERMARK).stream()
        .filter(consumer -> !own.contains(consumer))
        .forEach(consumer -> users.add("consumer " + consumer));
    partQueues.forEach(part -> users.add("merged queue " + part));
    return users;
  }

  /** Returns the queue's event tables, quoted. */
  List<String> eventTables(Connection db) throws SQLException {
    return Sql.list(db, EVENT_TABLES, row -> row.getString(1), queue);
  }

  /**
   * Turns the branch into a leaf and drops its queue. Locks the node, so that no subscriber can be
   * added meanwhile.
   */
  void drop(Connection db, ShortLocks locks) throws SQLException {
    requirePaused(db);
    changeType(db, NodeType.BRANCH, NodeType.LEAF);
    requireUnused(db, List.of());
    locks.run(
        db,
        eventTables(db),
        LockHolders.Mode.AGAINST_ALL,
        attempt -> Sql.run(attempt, "select pgq.drop_queue(?, true)", queue));
  }

  void requireUnused(Connection db, List<String> partQueues) throws SQLException {
    List<String> users = users(db, partQueues);
    if (!users.isEmpty()) {
      throw new UserError(
          "the queue of node '" + node + "' is in use: " + String.join(", ", users),
          "subscribers: 'change-provider' or 'drop-node'; a consumer that nothing uses: qadmin -Q "
              + queue
              + " -c \"unregister consumer NAME\"");
    }
  }

  private void requirePaused(Connection db) throws SQLException {
    if (!Sql.first(db, IS_PAUSED, row -> row.getBoolean(1), queue, worker).orElse(false)) {
      throw new UserError(
          "worker " + worker + " was resumed by another command meanwhile", "repeat the command");
    }
  }

  private void changeType(Connection db, NodeType from, NodeType to) throws SQLException {
    if (Sql.run(db, CONVERT, to.sqlName(), queue, from.sqlName()) != 1) {
      throw new UserError("node '" + node + "' is no longer a " + from, "repeat the command");
    }
    NodeFunctions.setConsumerUptodate(db, queue, worker, false).orThrow();
  }
}
