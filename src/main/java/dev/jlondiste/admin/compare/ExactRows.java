package dev.jlondiste.admin.compare;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.tables.TableSource;
import dev.jlondiste.admin.waiting.Deadline;
import dev.jlondiste.db.QualifiedNames;
import dev.jlondiste.db.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Decides which of a few rows really differ. They are read again on both sides; one that differs
 * and did not change between both snapshots is a difference, one that did change is read once more
 * later. Rows that change faster than the worker follows are read at a {@link ConsistentPoint}.
 */
final class ExactRows {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(10);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  /** How long rows are read again before their table is frozen for a moment. */
  private static final Duration BEFORE_FREEZE = Duration.ofSeconds(2);

  private final Cascade cascade;
  private final TableSource source;
  private final ComparedTable table;
  private final Supplier<PointWait> limits;

  ExactRows(Cascade cascade, TableSource source, ComparedTable table, Supplier<PointWait> limits) {
    this.cascade = cascade;
    this.source = source;
    this.table = table;
    this.limits = limits;
  }

  /** Passes the differences to the sink; returns their number. */
  long differences(List<RowKey> keys, DifferenceSearch.Sink sink)
      throws SQLException, InterruptedException {
    long found = 0;
    List<RowKey> left = List.copyOf(keys);
    Duration pause = FIRST_PAUSE;
    PointWait limit = limits.get();
    Deadline untilFreeze = Deadline.in(BEFORE_FREEZE);
    while (!left.isEmpty()) {
      List<RowKey> changing = new ArrayList<>();
      found +=
          untilFreeze.isOver() ? readAtOnePoint(left, changing, sink) : read(left, changing, sink);
      left = changing;
      if (!left.isEmpty()) {
        limit.pause(pause);
        limit.require(
            left.size() + " rows of " + table.name() + " changed whenever they were read");
        pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : pause;
      }
    }
    return found;
  }

  /**
   * Passes the differences to the sink; returns their number. Adds the keys of rows that have to be
   * read again to {@code changing}.
   */
  private long read(List<RowKey> keys, List<RowKey> changing, DifferenceSearch.Sink sink)
      throws SQLException, InterruptedException {
    List<Difference> found;
    long tick;
    try (SnapshotPair pair = SnapshotPair.open(cascade, source)) {
      tick = pair.tick();
      found = differences(keys, pair.source(), pair.local());
      if (!found.isEmpty()) {
        Doubt doubt = Doubt.between(pair, source, cascade.queue(), table);
        found.stream().map(Difference::key).filter(doubt::concerns).forEach(changing::add);
        found.removeIf(difference -> doubt.concerns(difference.key()));
      }
    }
    return accepted(found, tick, changing, sink);
  }

  /** As {@link #read}; every row is known, but writers may wait for a moment. */
  private long readAtOnePoint(List<RowKey> keys, List<RowKey> changing, DifferenceSearch.Sink sink)
      throws SQLException, InterruptedException {
    List<Difference> found;
    long tick;
    try (ConsistentPoint point =
        ConsistentPoint.of(
            cascade, source, table.source().name(), table.local().name(), limits.get())) {
      QualifiedNames.begin(point.source());
      QualifiedNames.begin(point.local());
      tick = point.tick();
      found = differences(keys, point.source(), point.local());
    }
    return accepted(found, tick, changing, sink);
  }

  private List<Difference> differences(List<RowKey> keys, Connection there, Connection here)
      throws SQLException {
    Map<String, RowTexts> theirs = rows(there, Side.SOURCE, keys);
    Map<String, RowTexts> ours = rows(here, Side.LOCAL, keys);
    return keys.stream()
        .map(
            key ->
                new Difference(
                    key,
                    Optional.ofNullable(theirs.get(key.hash())),
                    Optional.ofNullable(ours.get(key.hash()))))
        .filter(difference -> !difference.isNone())
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private static long accepted(
      List<Difference> found, long tick, List<RowKey> changing, DifferenceSearch.Sink sink)
      throws SQLException, InterruptedException {
    if (found.isEmpty()) {
      return 0;
    }
    List<RowKey> again = sink.accept(found, tick);
    changing.addAll(again);
    return (long) found.size() - again.size();
  }

  private Map<String, RowTexts> rows(Connection db, Side side, List<RowKey> keys)
      throws SQLException {
    Object[] columns = new Object[table.key().size()];
    for (int i = 0; i < columns.length; i++) {
      int column = i;
      columns[i] = keys.stream().map(key -> key.texts().get(column)).toList();
    }
    Map<String, RowTexts> rows = new HashMap<>();
    Sql.list(
        db,
        table.rowsWithKeys(side),
        row -> Objects.isNull(rows.put(row.getString(1), texts(row))),
        columns);
    return rows;
  }

  private RowTexts texts(ResultSet row) throws SQLException {
    int columns = table.columns().columns().size();
    List<String> all = new ArrayList<>();
    for (int i = 0; i < 2 * columns; i++) {
      all.add(row.getString(2 + i));
    }
    return new RowTexts(all.subList(0, columns), all.subList(columns, 2 * columns));
  }
}
