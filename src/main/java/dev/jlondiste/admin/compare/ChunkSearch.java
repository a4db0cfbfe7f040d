package dev.jlondiste.admin.compare;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.tables.TableSource;
import dev.jlondiste.db.Sql;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

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

  private static final int FETCH_SIZE = 1000;
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

  /** What the first step has found. */
  record Digests(int bits, Totals source, Totals local, List<Integer> differing) {}

  /** The rows of a bucket and the sum of their digests. */
  private record Bucket(long rows, BigInteger sum) {}

  /**
   * Compares the digests of buckets, in snapshots that may differ.
   *
   * @param rows about how many rows there are
   */
  Digests digests(long rows) throws SQLException, InterruptedException {
    int bits = bits(rows);
    try (SnapshotPair pair = SnapshotPair.open(cascade, source)) {
      BothSides.Results<Map<Integer, Bucket>> buckets =
          sides.call(side -> buckets(pair, side, bits));
      TreeSet<Integer> differing = new TreeSet<>(buckets.source().keySet());
      differing.addAll(buckets.local().keySet());
      differing.removeIf(
          bucket -> Objects.equals(buckets.source().get(bucket), buckets.local().get(bucket)));
      return new Digests(
          bits, totals(buckets.source()), totals(buckets.local()), List.copyOf(differing));
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

  /**
   * Passes the differences in buckets that differ to the sink; returns their number.
   *
   * @throws dev.jlondiste.fault.UserError if rows change too fast, or the worker is too slow
   */
  long differences(Digests digests, DifferenceSearch.Sink sink)
      throws SQLException, InterruptedException {
    if (digests.differing().isEmpty()) {
      return 0;
    }
    ExactRows exact =
        new ExactRows(
            cascade,
            source,
            table,
            options.mayLock(),
            () -> PointWait.of(cascade, options.force()));
    long found = 0;
    try (SnapshotPair pair = SnapshotPair.open(cascade, source)) {
      BothSides.Results<Rows> rows = sides.call(side -> new Rows(pair, side, digests));
      Rows there = rows.source();
      Rows here = rows.local();
      List<RowKey> candidates = new ArrayList<>();
      for (Optional<RowKey> next = next(there, here); next.isPresent(); next = next(there, here)) {
        candidates.add(next.get());
        if (candidates.size() == CANDIDATES) {
          found += exact.differences(candidates, sink);
          candidates.clear();
        }
      }
      return found + exact.differences(candidates, sink);
    }
  }

  /** The next key whose rows differ. Both sides are in the same order. */
  private static Optional<RowKey> next(Rows there, Rows here) throws SQLException {
    while (true) {
      Row one = there.current();
      Row other = here.current();
      if (one == null && other == null) {
        return Optional.empty();
      }
      int order =
          one == null ? 1 : other == null ? -1 : one.key().hash().compareTo(other.key().hash());
      Row first = Objects.requireNonNull(order <= 0 ? one : other);
      boolean isEqual =
          order == 0
              && Objects.requireNonNull(one)
                  .digest()
                  .equals(Objects.requireNonNull(other).digest());
      if (order <= 0) {
        there.advance();
      }
      if (order >= 0) {
        here.advance();
      }
      if (!isEqual) {
        return Optional.of(first.key());
      }
    }
  }

  private record Row(RowKey key, String digest) {}

  /** The rows of one side in the order of their hashes; ends with its transaction. */
  private final class Rows {
    private final ResultSet rows;
    private @Nullable Row current;

    Rows(SnapshotPair pair, Side side, Digests digests) throws SQLException {
      Statement statement = pair.on(side).createStatement();
      statement.setEscapeProcessing(false);
      statement.setFetchSize(FETCH_SIZE);
      rows = statement.executeQuery(table.rowsOf(side, digests.bits(), digests.differing()));
      advance();
    }

    @Nullable Row current() {
      return current;
    }

    void advance() throws SQLException {
      current = rows.next() ? read() : null;
    }

    private Row read() throws SQLException {
      List<String> texts = new ArrayList<>();
      for (int i = 0; i < table.key().size(); i++) {
        texts.add(rows.getString(3 + i));
      }
      return new Row(new RowKey(rows.getString(1), texts), rows.getString(2));
    }
  }
}
