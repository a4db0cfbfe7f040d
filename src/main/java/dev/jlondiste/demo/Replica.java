package dev.jlondiste.demo;

import dev.jlondiste.db.Database;
import dev.jlondiste.db.Sql;
import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The progress of replication, read from both databases. */
final class Replica {
  private static final String TABLES =
      """
      select t.table_name, t.merge_state, coalesce(p.rows_copied, 0) as rows_copied
        from londiste.table_info t
        left join londiste.copy_progress p using (queue_name, table_name)
       where t.queue_name = ? and t.local
      """;
  private static final String LAG =
      """
      select greatest(extract(epoch from c.lag), 0) as seconds,
             (select t.tick_event_seq - min(f.tick_event_seq)
                from pgq.tick t
                join pgq.tick f using (tick_queue)
               where t.tick_queue = q.queue_id and t.tick_id = c.last_tick
               group by t.tick_event_seq) as events
        from pgq.get_consumer_info(?, ?) c
        join pgq.queue q using (queue_name)
      """;

  private final String queue;
  private final String consumer;
  private final Database source;
  private final Database target;

  Replica(String queue, String consumer, Database source, Database target) {
    this.queue = queue;
    this.consumer = consumer;
    this.source = source;
    this.target = target;
  }

  /**
   * The state of the initial copy.
   *
   * @param rows number of rows copied so far
   * @param tables number of tables in sync
   * @param busy the table that is being copied
   */
  record CopyState(long rows, int tables, @Nullable String busy) {}

  /** {@code counts} are the numbers of rows of the tables at the beginning of the copy. */
  CopyState copyState(Map<String, Long> counts) throws SQLException {
    record Table(String name, @Nullable String state, long copied) {}
    var tables =
        target.call(
            db ->
                Sql.list(
                    db,
                    TABLES,
                    row -> new Table(row.getString(1), row.getString(2), row.getLong(3)),
                    queue));
    long rows = 0;
    int inSync = 0;
    String busy = null;
    for (Table table : tables) {
      long all = counts.getOrDefault(table.name(), 0L);
      if (table.state() == null) {
        continue;
      }
      if (table.state().equals("in-copy")) {
        rows += Math.min(all, table.copied());
        busy = table.name();
      } else {
        rows += all;
        inSync += table.state().equals("ok") ? 1 : 0;
      }
    }
    return new CopyState(rows, inSync, busy);
  }

  /** The lag of the target, and the number of events that it has applied. */
  record Lag(double seconds, long events) {}

  Lag lag() throws SQLException {
    return source.call(
        db ->
            Sql.one(
                db,
                LAG,
                row -> new Lag(row.getDouble("seconds"), row.getLong("events")),
                queue,
                consumer));
  }
}
