package dev.jlondiste.pgq;

import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The queries that read a batch. The server sorts the result of a query before it sends the first
 * row. A large batch is therefore read with several queries, so that its first events arrive early:
 * first split at ticks, and then a tick with very many events by ranges of event ids. An event
 * belongs to the first tick whose snapshot sees its transaction, as if each tick were a separate
 * batch.
 */
final class BatchParts {
  /** About this many events fit into the default {@code work_mem}. */
  private static final int PART_EVENTS = 20_000;

  private static final int GROWTH = 4;

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
   * A tick of the batch.
   *
   * @param eventSeq value of the event id sequence at the tick; only an estimate of the number of
   *     events
   */
  private record Tick(TxidSnapshot snapshot, long eventSeq) {
    static Tick read(ResultSet row) throws SQLException {
      return new Tick(TxidSnapshot.parse(row.getString("snapshot")), row.getLong("tick_event_seq"));
    }
  }

  /**
   * The events between two ticks of the batch with ids from {@code from} (inclusive) to {@code to}
   * (exclusive).
   *
   * @param wholeBatch the two ticks are the start and the end of the batch
   */
  private record Part(Tick start, Tick end, boolean wholeBatch, long from, long to) {
    String of(String events) {
      boolean allIds = from == Long.MIN_VALUE && to == Long.MAX_VALUE;
      String ids = allIds ? events : where(events, "ev_id >= " + from + " and ev_id < " + to);
      return (wholeBatch ? ids : between(ids, start.snapshot(), end.snapshot())) + ORDER;
    }
  }

  private BatchParts() {}

  /**
   * Returns the queries that read the batch, at least one, to be executed in this order. Their
   * columns are those of an event.
   *
   * @param filter SQL condition over the {@code ev_*} columns; null for all events
   */
  static Iterator<String> of(Connection provider, Batch batch, @Nullable String filter)
      throws SQLException {
    return of(provider, batch, filter, PART_EVENTS);
  }

  static Iterator<String> of(
      Connection provider, Batch batch, @Nullable String filter, int partEvents)
      throws SQLException {
    String events = unordered(provider, batch, filter);
    long size = batch.currentEventSeq() - batch.previousEventSeq();
    return size <= 2L * partEvents
        ? List.of(events + ORDER).iterator()
        : split(Sql.list(provider, TICKS, Tick::read, batch.id()), partEvents).stream()
            .map(part -> part.of(events))
            .iterator();
  }

  /**
   * Returns the query for the events of transactions that {@code end} sees and {@code start} does
   * not see, whichever is the later one.
   *
   * @param filter SQL condition over the {@code ev_*} columns
   */
  static String between(
      Connection provider, String queue, TxidSnapshot start, TxidSnapshot end, String filter)
      throws SQLException {
    String table =
        Sql.one(
            provider,
            "select queue_data_pfx from pgq.queue where queue_name = ?",
            row -> TableName.parse(row.getString(1)).quoted(),
            queue);
    String events = "select * from " + table + " where ev_owner is null and (" + filter + ")";
    return between(events, start, end) + ORDER;
  }

  /** Returns a query for the events of the batch that {@code filter} selects, without an order. */
  static String unordered(Connection provider, Batch batch, @Nullable String filter)
      throws SQLException {
    // Not cached with the batch: the batch may have been closed and its events removed since.
    String sql =
        Sql.one(provider, "select pgq.batch_event_sql(?)", row -> row.getString(1), batch.id());
    String unordered = sql.endsWith(ORDER) ? sql.substring(0, sql.length() - ORDER.length()) : sql;
    return filter == null ? unordered : where(unordered, "(" + filter + "\n)");
  }

  /** Splits at ticks; {@code ticks} includes the start and the end of the batch. */
  private static List<Part> split(List<Tick> ticks, int partEvents) {
    List<Part> parts = new ArrayList<>();
    int last = ticks.size() - 1;
    int start = 0;
    for (int end = 1; end <= last; end++) {
      long events = ticks.get(end).eventSeq() - ticks.get(start).eventSeq();
      if (end == last || events >= partEvents) {
        boolean wholeBatch = start == 0 && end == last;
        long firstId = firstId(ticks.subList(0, start + 1), ticks.get(end));
        parts.addAll(byId(ticks.get(start), ticks.get(end), wholeBatch, firstId, partEvents));
        start = end;
      }
    }
    return parts;
  }

  /** Estimates the lowest event id between the last of the ticks and {@code end}. */
  private static long firstId(List<Tick> ticks, Tick end) {
    Tick start = ticks.get(ticks.size() - 1);
    Set<Long> ended = start.snapshot().endedUntil(end.snapshot());
    if (ended.isEmpty()) {
      return start.eventSeq();
    }
    long oldest = Collections.min(ended);
    return ticks.stream()
        .filter(tick -> tick.snapshot().xmax() <= oldest)
        .reduce((earlier, later) -> later)
        .orElse(ticks.get(0))
        .eventSeq();
  }

  /**
   * Splits a large tick by ranges of event ids. Each query scans all events of the tick, so the
   * ranges grow to keep the number of queries low.
   */
  private static List<Part> byId(
      Tick start, Tick end, boolean wholeBatch, long firstId, int partEvents) {
    List<Part> parts = new ArrayList<>();
    long from = Long.MIN_VALUE;
    long size = 2L * partEvents;
    long to = firstId + size;
    while (end.eventSeq() - to > size) {
      parts.add(new Part(start, end, wholeBatch, from, to));
      from = to;
      size *= GROWTH;
      to += size;
    }
    parts.add(new Part(start, end, wholeBatch, from, Long.MAX_VALUE));
    return parts;
  }

  /**
   * Selects the events of transactions that ended between the snapshots: those that began after the
   * first snapshot, and those that were running at it.
   */
  private static String between(String events, TxidSnapshot start, TxidSnapshot end) {
    List<String> newer = new ArrayList<>();
    long from = start.xmax();
    for (long running : end.runningFrom(from)) {
      if (running > from) {
        newer.add(range(from, running));
      }
      from = running + 1;
    }
    newer.add(range(from, end.xmax()));
    String part = where(events, "(" + String.join(" or ", newer) + ")");
    Set<Long> ended = start.endedUntil(end);
    if (!ended.isEmpty()) {
      String ids = ended.stream().map(String::valueOf).collect(Collectors.joining(","));
      part += " union all " + where(events, "ev_txid in (" + ids + ")");
    }
    return part;
  }

  private static String range(long from, long to) {
    return "ev_txid >= " + from + " and ev_txid < " + to;
  }

  private static String where(String events, String condition) {
    return "select * from (" + events + ") as ev where " + condition;
  }
}
