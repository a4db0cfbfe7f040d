package dev.jlondiste.cascade;

import dev.jlondiste.db.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * A consumer's position inside a tick, in {@code pgq_node.tick_part}: everything after {@code
 * previousTick} that belongs to {@code tick} and has an id up to {@code lastEvent} is applied. The
 * caller owns the transaction, and holds the consumer's {@link NodePosition}.
 *
 * <p>Only this program uses the table: Londiste would begin the tick again if it took over the
 * node. Therefore parts are the last resort, and {@code status} reports them while they exist.
 */
public record TickPart(long previousTick, long tick, long lastEvent) {
  private static final String KEPT =
      """
      select coalesce(has_table_privilege(part, 'select') and has_table_privilege(part, 'insert'),
                      false)
        from (select to_regclass('pgq_node.tick_part')::oid as part) p
      """;
  private static final String READ =
      """
      select p.prev_tick_id, p.tick_id, p.last_event_id
        from pgq_node.tick_part p
        join pgq_node.local_state s using (queue_name, consumer_name)
       where p.queue_name = ? and p.consumer_name = ? and s.last_tick_id = p.prev_tick_id
      """;
  private static final String WRITE =
      """
      insert into pgq_node.tick_part
             (queue_name, consumer_name, prev_tick_id, tick_id, last_event_id)
      values (?, ?, ?, ?, ?)
          on conflict (queue_name, consumer_name) do update
         set prev_tick_id = excluded.prev_tick_id, tick_id = excluded.tick_id,
             last_event_id = excluded.last_event_id, applied = excluded.applied
      """;
  private static final String DELETE =
      "delete from pgq_node.tick_part where queue_name = ? and consumer_name = ?";

  /**
   * True if parts can be stored. False in a database with the SQL of Londiste or of an older
   * release, and for a role that cannot write to the table.
   */
  static boolean areKept(Connection local) throws SQLException {
    return Sql.one(local, KEPT, row -> row.getBoolean(1));
  }

  /** Returns empty if the consumer is between two ticks. */
  public static Optional<TickPart> of(Connection local, String queue, String consumer)
      throws SQLException {
    return areKept(local)
        ? Sql.first(
            local,
            READ,
            row -> new TickPart(row.getLong(1), row.getLong(2), row.getLong(3)),
            queue,
            consumer)
        : Optional.empty();
  }

  void store(Connection local, String queue, String consumer) throws SQLException {
    Sql.run(local, WRITE, queue, consumer, previousTick, tick, lastEvent);
  }

  /** Deletes the position when the tick is completed. */
  static void delete(Connection local, String queue, String consumer) throws SQLException {
    Sql.run(local, DELETE, queue, consumer);
  }

  /** For status and log. */
  @Override
  public String toString() {
    return "tick " + tick + " is applied in parts, so far up to event " + lastEvent;
  }
}
