package dev.jlondiste.pgq;

import dev.jlondiste.db.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Settings that say when a queue is ticked, by their names in {@code pgq.set_queue_config}. Only
 * the queue of a root is ticked by them. Immutable.
 */
public record TickSettings(Map<String, String> values) {
  /**
   * The settings of a new node. The defaults of PgQ, three seconds and one minute, were chosen when
   * a tick was expensive.
   */
  public static final TickSettings LOW_LATENCY =
      new TickSettings(
          Map.of("ticker_max_lag", "5 milliseconds", "ticker_idle_period", "10 seconds"));

  /** Source of the defaults: the columns of pgq.queue. */
  private static final String CHOSEN =
      """
      select nullif(queue_ticker_max_count, 500)::text as ticker_max_count,
             nullif(queue_ticker_max_lag, interval '3 seconds')::text as ticker_max_lag,
             nullif(queue_ticker_idle_period, interval '1 minute')::text as ticker_idle_period
        from pgq.queue
       where queue_name = ?
      """;

  public TickSettings {
    values = Map.copyOf(values);
  }

  /** Reads the settings of a queue that are not the defaults of PgQ; none if it does not exist. */
  public static TickSettings chosenFor(Connection db, String queue) throws SQLException {
    return new TickSettings(Sql.first(db, CHOSEN, TickSettings::read, queue).orElse(Map.of()));
  }

  private static Map<String, String> read(ResultSet row) throws SQLException {
    Map<String, String> found = new LinkedHashMap<>();
    for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
      String value = row.getString(i);
      if (value != null) {
        found.put(row.getMetaData().getColumnLabel(i), value);
      }
    }
    return found;
  }

  /** These settings, and those of {@code other} instead where it has them. */
  public TickSettings with(TickSettings other) {
    Map<String, String> all = new LinkedHashMap<>(values);
    all.putAll(other.values);
    return new TickSettings(all);
  }

  public void applyTo(Connection db, String queue) throws SQLException {
    for (Map.Entry<String, String> setting : values.entrySet()) {
      Sql.run(
          db, "select pgq.set_queue_config(?, ?, ?)", queue, setting.getKey(), setting.getValue());
    }
  }
}
