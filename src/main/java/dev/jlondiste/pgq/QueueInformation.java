package dev.jlondiste.pgq;

import dev.jlondiste.db.Sql;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads the state of a database's queues and their consumers. Every user of the database may call
 * it. Stateless; the caller owns the transaction.
 */
public final class QueueInformation {
  /** Columns are null if a queue has no tick, or if the tick of a position has been deleted. */
  private static final String QUEUES =
      """
      select queue_name, queue_ntables, queue_cur_table,
             extract(epoch from queue_rotation_period) as rotation_period, queue_switch_time,
             queue_external_ticker, queue_ticker_paused, queue_ticker_max_count,
             extract(epoch from queue_ticker_max_lag) as max_lag,
             extract(epoch from queue_ticker_idle_period) as idle_period,
             extract(epoch from ticker_lag) as ticker_lag, ev_per_sec, ev_new, last_tick_id
        from pgq.get_queue_info(?)
      """;

  private static final String CONSUMERS =
      """
      select queue_name, consumer_name, extract(epoch from lag) as lag,
             extract(epoch from last_seen) as last_seen, last_tick, current_batch, next_tick,
             pending_events
        from pgq.get_consumer_info(?, ?)
      """;

  private QueueInformation() {}

  /** Returns all queues of the database, ordered by name. */
  public static List<QueueInfo> queues(Connection db) throws SQLException {
    return Sql.list(db, QUEUES, QueueInformation::readQueue, (@Nullable Object) null);
  }

  /** Returns the queue; empty if it does not exist. */
  public static Optional<QueueInfo> queue(Connection db, String queue) throws SQLException {
    return Sql.first(db, QUEUES, QueueInformation::readQueue, queue);
  }

  /**
   * Returns all consumers of the queue, ordered by name; an empty list if the queue does not exist.
   */
  public static List<ConsumerInfo> consumers(Connection db, String queue) throws SQLException {
    return Sql.list(db, CONSUMERS, QueueInformation::readConsumer, queue, null);
  }

  /** Returns the consumer; empty if it is not registered. */
  public static Optional<ConsumerInfo> consumer(Connection db, String queue, String consumer)
      throws SQLException {
    return Sql.first(db, CONSUMERS, QueueInformation::readConsumer, queue, consumer);
  }

  private static QueueInfo readQueue(ResultSet row) throws SQLException {
    double rate = row.getDouble("ev_per_sec");
    boolean rateUnknown = row.wasNull();
    return new QueueInfo(
        row.getString("queue_name"),
        row.getInt("queue_ntables"),
        row.getInt("queue_cur_table"),
        seconds(row, "rotation_period").orElse(Duration.ZERO),
        row.getObject("queue_switch_time", OffsetDateTime.class).toInstant(),
        row.getBoolean("queue_external_ticker"),
        row.getBoolean("queue_ticker_paused"),
        row.getInt("queue_ticker_max_count"),
        seconds(row, "max_lag").orElse(Duration.ZERO),
        seconds(row, "idle_period").orElse(Duration.ZERO),
        seconds(row, "ticker_lag").orElse(Duration.ZERO),
        rateUnknown ? OptionalDouble.empty() : OptionalDouble.of(rate),
        row.getLong("ev_new"),
        row.getLong("last_tick_id"));
  }

  private static ConsumerInfo readConsumer(ResultSet row) throws SQLException {
    return new ConsumerInfo(
        row.getString("queue_name"),
        row.getString("consumer_name"),
        seconds(row, "lag"),
        seconds(row, "last_seen").orElse(Duration.ZERO),
        row.getLong("last_tick"),
        number(row, "current_batch"),
        number(row, "next_tick"),
        row.getLong("pending_events"));
  }

  private static Optional<Duration> seconds(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getBigDecimal(column)).map(QueueInformation::duration);
  }

  private static Duration duration(BigDecimal seconds) {
    return Duration.ofNanos(seconds.movePointRight(9).longValue());
  }

  private static OptionalLong number(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
  }
}
