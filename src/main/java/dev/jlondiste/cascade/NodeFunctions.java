package dev.jlondiste.cascade;

import dev.jlondiste.db.DurableCommit;
import dev.jlondiste.db.Sql;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Schema {@code pgq_node}, one method per SQL function. Stateless; the caller owns the transaction.
 */
public final class NodeFunctions {
  private NodeFunctions() {}

  /** A subscriber of a node: its name, its worker, and its watermark. */
  public record Subscriber(String node, String worker, long watermark) {}

  /** A cascaded consumer of this database. */
  public record Consumer(
      String name,
      String provider,
      long lastTick,
      boolean paused,
      boolean uptodate,
      Optional<String> error) {}

  /** Empty when this database has no node for the queue. */
  public static Optional<NodeInfo> getNodeInfo(Connection db, String queue) throws SQLException {
    return Sql.one(
        db,
        "select * from pgq_node.get_node_info(?)",
        row -> row.getInt("ret_code") >= 300 ? Optional.empty() : Optional.of(readNode(row)),
        queue);
  }

  private static NodeInfo readNode(ResultSet row) throws SQLException {
    Array targets = row.getArray("target_for");
    return new NodeInfo(
        NodeType.parse(row.getString("node_type")),
        row.getString("node_name"),
        optionalLong(row, "global_watermark"),
        optionalLong(row, "local_watermark"),
        Optional.ofNullable(row.getString("provider_node")),
        Optional.ofNullable(row.getString("provider_location")),
        Optional.ofNullable(row.getString("combined_queue")),
        Optional.ofNullable(row.getString("combined_type")).map(NodeType::parse),
        row.getString("worker_name"),
        row.getBoolean("worker_paused"),
        row.getBoolean("worker_uptodate"),
        optionalLong(row, "worker_last_tick"),
        Optional.ofNullable(row.getString("node_attrs")),
        targets == null ? List.of() : List.of((String[]) targets.getArray()));
  }

  /**
   * The state of a consumer; throws {@link UnknownConsumer} if queue or consumer is unknown here.
   */
  public static ConsumerState getConsumerState(Connection local, String queue, String consumer)
      throws SQLException {
    return Sql.one(
        local,
        "select * from pgq_node.get_consumer_state(?, ?)",
        NodeFunctions::readState,
        queue,
        consumer);
  }

  private static ConsumerState readState(ResultSet row) throws SQLException {
    Reply reply = reply(row);
    if (reply.isRefusal()) {
      throw new UnknownConsumer(reply);
    }
    return new ConsumerState(
        NodeType.parse(row.getString("node_type")),
        row.getString("node_name"),
        row.getLong("completed_tick"),
        row.getString("provider_node"),
        row.getString("provider_location"),
        row.getBoolean("paused"),
        row.getBoolean("uptodate"),
        Optional.ofNullable(row.getString("cur_error")));
  }

  /** The state of a worker and its node, read by one statement. */
  record WorkerStatus(ConsumerState state, NodeInfo node) {}

  /** {@link #getConsumerState} of the node's worker and {@link #getNodeInfo} in one round trip. */
  static WorkerStatus getWorkerStatus(Connection local, String queue, String worker)
      throws SQLException {
    return Sql.one(
        local,
        """
        select *
          from pgq_node.get_consumer_state(?, ?)
         cross join pgq_node.get_node_info(?)
        """,
        // Columns of the same name have the same value; the driver returns the first, the state's.
        row -> new WorkerStatus(readState(row), readNode(row)),
        queue,
        worker,
        queue);
  }

  public static List<NodeLocation> getQueueLocations(Connection db, String queue)
      throws SQLException {
    return Sql.list(
        db,
        "select node_name, node_location, dead from pgq_node.get_queue_locations(?) order by 1",
        row -> new NodeLocation(row.getString(1), row.getString(2), row.getBoolean(3)),
        queue);
  }

  public static List<Subscriber> getSubscribers(Connection db, String queue) throws SQLException {
    return Sql.list(
        db,
        "select node_name, worker_name, node_watermark from pgq_node.get_subscriber_info(?)",
        row -> new Subscriber(row.getString(1), row.getString(2), row.getLong(3)),
        queue);
  }

  public static List<Consumer> getConsumers(Connection db, String queue) throws SQLException {
    return Sql.list(
        db,
        """
        select consumer_name, provider_node, last_tick_id, paused, uptodate, cur_error
          from pgq_node.get_consumer_info(?)
        """,
        row ->
            new Consumer(
                row.getString(1),
                row.getString(2),
                row.getLong(3),
                row.getBoolean(4),
                row.getBoolean(5),
                Optional.ofNullable(row.getString(6))),
        queue);
  }

  /** A null location keeps the stored one. */
  public static Reply registerLocation(
      Connection db, String queue, String node, @Nullable String location, boolean dead)
      throws SQLException {
    return call(
        db, "select * from pgq_node.register_location(?, ?, ?, ?)", queue, node, location, dead);
  }

  public static Reply unregisterLocation(Connection db, String queue, String node)
      throws SQLException {
    return call(db, "select * from pgq_node.unregister_location(?, ?)", queue, node);
  }

  /** Provider, watermark and combined queue are null if the node type does not have them. */
  public static Reply createNode(
      Connection local,
      String queue,
      NodeType type,
      String node,
      String worker,
      @Nullable String provider,
      @Nullable Long globalWatermark,
      @Nullable String combinedQueue)
      throws SQLException {
    return call(
        local,
        "select * from pgq_node.create_node(?, ?, ?, ?, ?, ?, ?)",
        queue,
        type.sqlName(),
        node,
        worker,
        provider,
        globalWatermark,
        combinedQueue);
  }

  public static Reply dropNode(Connection db, String queue, String node) throws SQLException {
    return call(db, "select * from pgq_node.drop_node(?, ?)", queue, node);
  }

  /** Null removes all attributes. */
  public static Reply setNodeAttributes(Connection db, String queue, @Nullable String attributes)
      throws SQLException {
    return call(db, "select * from pgq_node.set_node_attrs(?, ?)", queue, attributes);
  }

  public static Reply promoteBranch(Connection local, String queue) throws SQLException {
    return call(local, "select * from pgq_node.promote_branch(?)", queue);
  }

  /** The result of a step of {@code demote_root}; only steps 2 and 3 return the last tick. */
  public record Demotion(Reply reply, OptionalLong lastTick) {}

  /**
   * Turns the root into a branch: step 1 refuses writes, step 2 inserts the last tick, step 3 makes
   * it a branch of {@code provider}.
   */
  public static Demotion demoteRoot(Connection local, String queue, int step, String provider)
      throws SQLException {
    return Sql.one(
        local,
        "select * from pgq_node.demote_root(?, ?, ?)",
        row -> new Demotion(reply(row), optionalLong(row, "last_tick")),
        queue,
        step,
        provider);
  }

  /** Undoes steps 1 and 2 of {@link #demoteRoot}. Databases with the SQL of PgQ lack it. */
  public static Reply reopenRoot(Connection local, String queue) throws SQLException {
    return call(local, "select * from pgq_node.reopen_root(?)", queue);
  }

  /** The result of {@code register_subscriber}. A new node starts at the watermark. */
  public record Subscription(Reply reply, OptionalLong globalWatermark) {}

  /** A null tick subscribes at the provider's global watermark. */
  public static Subscription registerSubscriber(
      Connection provider, String queue, String node, String worker, @Nullable Long tick)
      throws SQLException {
    return Sql.one(
        provider,
        "select * from pgq_node.register_subscriber(?, ?, ?, ?)",
        row -> new Subscription(reply(row), optionalLong(row, "global_watermark")),
        queue,
        node,
        worker,
        tick);
  }

  public static Reply unregisterSubscriber(Connection provider, String queue, String node)
      throws SQLException {
    return call(provider, "select * from pgq_node.unregister_subscriber(?, ?)", queue, node);
  }

  public static Reply setSubscriberWatermark(
      Connection provider, String queue, String node, long watermark) throws SQLException {
    return call(
        provider,
        "select * from pgq_node.set_subscriber_watermark(?, ?, ?)",
        queue,
        node,
        watermark);
  }

  public static Reply registerConsumer(
      Connection local, String queue, String consumer, String provider, long tick)
      throws SQLException {
    return call(
        local,
        "select * from pgq_node.register_consumer(?, ?, ?, ?)",
        queue,
        consumer,
        provider,
        tick);
  }

  public static Reply unregisterConsumer(Connection local, String queue, String consumer)
      throws SQLException {
    return call(local, "select * from pgq_node.unregister_consumer(?, ?)", queue, consumer);
  }

  public static Reply changeConsumerProvider(
      Connection local, String queue, String consumer, String provider) throws SQLException {
    return call(
        local,
        "select * from pgq_node.change_consumer_provider(?, ?, ?)",
        queue,
        consumer,
        provider);
  }

  /**
   * An admin command sets false to have the consumer read its state again; the consumer confirms
   * with true.
   */
  public static Reply setConsumerUptodate(
      Connection local, String queue, String consumer, boolean uptodate) throws SQLException {
    return call(
        local, "select * from pgq_node.set_consumer_uptodate(?, ?, ?)", queue, consumer, uptodate);
  }

  public static Reply setConsumerPaused(
      Connection local, String queue, String consumer, boolean paused) throws SQLException {
    return call(
        local, "select * from pgq_node.set_consumer_paused(?, ?, ?)", queue, consumer, paused);
  }

  /** Forces a synchronous commit, so that the batch can be finished on the provider after it. */
  public static Reply setConsumerCompleted(
      Connection local, String queue, String consumer, long tick) throws SQLException {
    return call(
        local,
        "select f.* from pgq_node.set_consumer_completed(?, ?, ?) f cross join "
            + DurableCommit.JOINED,
        queue,
        consumer,
        tick);
  }

  /** Null clears the error. */
  public static Reply setConsumerError(
      Connection local, String queue, String consumer, @Nullable String error) throws SQLException {
    return call(
        local, "select * from pgq_node.set_consumer_error(?, ?, ?)", queue, consumer, error);
  }

  /** On a root, null means the lowest position of the whole tree. */
  public static Reply setGlobalWatermark(Connection db, String queue, @Nullable Long watermark)
      throws SQLException {
    return call(db, "select * from pgq_node.set_global_watermark(?, ?)", queue, watermark);
  }

  public static Reply setPartitionWatermark(
      Connection db, String combinedQueue, String partQueue, long watermark) throws SQLException {
    return call(
        db,
        "select * from pgq_node.set_partition_watermark(?, ?, ?)",
        combinedQueue,
        partQueue,
        watermark);
  }

  /** Calls a function whose first two result columns are {@code ret_code, ret_note}. */
  public static Reply call(Connection db, String sql, @Nullable Object... parameters)
      throws SQLException {
    return Sql.one(db, sql, NodeFunctions::reply, parameters);
  }

  private static Reply reply(ResultSet row) throws SQLException {
    String note = row.getString("ret_note");
    return new Reply(row.getInt("ret_code"), note == null ? "" : note);
  }

  private static OptionalLong optionalLong(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
  }
}
