package dev.jlondiste.admin.compare;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.tables.TableSource;
import dev.jlondiste.db.Sql;
import java.math.BigInteger;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Finds the rows of a range of a table that differ while both sides go on changing. Three steps,
 * each of which reads less: digests of many small buckets, the md5 of each row in buckets whose
 * digests differ, and the rows that differ then, which may only have changed meanwhile. The last
 * step is exact, see {@link ExactRows}; the others only choose its candidates. Needs memory for the
 * digests and for some hundred rows, however many rows the range has.
 */
final class ChunkSearch {
  /** So many rows are in a bucket, on average. */
  private static final long ROWS_OF_BUCKET = 200;

  private static final int CANDIDATES = 200;

  private final Cascade cascade;
  private final TableSource source;
  private final ComparedTable table;
  private final BothSides sides;
  private final SearchOptions options;

  /** Searches the range of {@code table}. */
  ChunkSearch(
      Cascade cascade,
      TableSource source,
      ComparedTable table,
      BothSides sides,
      SearchOptions options) {
    this.cascade = cascade;
    this.source = source;
    this.table = table;
    this.sides = sides;
    this.options = options;
  }

  /**
   * What was found.
   *
   * @param source the rows of the source when they were counted
   * @param local the same of this node
   * @param reading how long the servers were busy with all rows of the range
   */
  record Found(Totals source, Totals local, Duration reading) {}

  /** The rows of a bucket and the sum of their digests. */
  private record Bucket(long rows, BigInteger sum) {}

  /**
   * Passes the differences to the sink.
   *
   * @param rows about how many rows there are
   * @throws dev.jlondiste.fault.UserError if rows change too fast, or the worker is too slow
   */
  Found search(long rows, DifferenceSearch.Sink sink) throws SQLException, InterruptedException {
    int bits = bits(rows);
    long began = System.nanoTime();
    if (table.isPart()) { // digests of all local rows would tell nothing
      RowMerge merge = differences(bits, Optional.empty(), sink);
      return new Found(merge.source(), merge.local(), since(began));
    }
    BothSides.Results<Map<Integer, Bucket>> buckets = buckets(bits);
    Duration reading = since(began);
    TreeSet<Integer> differing = new TreeSet<>(buckets.source().keySet());
    differing.addAll(buckets.local().keySet());
    differing.removeIf(
        bucket -> Objects.equals(buckets.source().get(bucket), buckets.local().get(bucket)));
    if (!differing.isEmpty()) {
      differences(bits, Optional.of(List.copyOf(differing)), sink);
    }
    return new Found(totals(buckets.source()), totals(buckets.local()), reading);
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }

  private BothSides.Results<Map<Integer, Bucket>> buckets(int bits)
      throws SQLException, InterruptedException {
    try (SnapshotPair pair = SnapshotPair.open(cascade, source)) {
      return sides.call(side -> buckets(pair, side, bits));
    }
  }

  private static int bits(long rows) {
    int bits = 64 - Long.numberOfLeadingZeros(rows / ROWS_OF_BUCKET);
    return Math.max(4, Math.min(ComparedTable.MAX_BITS, bits));
  }

  private Map<Integer, Bucket> buckets(SnapshotPair pair, Side side, int bits) throws SQLException {
    Map<Integer, Bucket> buckets = new HashMap<>();
    Sql.plain(
        pair.on(side),
        table.digests(side, bits),
        row ->
            buckets.put(
                    row.getInt(1),
                    new Bucket(row.getLong(2), row.getBigDecimal(3).toBigIntegerExact()))
                == null);
    return buckets;
  }

  private static Totals totals(Map<Integer, Bucket> buckets) {
    return new Totals(
        buckets.values().stream().mapToLong(Bucket::rows).sum(),
        buckets.values().stream().map(Bucket::sum).reduce(BigInteger::add).orElse(null));
  }

  /** Passes those in buckets to the sink. */
  private RowMerge differences(
      int bits, Optional<List<Integer>> buckets, DifferenceSearch.Sink sink)
      throws SQLException, InterruptedException {
    ExactRows exact =
        new ExactRows(
            cascade,
            source,
            table,
            options.mayLock(),
            () -> PointWait.of(cascade, options.force()));
    try (SnapshotPair pair = SnapshotPair.open(cascade, source)) {
      RowMerge merge = RowMerge.of(table, pair, sides, bits, buckets);
      List<RowKey> candidates = new ArrayList<>();
      for (Optional<RowKey> next = merge.next(); next.isPresent(); next = merge.next()) {
        candidates.add(next.get());
        if (candidates.size() == CANDIDATES) {
          exact.differences(candidates, sink);
          candidates.clear();
        }
      }
      exact.differences(candidates, sink);
      return merge;
    }
  }
}
