package dev.jlondiste.pgq;

import dev.jlondiste.db.DurableCommit;
import dev.jlondiste.db.Sql;
import dev.jlondiste.fault.UserError;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Schema {@code pgq}, one method per SQL function. Stateless; the caller owns the transaction. */
public final class PgqFunctions {
  private static final String BATCH =
      """
      select next.batch_id, next.cur_tick_id, next.prev_tick_id, next.cur_tick_time,
             next.prev_tick_time, next.cur_tick_event_seq, next.prev_tick_event_seq,
             pg_catalog.clock_timestamp() as now
        from\s""";
  private static final String NEXT_BATCH_CUSTOM =
      "pgq.next_batch_custom(?, ?, ?::interval, ?::int4, ?::interval)";

  /** The second function is called only when the first gives nothing. */
  private static final String FIRST_GRANTED =
      """
      %1$s best
       cross join lateral (select best.* where best.batch_id is not null
                           union all
                           select * from %1$s where best.batch_id is null) next
      """
          .formatted(NEXT_BATCH_CUSTOM);

  private static final String FINISH_UNFLUSHED =
      """
      select pgq.finish_batch(?)
        from pg_catalog.set_config('synchronous_commit', 'off', true)
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

  /**
   * Opens the consumer's next batch, or gives the open one again.
   *
   * @return empty when no tick has passed since the last batch, or none that grants the wish: the
   *     caller should wait
   */
  public static Optional<Batch> nextBatch(
      Connection provider, String queue, String consumer, BatchLimits wish) throws SQLException {
    return Sql.one(
        provider,
        BATCH + NEXT_BATCH_CUSTOM + " next",
        row -> Optional.ofNullable(readBatch(row)),
        queue,
        consumer,
        wish.minLag(),
        wish.minCount(),
        wish.minInterval());
  }

  /**
   * As {@link #nextBatch(Connection, String, String, BatchLimits)}, in one round trip for two
   * wishes.
   *
   * @param otherwise what to ask for when {@code best} is not granted
   */
  public static Optional<Batch> nextBatch(
      Connection provider, String queue, String consumer, BatchLimits best, BatchLimits otherwise)
      throws SQLException {
    return Sql.one(
        provider,
        BATCH + FIRST_GRANTED,
        row -> Optional.ofNullable(readBatch(row)),
        queue,
        consumer,
        best.minLag(),
        best.minCount(),
        best.minInterval(),
        queue,
        consumer,
        otherwise.minLag(),
        otherwise.minCount(),
        otherwise.minInterval());
  }

  private static @Nullable Batch readBatch(ResultSet row) throws SQLException {
    long id = row.getLong("batch_id");
    if (row.wasNull()) {
      return null;
    }
    Instant end = row.getObject("cur_tick_time", OffsetDateTime.class).toInstant();
    return new Batch(
        id,
        row.getLong("prev_tick_id"),
        row.getLong("cur_tick_id"),
        row.getObject("prev_tick_time", OffsetDateTime.class).toInstant(),
        end,
        Duration.between(end, row.getObject("now", OffsetDateTime.class).toInstant()),
        row.getLong("prev_tick_event_seq"),
        row.getLong("cur_tick_event_seq"));
  }

  /** False, and a warning from the server, when the batch is not open (any more). */
  public static boolean finishBatch(Connection provider, long batchId) throws SQLException {
    return Sql.one(provider, "select pgq.finish_batch(?)", row -> row.getInt(1) == 1, batchId);
  }

  /**
   * As {@link #finishBatch}, but the commit does not wait for the provider's disk. For a consumer
   * that has stored with its data which tick it has completed: should the provider crash before
   * this was written, it offers the batch again, and the consumer only has to finish it again, or
   * to be moved when several batches were forgotten.
   */
  public static boolean finishStoredBatch(Connection provider, long batchId) throws SQLException {
    return Sql.one(provider, FINISH_UNFLUSHED, row -> row.getInt(1) == 1, batchId);
  }

  /** True while the batch is open: neither finished, nor dropped with its consumer's position. */
  public static boolean isOpen(Connection provider, long batchId) throws SQLException {
    return Sql.one(
        provider,
        "select tick_id is not null from pgq.get_batch_info(?)",
        row -> row.getBoolean(1),
        batchId);
  }

  /**
   * Has the event delivered to this consumer again, in a later batch, with {@link Event#retry()}
   * counted up. Takes effect with the caller's transaction, while the batch is open.
   *
   * @param after from now by the server's clock; rounded up to seconds
   * @return false when the event was put off already
   */
  public static boolean eventRetry(Connection provider, long batchId, long eventId, Duration after)
      throws SQLException {
    return Sql.one(
        provider,
        "select pgq.event_retry(?, ?, ?::int4)",
        row -> row.getInt(1) == 1,
        batchId,
        eventId,
        wholeSeconds(after));
  }

  /** As above, not before the given time. */
  public static boolean eventRetry(Connection provider, long batchId, long eventId, Instant at)
      throws SQLException {
    return Sql.one(
        provider,
        "select pgq.event_retry(?, ?, ?::timestamptz)",
        row -> row.getInt(1) == 1,
        batchId,
        eventId,
        OffsetDateTime.ofInstant(at, ZoneOffset.UTC));
  }

  /**
   * Puts off every event of the batch, as {@link #eventRetry(Connection, long, long, Duration)}.
   *
   * @return how many were not put off already
   */
  public static int batchRetry(Connection provider, long batchId, Duration after)
      throws SQLException {
    return Sql.one(
        provider,
        "select pgq.batch_retry(?, ?::int4)",
        row -> row.getInt(1),
        batchId,
        wholeSeconds(after));
  }

  /** What the functions take; the shorter a pause, the less it may become none. */
  private static int wholeSeconds(Duration after) {
    if (after.isNegative()) {
      throw new IllegalArgumentException("cannot put events off by " + after + ": it is negative");
    }
    return Math.toIntExact(after.plusNanos(999_999_999).toSeconds());
  }

  /**
   * Registers the consumer at the queue's newest tick: it will see the events that come after.
   *
   * @return false when the consumer was registered before; its position is then kept
   */
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

  /**
   * Registers or moves {@code consumer} to where {@code model}, a consumer of the same queue,
   * stands.
   *
   * @throws UserError when {@code model} is not registered
   */
  public static void registerConsumerLike(
      Connection provider, String queue, String consumer, String model) throws SQLException {
    long tick =
        consumerPosition(provider, queue, model)
            .orElseThrow(
                () ->
                    new UserError(
                        "queue '" + queue + "' has no consumer '" + model + "'",
                        "name one that pgq.get_consumer_info('" + queue + "') lists"));
    registerConsumerAt(provider, queue, consumer, tick);
  }

  /**
   * Ends the subscription, with events that were put off; false when there was no such consumer.
   */
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
        "select pgq.ticker(?, ?, ?, ?) from " + DurableCommit.JOINED,
        queue,
        tick,
        OffsetDateTime.ofInstant(time, ZoneOffset.UTC),
        eventSeq);
  }

  /** As below, with one extra field. */
  public static long insertEvent(
      Connection db, String queue, String type, @Nullable String data, @Nullable String extra1)
      throws SQLException {
    return insertEvent(db, queue, new NewEvent(type, data, extra1, null, null, null));
  }

  /** Puts the event on the queue, in the caller's transaction; returns the event's id. */
  public static long insertEvent(Connection db, String queue, NewEvent event) throws SQLException {
    return Sql.one(
        db,
        "select pgq.insert_event(?, ?, ?, ?, ?, ?, ?)",
        row -> row.getLong(1),
        queue,
        event.type(),
        event.data(),
        event.extra1(),
        event.extra2(),
        event.extra3(),
        event.extra4());
  }

  /** The unquoted name of the table that takes the queue's events in this transaction. */
  public static String currentEventTable(Connection db, String queue) throws SQLException {
    return Sql.one(db, "select pgq.current_event_table(?)", row -> row.getString(1), queue);
  }
}
