package dev.jlondiste.pgq;

import dev.jlondiste.db.DurableCommit;
import dev.jlondiste.db.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Schema {@code pgq_ext}, one method per SQL function: what a consumer has done, kept in the
 * database it writes to, so that it commits with what the consumer wrote. Needs schema {@code
 * pgq_ext} there, and nothing of {@code pgq}. Stateless; the caller owns the transaction.
 *
 * <p>Only the batch that was set last, and the events of one batch, are remembered. What that means
 * for two processes of one consumer is explained at {@code
 * dev.jlondiste.pgq.consumer.QueueConsumer}.
 */
public final class PgqExtFunctions {
  private static final String EVENTS_DONE =
      """
      select e.id from unnest(?::text[]::int8[]) as e(id)
       where pgq_ext.is_event_done(?, ?, ?, e.id)
      """;

  private PgqExtFunctions() {}

  /** True when this is the batch that {@link #setBatchDone} was last told of. */
  public static boolean isBatchDone(Connection target, String consumer, long batchId)
      throws SQLException {
    return Sql.one(
        target, "select pgq_ext.is_batch_done(?, ?)", row -> row.getBoolean(1), consumer, batchId);
  }

  /** False when the batch was done already: what it stands for must not be done again. */
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
   * True when {@link #setEventDone} was told of the event, and of no other batch since.
   *
   * @param part which of the consumer's parallel lists; empty for the one it has by default
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

  /** Those of the events of which {@link #isEventDone} is true, in one round trip. */
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
   * False when the event was done already. The first event of another batch makes the events of the
   * batch before forgotten.
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
