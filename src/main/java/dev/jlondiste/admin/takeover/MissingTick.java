package dev.jlondiste.admin.takeover;

import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import dev.jlondiste.pgq.PgqFunctions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The tick that a branch lacks if its worker was killed between the commit of a batch and the
 * commit of the batch's tick. The worker creates it when it gets the batch again, which it never
 * does from a provider that is lost. The caller owns the transaction.
 */
final class MissingTick {
  private static final String TIME =
      """
      select t.tick_time
        from pgq.tick t join pgq.queue q on q.queue_id = t.tick_queue
       where q.queue_name = ? and t.tick_id = ?
      """;
  private static final String NEW_EVENTS =
      """
      select q.queue_data_pfx, pg_catalog.txid_snapshot_xmin(t.tick_snapshot), t.tick_event_seq
        from pgq.tick t join pgq.queue q on q.queue_id = t.tick_queue
       where q.queue_name = ? and t.tick_id = ?
      """;

  private MissingTick() {}

  /** The events of a branch's queue since its newest tick. */
  private record Rest(String table, long fromTxid, long sequence) {}

  /** The id of the tick that a branch lacks; empty if its queue is complete. */
  static OptionalLong find(Connection branch, String queue) throws SQLException {
    long completed =
        NodeFunctions.getNodeInfo(branch, queue).map(NodeInfo::lastTick).orElseThrow().orElse(0);
    long newest = PgqFunctions.lastTick(branch, queue).orElse(Long.MAX_VALUE);
    return completed > newest ? OptionalLong.of(completed) : OptionalLong.empty();
  }

  /** Returns the time of a tick; empty where it does not exist. */
  static Optional<Instant> time(Connection db, String queue, long tick) throws SQLException {
    return Sql.first(
        db, TIME, row -> row.getObject(1, OffsetDateTime.class).toInstant(), queue, tick);
  }

  /**
   * Creates the tick after the newest one.
   *
   * @param time as on another node that has the tick, because workers compare it
   */
  static void create(Connection branch, String queue, long tick, Instant time) throws SQLException {
    long newest = PgqFunctions.lastTick(branch, queue).orElseThrow();
    Rest rest =
        Sql.one(
            branch,
            NEW_EVENTS,
            row -> new Rest(row.getString(1), row.getLong(2), row.getLong(3)),
            queue,
            newest);
    String table = TableName.parse(rest.table()).quoted();
    long highest =
        Sql.one(
            branch,
            "select coalesce(max(ev_id), 0) from " + table + " where ev_txid >= ?",
            row -> row.getLong(1),
            rest.fromTxid());
    PgqFunctions.tickFromOutside(branch, queue, tick, time, Math.max(highest, rest.sequence()));
  }
}
