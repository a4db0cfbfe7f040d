package dev.jlondiste.admin.resurrection;

import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.Event;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The events of a queue that are not visible in the snapshot of a tick, which is the last one that
 * other nodes have. They are read batch by batch, and deleted by the same rule. The caller owns the
 * transaction and has locked the event tables, so that both find the same events.
 *
 * <p>Events that were put off for a single consumer ({@code ev_owner}) belong to no batch of the
 * cascade and are left out.
 */
final class LostEvents {
  private static final int FETCH_SIZE = 500;
  private static final String TABLE =
      "select queue_id, queue_data_pfx from pgq.queue where queue_name = ?";
  private static final String TICKS =
      """
      select tick_id, tick_snapshot::text
        from pgq.tick
       where tick_queue = ? and tick_id >= ?
       order by tick_id
      """;

  /**
   * The rule of a batch: visible at its end, and either running at its start or begun later. The
   * transactions that ran at the start are listed, so that a long one does not widen the range.
   */
  private static final String BATCH =
      """
      select ev_id, to_char(ev_time at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') || '+00:00',
             ev_txid, ev_retry, coalesce(ev_type, ''), ev_data,
             ev_extra1, ev_extra2, ev_extra3, ev_extra4
        from %1$s
       where ev_owner is null
         and ev_txid >= pg_catalog.txid_snapshot_xmax(?::pg_catalog.txid_snapshot)
         and ev_txid < pg_catalog.txid_snapshot_xmax(?::pg_catalog.txid_snapshot)
         and pg_catalog.txid_visible_in_snapshot(ev_txid, ?::pg_catalog.txid_snapshot)
       union all
      select ev_id, to_char(ev_time at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') || '+00:00',
             ev_txid, ev_retry, coalesce(ev_type, ''), ev_data,
             ev_extra1, ev_extra2, ev_extra3, ev_extra4
        from %1$s
       where ev_owner is null
         and ev_txid in (select r from pg_catalog.txid_snapshot_xip(?::pg_catalog.txid_snapshot) r
                          where pg_catalog.txid_visible_in_snapshot(
                                  r, ?::pg_catalog.txid_snapshot))
       order by 1
      """;

  private static final String DELETE =
      """
      delete from %s
       where ev_owner is null
         and ev_txid >= pg_catalog.txid_snapshot_xmin(?::pg_catalog.txid_snapshot)
         and not pg_catalog.txid_visible_in_snapshot(ev_txid, ?::pg_catalog.txid_snapshot)
      """;

  private final long queueId;
  private final String table;
  private final List<Point> ticks;

  private LostEvents(long queueId, String table, List<Point> ticks) {
    this.queueId = queueId;
    this.table = table;
    this.ticks = ticks;
  }

  /** A tick, or the present if the id is null. */
  private record Point(@Nullable Long tick, String snapshot) {}

  /** Returns the parent event table of a queue, quoted. */
  static String eventTable(Connection db, String queue) throws SQLException {
    return quoted(Sql.one(db, TABLE, row -> row.getString(2), queue));
  }

  /** Returns the event tables of a queue, quoted, the parent first. */
  static List<String> eventTables(Connection db, String queue) throws SQLException {
    String name = Sql.one(db, TABLE, row -> row.getString(2), queue);
    return Stream.of("", "_0", "_1", "_2").map(suffix -> quoted(name + suffix)).toList();
  }

  private static String quoted(String name) {
    return TableName.parse(name).quoted();
  }

  /** The events after a tick, which must still exist. */
  static LostEvents after(Connection db, String queue, long tick) throws SQLException {
    long queueId = Sql.one(db, TABLE, row -> row.getLong(1), queue);
    List<Point> ticks =
        Sql.list(db, TICKS, row -> new Point(row.getLong(1), row.getString(2)), queueId, tick);
    if (ticks.isEmpty() || !Long.valueOf(tick).equals(ticks.get(0).tick())) {
      throw new UserError(
          "tick " + tick + " of the gravestone does not exist here: the lost events are not known",
          "drop-node this node, then create it again");
    }
    ticks.add(
        Sql.one(
            db,
            "select pg_catalog.txid_current_snapshot()::text",
            row -> new Point(null, row.getString(1))));
    return new LostEvents(queueId, eventTable(db, queue), ticks);
  }

  /** Passes the events to the sink, batch by batch, by id within a batch. Returns their number. */
  long forEach(Connection db, LostEventsFile.Sink sink) throws SQLException, IOException {
    long count = 0;
    for (int i = 1; i < ticks.size(); i++) {
      Long before = ticks.get(i - 1).tick();
      count += batch(db, ticks.get(i - 1), ticks.get(i), before == null ? 0 : before, sink);
    }
    return count;
  }

  private long batch(Connection db, Point from, Point to, long before, LostEventsFile.Sink sink)
      throws SQLException, IOException {
    long count = 0;
    try (PreparedStatement statement = db.prepareStatement(BATCH.formatted(table))) {
      statement.setFetchSize(FETCH_SIZE);
      statement.setString(1, from.snapshot());
      statement.setString(2, to.snapshot());
      statement.setString(3, to.snapshot());
      statement.setString(4, from.snapshot());
      statement.setString(5, to.snapshot());
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          sink.accept(new LostEvent(read(row), to.tick(), before));
          count++;
        }
      }
    }
    return count;
  }

  private static Event read(ResultSet row) throws SQLException {
    int retry = row.getInt(4);
    boolean isFirst = row.wasNull();
    return new Event(
        row.getLong(1),
        row.getString(2),
        row.getLong(3),
        isFirst ? null : retry,
        row.getString(5),
        row.getString(6),
        row.getString(7),
        row.getString(8),
        row.getString(9),
        row.getString(10));
  }

  /** Deletes the events and the ticks after the first one; returns the number of events. */
  long delete(Connection db) throws SQLException {
    Point first = ticks.get(0);
    int deleted = Sql.run(db, DELETE.formatted(table), first.snapshot(), first.snapshot());
    Sql.run(db, "delete from pgq.tick where tick_queue = ? and tick_id > ?", queueId, first.tick());
    return deleted;
  }
}
