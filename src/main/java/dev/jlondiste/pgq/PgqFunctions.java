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

  /** Calls the function with the second limits only if the first limits return no batch. */
  private static final String NEXT_BATCH_WITH_FALLBACK =
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
   * Opens the consumer's next batch, or returns the open one again.
   *
   * @return empty if there is no new tick, or none that satisfies {@code limits}: the caller should
   *     wait
   */
  public static Optional<Batch> nextBatch(
      Connection provider, String queue, String consumer, BatchLimits limits) throws SQLException {
    return Sql.one(
        provider,
        BATCH + NEXT_BATCH_CUSTOM + " next",
        row -> Optional.ofNullable(readBatch(row)),
        queue,
        consumer,
        limits.minLag(),
        limits.minCount(),
        limits.minInterval());
  }

  /**
   * As {@link #nextBatch(Connection, String, String, BatchLimits)}, with two limits in one round
   * trip.
   *
   * @param otherwise limits to use if no batch satisfies {@code best}
   */
  public static Optional<Batch> nextBatch(
      Connection provider, String queue, String consumer, BatchLimits best, BatchLimits otherwise)
      throws SQLException {
    return Sql.one(
        provider,
        BATCH + NEXT_BATCH_WITH_FALLBACK,
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

  /**
   * Finishes the batch; returns false, with a warning from the server, if the batch is not open.
   */
  public static boolean finishBatch(Connection provider, long batchId) throws SQLException {
    return Sql.one(provider, "select pgq.finish_batch(?)", row -> row.getInt(1) == 1, batchId);
  }

  /**
   * As {@link #finishBatch}, but the commit does not wait for the provider's disk. For a consumer
   * that stores the last completed tick with its data: if the provider crashes before the commit is
   * on disk, it returns the batch again, and the consumer only has to finish it again, or, if
   * several batches were lost, to be moved.
   */
  public static boolean finishStoredBatch(Connection provider, long batchId) throws SQLException {
    return Sql.one(provider, FINISH_UNFLUSHED, row -> row.getInt(1) == 1, batchId);
  }

  /**
   * True while the batch is open: neither finished nor dropped when the consumer was moved or
   * unregistered.
   */
  public static boolean isOpen(Connection provider, long batchId) throws SQLException {
    return Sql.one(
        provider,
        "select tick_id is not null from pgq.get_batch_info(?)",
        row -> row.getBoolean(1),
        batchId);
  }

  /**
   * Schedules the event for this consumer again, in a later batch, with {@link Event#retry()}
   * increased. Must be called while the batch is open; takes effect when the caller's transaction
   * commits.
   *
   * @param after delay from now by the server's clock; rounded up to seconds
   * @return false if the event was scheduled already
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

  /** As above, at the given time or later. */
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
   * Schedules every event of the batch again, as {@link #eventRetry(Connection, long, long,
   * Duration)} does.
   *
   * @return number of events that were not scheduled already
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

  /** Rounds up: the functions take whole seconds, and a short delay must not become 0. */
  private static int wholeSeconds(Duration after) {
    if (after.isNegative()) {
      throw new IllegalArgumentException("cannot put events off by " + after + ": it is negative");
    }
    return Math.toIntExact(after.plusNanos(999_999_999).toSeconds());
  }

  /**
   * Registers the consumer at the queue's newest tick: it receives the events after that tick.
   *
   * @return false if the consumer was registered already; it then keeps its position
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
   * Registers or moves {@code consumer} to the position of {@code model}, a consumer of the same
   * queue.
   *
   * @throws UserError if {@code model} is not registered
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
   * Unregisters the consumer and deletes its events in the retry queue; returns false if it was not
   * registered.
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

  /** Returns the last tick that the consumer has finished; empty if it is not registered. */
  public static OptionalLong consumerPosition(Connection provider, String queue, String consumer)
      throws SQLException {
    return Sql.first(provider, CONSUMER_POSITION, row -> row.getLong(1), queue, consumer)
        .map(OptionalLong::of)
        .orElseGet(OptionalLong::empty);
  }

  /** True if the queue refuses events: that of a branch, and that of a root that is closed. */
  public static boolean isInsertDisabled(Connection db, String queue) throws SQLException {
    return Sql.first(
            db,
            "select queue_disable_insert from pgq.queue where queue_name = ?",
            row -> row.getBoolean(1),
            queue)
        .orElse(false);
  }

  /** Returns the newest tick of the queue; empty if the queue does not exist. */
  public static OptionalLong lastTick(Connection db, String queue) throws SQLException {
    return Sql.first(db, LAST_TICK, row -> row.getLong(1), queue)
        .map(OptionalLong::of)
        .orElseGet(OptionalLong::empty);
  }

  /** Returns the snapshot of the tick; empty if the tick has been deleted. */
  public static Optional<TxidSnapshot> tickSnapshot(Connection db, String queue, long tick)
      throws SQLException {
    return Sql.first(db, TICK_SNAPSHOT, row -> TxidSnapshot.parse(row.getString(1)), queue, tick);
  }

  /** Returns the snapshot of the current transaction. */
  public static TxidSnapshot currentSnapshot(Connection db) throws SQLException {
    return Sql.one(
        db, "select txid_current_snapshot()::text", row -> TxidSnapshot.parse(row.getString(1)));
  }

  /**
   * Makes the next run of the local ticker create a tick; does nothing on a queue with an external
   * ticker.
   */
  public static void forceTick(Connection db, String queue) throws SQLException {
    Sql.run(db, "select pgq.force_tick(?)", queue);
  }

  /** Inserts a tick of the provider into a queue with an external ticker. */
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

  /** Inserts the event into the queue in the caller's transaction; returns the event's id. */
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

  /**
   * Returns the unquoted name of the table that receives the queue's events in this transaction.
   */
  public static String currentEventTable(Connection db, String queue) throws SQLException {
    return Sql.one(db, "select pgq.current_event_table(?)", row -> row.getString(1), queue);
  }
}
