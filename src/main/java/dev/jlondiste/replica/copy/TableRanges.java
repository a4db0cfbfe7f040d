package dev.jlondiste.replica.copy;

import dev.jlondiste.db.Quoting;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Divides a table of the source into ranges that several streams read with one snapshot. Every row
 * that is visible in the snapshot is in exactly one range, even if the table changes meanwhile.
 * Ranges are blocks where the server supports TID range scans, otherwise values of a primary key of
 * one integer column. There are more ranges than streams, so that the streams finish at about the
 * same time.
 */
final class TableRanges {
  private static final int BLOCK_RANGES = 14;
  private static final int RANGES_PER_STREAM = 4;

  /** Smaller ranges cost more than they save. */
  private static final long MIN_BLOCKS = 64;

  private static final String BLOCKS =
      """
      select pg_catalog.pg_relation_size(c.oid) / current_setting('block_size')::bigint
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        left join pg_catalog.pg_am a on a.oid = c.relam
       where n.nspname = ? and c.relname = ? and c.relkind = 'r'
         and coalesce(a.amname, 'heap') = 'heap'
      """;
  private static final String INTEGER_KEY =
      """
      select a.attname
        from pg_catalog.pg_index i
        join pg_catalog.pg_class c on c.oid = i.indrelid
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
       where n.nspname = ? and c.relname = ? and i.indisprimary and i.indisvalid
         and i.indnatts = 1
         and a.atttypid in ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)
      """;

  private TableRanges() {}

  /**
   * Returns conditions that begin with {@code where}; fewer than two if the table is better copied
   * as a whole.
   */
  static List<String> of(Connection source, TableName table, int streams) throws SQLException {
    if (streams < 2) {
      return List.of();
    }
    long blocks =
        Sql.first(source, BLOCKS, row -> row.getLong(1), table.schema(), table.name()).orElse(0L);
    int ranges = (int) Math.min((long) streams * RANGES_PER_STREAM, blocks / MIN_BLOCKS);
    if (ranges < 2) {
      return List.of();
    }
    if (source.getMetaData().getDatabaseMajorVersion() >= BLOCK_RANGES) {
      return between(
          "ctid",
          LongStream.range(1, ranges)
              .mapToObj(i -> "'(" + blocks * i / ranges + ",0)'::pg_catalog.tid")
              .toList());
    }
    Optional<String> key =
        Sql.first(source, INTEGER_KEY, row -> row.getString(1), table.schema(), table.name());
    return key.isPresent()
        ? ofKeys(source, table, Quoting.identifier(key.get()), ranges)
        : List.of();
  }

  private static List<String> ofKeys(Connection source, TableName table, String key, int ranges)
      throws SQLException {
    String ends =
        "select min(%1$s)::text, max(%1$s)::text from only %2$s".formatted(key, table.quoted());
    List<String> minAndMax =
        Sql.one(
            source,
            ends,
            row ->
                row.getString(1) == null ? List.of() : List.of(row.getString(1), row.getString(2)));
    return minAndMax.isEmpty()
        ? List.of()
        : between(
            key,
            borders(new BigInteger(minAndMax.get(0)), new BigInteger(minAndMax.get(1)), ranges));
  }

  private static List<String> borders(BigInteger min, BigInteger max, int ranges) {
    BigInteger width = max.subtract(min);
    return LongStream.range(1, ranges)
        .mapToObj(
            i -> min.add(width.multiply(BigInteger.valueOf(i)).divide(BigInteger.valueOf(ranges))))
        .distinct()
        .map(border -> "(" + border + ")")
        .toList();
  }

  /** Returns the conditions; the first range has no lower bound and the last no upper bound. */
  static List<String> between(String what, List<String> borders) {
    List<String> ranges = new ArrayList<>();
    for (int i = 0; i <= borders.size(); i++) {
      List<String> ends = new ArrayList<>();
      if (i > 0) {
        ends.add(what + " >= " + borders.get(i - 1));
      }
      if (i < borders.size()) {
        ends.add(what + " < " + borders.get(i));
      }
      ranges.add(ends.isEmpty() ? "" : "where " + String.join(" and ", ends));
    }
    return ranges;
  }
}
