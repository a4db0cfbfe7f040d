package dev.jlondiste.admin.compare;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.tables.TableSource;
import dev.jlondiste.db.Sql;
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

/**
 * Decides which of a few rows really differ. They are read again on both sides; one that differs
 * and did not change between both snapshots is a difference, one that did change is read once more
 * later.
 */
final class ExactRows {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(10);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

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
    while (!left.isEmpty()) {
      List<RowKey> changing = new ArrayList<>();
      found += read(left, changing, sink);
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
    List<Difference> found = new ArrayList<>();
    long tick;
    try (SnapshotPair pair = SnapshotPair.open(cascade, source)) {
      tick = pair.tick();
      Map<String, RowTexts> there = rows(pair, Side.SOURCE, keys);
      Map<String, RowTexts> here = rows(pair, Side.LOCAL, keys);
      for (RowKey key : keys) {
        Difference difference =
            new Difference(
                key,
                Optional.ofNullable(there.get(key.hash())),
                Optional.ofNullable(here.get(key.hash())));
        if (!difference.isNone()) {
          found.add(difference);
        }
      }
      if (!found.isEmpty()) {
        Doubt doubt = Doubt.between(pair, source, cascade.queue(), table);
        found.stream().map(Difference::key).filter(doubt::concerns).forEach(changing::add);
        found.removeIf(difference -> doubt.concerns(difference.key()));
      }
    }
    if (found.isEmpty()) {
      return 0;
    }
    List<RowKey> again = sink.accept(found, tick);
    changing.addAll(again);
    return (long) found.size() - again.size();
  }

  private Map<String, RowTexts> rows(SnapshotPair pair, Side side, List<RowKey> keys)
      throws SQLException {
    Object[] columns = new Object[table.key().size()];
    for (int i = 0; i < columns.length; i++) {
      int column = i;
      columns[i] = keys.stream().map(key -> key.texts().get(column)).toList();
    }
    Map<String, RowTexts> rows = new HashMap<>();
    Sql.list(
        pair.on(side),
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
