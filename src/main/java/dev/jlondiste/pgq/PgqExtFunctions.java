package dev.jlondiste.pgq;

import dev.jlondiste.db.DurableCommit;
import dev.jlondiste.db.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

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
