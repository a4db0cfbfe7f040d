package dev.jlondiste.admin.compare;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.tables.TableSource;
import dev.jlondiste.admin.waiting.Deadline;
import dev.jlondiste.db.QualifiedNames;
import dev.jlondiste.db.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Decides which of a few rows really differ. They are read again on both sides; one that differs
 * and did not change between both snapshots is a difference. One that did change is decided by its
 * events, see {@link EventsOfRows}, or read once more later. What remains undecided is read at a
 * {@link ConsistentPoint}, if the table may be locked.
 */
final class ExactRows {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(10);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  /** How long rows are read again before their table is frozen for a moment. */
  private static final Duration BEFORE_FREEZE = Duration.ofSeconds(2);

  private final Cascade cascade;
  private final TableSource source;
  private final ComparedTable table;
  private final boolean mayLock;
  private final Supplier<PointWait> limits;

  ExactRows(
      Cascade cascade,
      TableSource source,
      ComparedTable table,
      boolean mayLock,
      Supplier<PointWait> limits) {
    this.cascade = cascade;
    this.source = source;
    this.table = table;
    this.mayLock = mayLock;
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
    OptionalLong earlier = OptionalLong.empty();
    while (!left.isEmpty()) {
      Read read = mayLock && untilFreeze.isOver() ? readAtOnePoint(left) : read(left, earlier);
      earlier = OptionalLong.of(read.tick());
      List<RowKey> again =
          read.differences().isEmpty() ? List.of() : sink.accept(read.differences(), read.tick());
      found += read.differences().size() - again.size();
      left = Stream.concat(read.undecided().stream(), again.stream()).toList();
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
   * What was read.
   *
   * @param tick the tick that the local rows have
   * @param undecided rows that have to be read again
   */
  private record Read(long tick, List<Difference> differences, List<RowKey> undecided) {}

  /** {@code earlier}: a tick that the local rows had when they were read before. */
  private Read read(List<RowKey> keys, OptionalLong earlier) throws SQLException {
    try (SnapshotPair pair = SnapshotPair.open(cascade, source)) {
      ComparableTables.requireInSync(pair.local(), cascade.queue(), table.name());
      List<Difference> found = differences(keys, pair.source(), pair.local());
      if (found.isEmpty()) {
        return new Read(pair.tick(), List.of(), List.of());
      }
      Doubt doubt = Doubt.between(pair, source, cascade.queue(), table);
      List<Difference> certain = new ArrayList<>();
      List<Difference> doubtful = new ArrayList<>();
      found.forEach(row -> (doubt.concerns(row.key()) ? doubtful : certain).add(row));
      List<RowKey> undecided = new ArrayList<>();
      if (earlier.isPresent() && !doubtful.isEmpty()) {
        EventsOfRows events =
            EventsOfRows.since(earlier.getAsLong(), pair, source, cascade.queue(), table, doubtful);
        for (Difference row : doubtful) {
          events
              .decide(row)
              .ifPresentOrElse(
                  decided -> {
                    if (!decided.isNone() && !(table.isPart() && decided.source().isEmpty())) {
                      certain.add(decided);
                    }
                  },
                  () -> undecided.add(row.key()));
        }
      } else {
        doubtful.forEach(row -> undecided.add(row.key()));
      }
      return new Read(pair.tick(), certain, undecided);
    }
  }

  /** Every row is decided, but writers may wait for a moment. */
  private Read readAtOnePoint(List<RowKey> keys) throws SQLException, InterruptedException {
    try (ConsistentPoint point =
        ConsistentPoint.of(
            cascade, source, table.source().name(), table.local().name(), limits.get())) {
      QualifiedNames.begin(point.source());
      QualifiedNames.begin(point.local());
      ComparableTables.requireInSync(point.local(), cascade.queue(), table.name());
      return new Read(point.tick(), differences(keys, point.source(), point.local()), List.of());
    }
  }

  private List<Difference> differences(List<RowKey> keys, Connection there, Connection here)
      throws SQLException {
    Map<String, Found> theirs = rows(there, Side.SOURCE, keys);
    Map<String, Found> ours = rows(here, Side.LOCAL, keys);
    List<Difference> differences = new ArrayList<>();
    for (RowKey key : keys) {
      Optional<Found> source = Optional.ofNullable(theirs.get(key.hash()));
      Optional<Found> local = Optional.ofNullable(ours.get(key.hash()));
      Difference difference =
          new Difference(key, source.map(Found::texts), local.map(Found::texts));
      if (!difference.isNone() && isMine(source, local)) {
        differences.add(difference);
      }
    }
    return differences;
  }

  /**
   * Where both sides have another order, two ranges have the same row. Of a part, the source has
   * the rows.
   */
  private boolean isMine(Optional<Found> source, Optional<Found> local) {
    return table.isPart()
        ? source.isPresent() && source.get().isInRange()
        : local.or(() -> source).orElseThrow().isInRange();
  }

  private record Found(boolean isInRange, RowTexts texts) {}

  private Map<String, Found> rows(Connection db, Side side, List<RowKey> keys) throws SQLException {
    Map<String, Found> rows = new HashMap<>();
    Sql.plain(
        db,
        table.rowsWithKeys(side, keys),
        row -> rows.put(row.getString(1), new Found(row.getBoolean(2), table.texts(row))));
    return rows;
  }
}
