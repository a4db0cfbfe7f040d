package dev.jlondiste.pgq;

import dev.jlondiste.db.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Schema {@code pgq}, one method per SQL function. Stateless; the caller owns the transaction. */
public final class PgqFunctions {
  private static final String NEXT_BATCH_CUSTOM =
      """
      select batch_id, cur_tick_id, prev_tick_id, cur_tick_time, prev_tick_time,
             cur_tick_event_seq, prev_tick_event_seq
        from pgq.next_batch_custom(?, ?, ?::interval, ?::int4, ?::interval)
      """;
  private static final String CONSUMER_POSITION =
      "select last_tick from pgq.get_consumer_info(?, ?)";
  private static final String LAST_TICK =
      """
      select t.tick_id
        from pgq.tick t join pgq.queue q on q.queue_id = t.tick_queue
       where q.queue_name = ?
       order by t.tick_queue desc, t.tick_id desc
       limit 1
      """;
  private static final String TICK_SNAPSHOT =
      """
      select t.tick_snapshot::text
        from pgq.tick t join pgq.queue q on q.queue_id = t.tick_queue
       where q.queue_name = ? and t.tick_id = ?
      """;

  private PgqFunctions() {}

  /** Empty when no tick has passed since the last batch: the caller should wait. */
  public static Optional<Batch> nextBatch(
      Connection provider, String queue, String consumer, BatchWish wish) throws SQLException {
    return Sql.one(
        provider,
        NEXT_BATCH_CUSTOM,
        row -> Optional.ofNullable(readBatch(row)),
        queue,
        consumer,
        wish.minLag(),
        wish.minCount(),
        wish.minInterval());
  }

  private static @Nullable Batch readBatch(ResultSet row) throws SQLException {
    long id = row.getLong("batch_id");
    return row.wasNull()
        ? null
        : new Batch(
            id,
            row.getLong("prev_tick_id"),
            row.getLong("cur_tick_id"),
            row.getObject("prev_tick_time", OffsetDateTime.class).toInstant(),
            row.getObject("cur_tick_time", OffsetDateTime.class).toInstant(),
            row.getLong("prev_tick_event_seq"),
            row.getLong("cur_tick_event_seq"));
  }

  /** False, and a warning from the server, when the batch is not open (any more). */
  public static boolean finishBatch(Connection provider, long batchId) throws SQLException {
    return Sql.one(provider, "select pgq.finish_batch(?)", row -> row.getInt(1) == 1, batchId);
  }

  /** False when the consumer was registered before; its position is then kept. */
  public static boolean registerConsumer(Connection provider, String queue, String consumer)
      throws SQLException {
    return Sql.one(
        provider, "select pgq.register_consumer(?, ?)", row -> row.getInt(1) == 1, queue, consumer);
  }

  /**
   * Registers or moves the consumer to {@code tick}, which must exist; an open batch is dropped.
   */
  public static void registerConsumerAt(
      Connection provider, String queue, String consumer, long tick) throws SQLException {
    Sql.run(provider, "select pgq.register_consumer_at(?, ?, ?)", queue, consumer, tick);
  }

  /** False when there was no such consumer. */
  public static boolean unregisterConsumer(Connection provider, String queue, String consumer)
      throws SQLException {
    return Sql.one(
        provider,
        "select pgq.unregister_consumer(?, ?)",
        row -> row.getInt(1) > 0,
        queue,
        consumer);
  }

  /** The tick up to which the consumer has finished; empty when it is not registered. */
  public static OptionalLong consumerPosition(Connection provider, String queue, String consumer)
      throws SQLException {
    return Sql.first(provider, CONSUMER_POSITION, row -> row.getLong(1), queue, consumer)
        .map(OptionalLong::of)
        .orElseGet(OptionalLong::empty);
  }

  /** The newest tick of the queue; empty when there is no such queue. */
  public static OptionalLong lastTick(Connection db, String queue) throws SQLException {
    return Sql.first(db, LAST_TICK, row -> row.getLong(1), queue)
        .map(OptionalLong::of)
        .orElseGet(OptionalLong::empty);
  }

  /** What was committed when the tick was made; empty when the tick is gone. */
  public static Optional<TxidSnapshot> tickSnapshot(Connection db, String queue, long tick)
      throws SQLException {
    return Sql.first(db, TICK_SNAPSHOT, row -> TxidSnapshot.parse(row.getString(1)), queue, tick);
  }

  /** What the present transaction sees. */
  public static TxidSnapshot currentSnapshot(Connection db) throws SQLException {
    return Sql.one(
        db, "select txid_current_snapshot()::text", row -> TxidSnapshot.parse(row.getString(1)));
  }

  /** Makes the next run of the local ticker tick; does nothing on queues ticked from outside. */
  public static void forceTick(Connection db, String queue) throws SQLException {
    Sql.run(db, "select pgq.force_tick(?)", queue);
  }

  /** Repeats a tick of the provider in a queue that is ticked from outside. */
  public static void tickFromOutside(
      Connection local, String queue, long tick, Instant time, long eventSeq) throws SQLException {
    Sql.run(
        local,
        "select pgq.ticker(?, ?, ?, ?)",
        queue,
        tick,
        OffsetDateTime.ofInstant(time, ZoneOffset.UTC),
        eventSeq);
  }

  /** Returns the event's id. */
  public static long insertEvent(
      Connection db, String queue, String type, @Nullable String data, @Nullable String extra1)
      throws SQLException {
    return Sql.one(
        db,
        "select pgq.insert_event(?, ?, ?, ?, null, null, null)",
        row -> row.getLong(1),
        queue,
        type,
        data,
        extra1);
  }

  /** The unquoted name of the table that takes the queue's events in this transaction. */
  public static String currentEventTable(Connection db, String queue) throws SQLException {
    return Sql.one(db, "select pgq.current_event_table(?)", row -> row.getString(1), queue);
  }
}
