package dev.jlondiste.pgq;

import dev.jlondiste.db.DurableCommit;
import dev.jlondiste.db.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;

/**
 * Schema {@code pgq_ext}, one method per SQL function. It stores in the target database which
 * batches and events a consumer has processed, so that this commits together with the consumer's
 * writes. The target needs schema {@code pgq_ext}, but not {@code pgq}. Stateless; the caller owns
 * the transaction.
 *
 * <p>The schema stores only the last batch, and only the events of one batch. {@code
 * dev.jlondiste.pgq.consumer.QueueConsumer} describes what follows for two processes of one
 * consumer.
 */
public final class PgqExtFunctions {
  private static final String EVENTS_DONE =
      """
      select e.id from unnest(?::text[]::int8[]) as e(id)
       where pgq_ext.is_event_done(?, ?, ?, e.id)
      """;

  private PgqExtFunctions() {}

  /** Returns the tick of the last call of {@link #setLastTick}; empty if there was none. */
  public static OptionalLong lastTick(Connection target, String consumer) throws SQLException {
    return Sql.one(
        target,
        "select pgq_ext.get_last_tick(?)",
        row -> {
          long tick = row.getLong(1);
          return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(tick);
        },
        consumer);
  }

  /** Stores the last tick whose events are in the target. */
  public static void setLastTick(Connection target, String consumer, long tick)
      throws SQLException {
    Sql.run(target, "select pgq_ext.set_last_tick(?, ?)", consumer, tick);
  }

  /**
   * Removes the last tick and makes the mark of the last batch one that no batch has: batch ids
   * start again when a queue's database is created again.
   */
  public static void forget(Connection target, String consumer) throws SQLException {
    Sql.run(target, "select pgq_ext.set_last_tick(?, null::int8)", consumer);
    Sql.run(target, "select pgq_ext.set_batch_done(?, ?)", consumer, Long.MAX_VALUE);
  }

  /** True if this is the batch of the last call of {@link #setBatchDone}. */
  public static boolean isBatchDone(Connection target, String consumer, long batchId)
      throws SQLException {
    return Sql.one(
        target, "select pgq_ext.is_batch_done(?, ?)", row -> row.getBoolean(1), consumer, batchId);
  }

  /**
   * Marks the batch as done; returns false if it was done already and must not be processed again.
   */
  public static boolean setBatchDone(Connection target, String consumer, long batchId)
      throws SQLException {
    return Sql.one(
        target,
        "select pgq_ext.set_batch_done(?, ?) from " + DurableCommit.JOINED,
        row -> row.getBoolean(1),
        consumer,
        batchId);
  }

  /**
   * True if {@link #setEventDone} was called for the event, and for no other batch since.
   *
   * @param part name of one of the consumer's independent lists; empty for the default list
   */
  public static boolean isEventDone(
      Connection target, String consumer, String part, long batchId, long eventId)
      throws SQLException {
    return Sql.one(
        target,
        "select pgq_ext.is_event_done(?, ?, ?, ?)",
        row -> row.getBoolean(1),
        consumer,
        part,
        batchId,
        eventId);
  }

  /** Returns the events for which {@link #isEventDone} is true, in one round trip. */
  public static List<Long> eventsDone(
      Connection target, String consumer, String part, long batchId, List<Long> eventIds)
      throws SQLException {
    return Sql.list(
        target,
        EVENTS_DONE,
        row -> row.getLong(1),
        eventIds.stream().map(String::valueOf).toList(),
        consumer,
        part,
        batchId);
  }

  /**
   * Marks the event as done; returns false if it was done already. The first event of another batch
   * removes the events of the previous batch.
   *
   * @param part as for {@link #isEventDone}
   */
  public static boolean setEventDone(
      Connection target, String consumer, String part, long batchId, long eventId)
      throws SQLException {
    return Sql.one(
        target,
        "select pgq_ext.set_event_done(?, ?, ?, ?) from " + DurableCommit.JOINED,
        row -> row.getBoolean(1),
        consumer,
        part,
        batchId,
        eventId);
  }
}
