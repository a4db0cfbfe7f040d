package dev.jlondiste.pgq;

import dev.jlondiste.db.Sql;
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
 * The queries that read a batch. The server has to sort what it gives, and can give nothing before:
 * a batch of many ticks is read as if it were several smaller ones, tick after tick, so that it
 * begins to flow at once. An event belongs to the first tick whose snapshot sees its transaction,
 * the same as if each tick were a batch of its own. A tick of very many events is read by their
 * ids.
 */
final class BatchParts {
  /** About so many events are sorted in the memory that a server allows for it by default. */
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
   * What a tick is for reading.
   *
   * @param eventSeq value of the event id sequence: a hint of size only
   */
  private record Tick(TxidSnapshot snapshot, long eventSeq) {
    static Tick read(ResultSet row) throws SQLException {
      return new Tick(TxidSnapshot.parse(row.getString("snapshot")), row.getLong("tick_event_seq"));
    }
  }

  /**
   * What comes between two ticks of the batch, those of ids from {@code from} to before {@code to}.
   *
   * @param whole no other ticks than those of the batch
   */
  private record Part(Tick start, Tick end, boolean whole, long from, long to) {
    String of(String events) {
      boolean allIds = from == Long.MIN_VALUE && to == Long.MAX_VALUE;
      String ids = allIds ? events : where(events, "ev_id >= " + from + " and ev_id < " + to);
      return (whole ? ids : between(ids, start.snapshot(), end.snapshot())) + ORDER;
    }
  }

  private BatchParts() {}

  /**
   * Queries with the columns of events, to be run one after the other; at least one.
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

  /** All events of the batch that {@code filter} selects. */
  static String unordered(Connection provider, Batch batch, @Nullable String filter)
      throws SQLException {
    // Now, not when the batch was given: it may have been taken away since, and its events with it.
    String sql =
        Sql.one(provider, "select pgq.batch_event_sql(?)", row -> row.getString(1), batch.id());
    String unordered = sql.endsWith(ORDER) ? sql.substring(0, sql.length() - ORDER.length()) : sql;
    return filter == null ? unordered : where(unordered, "(" + filter + "\n)");
  }

  /** {@code ticks}: those of the batch, its start and end included. */
  private static List<Part> split(List<Tick> ticks, int partEvents) {
    List<Part> parts = new ArrayList<>();
    int last = ticks.size() - 1;
    int start = 0;
    for (int end = 1; end <= last; end++) {
      long events = ticks.get(end).eventSeq() - ticks.get(start).eventSeq();
      if (end == last || events >= partEvents) {
        boolean whole = start == 0 && end == last;
        long firstId = firstId(ticks.subList(0, start + 1), ticks.get(end));
        parts.addAll(byId(ticks.get(start), ticks.get(end), whole, firstId, partEvents));
        start = end;
      }
    }
    return parts;
  }

  /** About the lowest id between the last of the ticks and {@code end}. */
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
   * What one tick has too many events for. Each part has to pass all of them by, so parts grow, and
   * are few.
   */
  private static List<Part> byId(
      Tick start, Tick end, boolean whole, long firstId, int partEvents) {
    List<Part> parts = new ArrayList<>();
    long from = Long.MIN_VALUE;
    long size = 2L * partEvents;
    long to = firstId + size;
    while (end.eventSeq() - to > size) {
      parts.add(new Part(start, end, whole, from, to));
      from = to;
      size *= GROWTH;
      to += size;
    }
    parts.add(new Part(start, end, whole, from, Long.MAX_VALUE));
    return parts;
  }

  /** Transactions that ended between the snapshots: newer ones, and those that ran at the first. */
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
