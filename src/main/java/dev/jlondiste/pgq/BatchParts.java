package dev.jlondiste.pgq;

import dev.jlondiste.db.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The queries that read a batch. The server has to sort what it gives, and can give nothing before:
 * a batch of many ticks is read as if it were several smaller ones, tick after tick, so that it
 * begins to flow at once. An event belongs to the first tick whose snapshot sees its transaction,
 * the same as if each tick were a batch of its own.
 */
final class BatchParts {
  /** About so many events are sorted in the memory that a server allows for it by default. */
  private static final int PART_EVENTS = 20_000;

  private static final String ORDER = " order by 1";

  private static final String TICKS =
      """
      select t.tick_snapshot::text as snapshot, t.tick_event_seq
        from pgq.get_batch_info(?) b
        join pgq.queue q on q.queue_name = b.queue_name
        join pgq.tick t on t.tick_queue = q.queue_id
       where t.tick_id between b.prev_tick_id and b.tick_id
       order by t.tick_id
      """;

  /**
   * What a tick is for reading.
   *
   * @param eventSeq value of the event id sequence: a hint of size only
   */
  private record Tick(TxidSnapshot snapshot, long eventSeq) {
    static Tick read(ResultSet row) throws SQLException {
      return new Tick(TxidSnapshot.parse(row.getString("snapshot")), row.getLong("tick_event_seq"));
    }
  }

  private BatchParts() {}

  /**
   * Queries with the columns of events, to be run one after the other; at least one.
   *
   * @param filter SQL condition over the {@code ev_*} columns; null for all events
   */
  static List<String> of(Connection provider, Batch batch, @Nullable String filter)
      throws SQLException {
    return of(provider, batch, filter, PART_EVENTS);
  }

  static List<String> of(Connection provider, Batch batch, @Nullable String filter, int partEvents)
      throws SQLException {
    String sql =
        Sql.one(provider, "select pgq.batch_event_sql(?)", row -> row.getString(1), batch.id());
    String unordered = sql.endsWith(ORDER) ? sql.substring(0, sql.length() - ORDER.length()) : sql;
    String events = filter == null ? unordered : where(unordered, "(" + filter + "\n)");
    long size = batch.currentEventSeq() - batch.previousEventSeq();
    return size <= 2L * partEvents
        ? List.of(events + ORDER)
        : split(events, Sql.list(provider, TICKS, Tick::read, batch.id()), partEvents);
  }

  /** {@code ticks}: those of the batch, its start and end included. */
  private static List<String> split(String events, List<Tick> ticks, int partEvents) {
    List<String> parts = new ArrayList<>();
    Tick start = ticks.get(0);
    for (Tick tick : ticks.subList(1, ticks.size() - 1)) {
      if (tick.eventSeq() - start.eventSeq() >= partEvents) {
        parts.add(between(events, start.snapshot(), tick.snapshot()));
        start = tick;
      }
    }
    parts.add(between(events, start.snapshot(), ticks.get(ticks.size() - 1).snapshot()));
    return parts.size() == 1 ? List.of(events + ORDER) : parts;
  }

  /** Transactions that ended between the snapshots: newer ones, and those that ran at the first. */
  private static String between(String events, TxidSnapshot start, TxidSnapshot end) {
    String part =
        where(
            events,
            "ev_txid >= %d and ev_txid < %d and txid_visible_in_snapshot(ev_txid, '%s')"
                .formatted(start.xmax(), end.xmax(), end.text()));
    Set<Long> ended = new TreeSet<>(start.running());
    ended.removeIf(txid -> !end.sees(txid));
    if (!ended.isEmpty()) {
      String ids = ended.stream().map(String::valueOf).collect(Collectors.joining(","));
      part += " union all " + where(events, "ev_txid in (" + ids + ")");
    }
    return part + ORDER;
  }

  private static String where(String events, String condition) {
    return "select * from (" + events + ") as ev where " + condition;
  }
}
