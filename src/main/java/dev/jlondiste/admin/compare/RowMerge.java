package dev.jlondiste.admin.compare;

import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the md5 of each row of both sides in the order of the hashes of their keys, and returns the
 * keys of those that differ. Ends with the transactions of its snapshots.
 */
final class RowMerge {
  private static final int FETCH_SIZE = 1000;
  private static final int DIGEST_DIGITS = 16;
  private static final int HEX = 16;

  private final ComparedTable table;
  private final Rows there;
  private final Rows here;
  private Totals source = Totals.NONE;
  private Totals local = Totals.NONE;

  private RowMerge(ComparedTable table, BothSides.Results<Rows> rows) {
    this.table = table;
    this.there = rows.source();
    this.here = rows.local();
  }

  /** {@code buckets}: empty for the rows of all. */
  static RowMerge of(
      ComparedTable table,
      SnapshotPair pair,
      BothSides sides,
      int bits,
      Optional<List<Integer>> buckets)
      throws SQLException, InterruptedException {
    return new RowMerge(
        table, sides.call(side -> Rows.of(table, pair, side, table.rowsOf(side, bits, buckets))));
  }

  /** The next key whose rows differ; of a part, only those that the source has. */
  Optional<RowKey> next() throws SQLException {
    while (true) {
      Row one = there.current();
      Row other = here.current();
      if (one == null && (other == null || table.isPart())) {
        return Optional.empty();
      }
      int order =
          one == null ? 1 : other == null ? -1 : one.key().hash().compareTo(other.key().hash());
      if (order <= 0) {
        source = source.plus(Objects.requireNonNull(one).total());
        there.advance();
      }
      if (order == 0 || (order > 0 && !table.isPart())) {
        local = local.plus(Objects.requireNonNull(other).total());
      }
      if (order >= 0) {
        here.advance();
      }
      Row first = Objects.requireNonNull(order <= 0 ? one : other);
      boolean isEqual = order == 0 && first.digest().equals(Objects.requireNonNull(other).digest());
      if (!isEqual && !(order > 0 && table.isPart())) {
        return Optional.of(first.key());
      }
    }
  }

  /** The rows of the source so far. */
  Totals source() {
    return source;
  }

  /** The local rows so far; of a part, those whose keys the source has. */
  Totals local() {
    return local;
  }

  private record Row(RowKey key, String digest) {
    Totals total() {
      long first = Long.parseUnsignedLong(digest.substring(0, DIGEST_DIGITS), HEX);
      return new Totals(1, BigInteger.valueOf(first));
    }
  }

  /** The rows of one side. */
  private static final class Rows {
    private final ComparedTable table;
    private final ResultSet rows;
    private @Nullable Row current;

    private Rows(ComparedTable table, ResultSet rows) {
      this.table = table;
      this.rows = rows;
    }

    static Rows of(ComparedTable table, SnapshotPair pair, Side side, String query)
        throws SQLException {
      Statement statement = pair.on(side).createStatement();
      statement.setEscapeProcessing(false);
      statement.setFetchSize(FETCH_SIZE);
      Rows rows = new Rows(table, statement.executeQuery(query));
      rows.advance();
      return rows;
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
