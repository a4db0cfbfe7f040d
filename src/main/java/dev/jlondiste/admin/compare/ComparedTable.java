package dev.jlondiste.admin.compare;

import dev.jlondiste.admin.compare.ComparedColumns.Compared;
import dev.jlondiste.db.TableName;
import dev.jlondiste.structure.TableStructure;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A table with a key on both sides, and the queries that find differing rows. Rows are identified,
 * and ordered, by the md5 of the text of their key: both servers agree on it, whatever their
 * collations, encodings and versions are. Its first bits divide the rows into buckets.
 *
 * @param name the queue-wide name
 * @param key the columns of the local primary key
 * @param condition selects the rows that are compared, over the columns of both sides
 * @param sameEncoding true if both databases have the same encoding
 */
record ComparedTable(
    TableName name,
    TableStructure source,
    TableStructure local,
    ComparedColumns columns,
    List<Compared> key,
    Optional<String> condition,
    boolean sameEncoding) {
  /** Buckets are numbered by at most this many bits. */
  static final int MAX_BITS = 16;

  private static final int HEX_DIGITS = MAX_BITS / 4;

  ComparedTable {
    key = List.copyOf(key);
  }

  /** Returns the same table with fewer rows. */
  ComparedTable where(String sql) {
    String rows = condition.map(own -> "(" + own + ") and (" + sql + ")").orElse(sql);
    return new ComparedTable(name, source, local, columns, key, Optional.of(rows), sameEncoding);
  }

  /**
   * Returns a query for each bucket that has rows: its number, the number of its rows, and the sum
   * of the first 64 bits of the md5 of their texts.
   */
  String digests(Side side, int bits) {
    return "select bucket, count(*), sum(digest) from (select "
        + bucket(hash(side), bits)
        + " as bucket, ('x' || substr("
        + md5(side, columns.columns())
        + ", 1, 16))::bit(64)::bigint as digest from "
        + rows(side)
        + ") r group by bucket";
  }

  /**
   * Returns a query for the rows of buckets, ordered by the hash of the key: that hash, the md5 of
   * the row, and the text of each key column.
   */
  String rowsOf(Side side, int bits, List<Integer> buckets) {
    return "select hash, digest"
        + IntStream.range(0, key.size()).mapToObj(i -> ", key_" + i).collect(Collectors.joining())
        + " from (select "
        + hash(side)
        + " as hash, "
        + md5(side, columns.columns())
        + " as digest"
        + IntStream.range(0, key.size())
            .mapToObj(i -> ", (" + value(side, key.get(i)) + ")::text as key_" + i)
            .collect(Collectors.joining())
        + " from "
        + rows(side)
        + ") r where "
        + bucket("hash", bits)
        + " in ("
        + buckets.stream().map(String::valueOf).collect(Collectors.joining(", "))
        + ") order by hash::uuid";
  }

  /**
   * Returns a query for the rows with certain keys: the hash of the key, the compared text of each
   * column, then the text of each column as a literal has it. Its parameters are arrays of the
   * texts of the key columns.
   */
  String rowsWithKeys(Side side) {
    return "select "
        + hash(side)
        + columns.columns().stream()
            .map(column -> ", (" + column.text(value(side, column)) + ")::text")
            .collect(Collectors.joining())
        + columns.columns().stream()
            .map(column -> ", (" + value(side, column) + ")::text")
            .collect(Collectors.joining())
        + " from "
        + rows(side)
        + (condition.isPresent() ? " and " : " where ")
        + key.stream()
            .map(column -> value(side, column))
            .collect(Collectors.joining(", ", "(", ")"))
        + " in (select "
        + IntStream.range(0, key.size())
            .mapToObj(i -> "k.key_" + i + "::" + type(side, key.get(i)))
            .collect(Collectors.joining(", "))
        + " from "
        + keys(key.size())
        + ")";
  }

  /**
   * Returns a query for the hashes of keys. Its parameters are arrays of the texts of those columns
   * of the source that the key comes from, as {@link #keyColumns} names them.
   */
  String hashesOfKeys() {
    List<Compared> from = key.stream().filter(column -> column.from().isPresent()).toList();
    return "select "
        + hash(Side.SOURCE)
        + " from (select "
        + IntStream.range(0, from.size())
            .mapToObj(
                i ->
                    "k.key_%d::%s as %s"
                        .formatted(i, from.get(i).sourceType(), from.get(i).there()))
            .collect(Collectors.joining(", "))
        + " from "
        + keys(from.size())
        + ") r";
  }

  /** The columns of the source that the key comes from. */
  List<String> keyColumns() {
    return key.stream().flatMap(column -> column.from().stream()).toList();
  }

  private static String keys(int columns) {
    return IntStream.range(0, columns)
            .mapToObj(i -> "?::text[]")
            .collect(Collectors.joining(", ", "unnest(", ")"))
        + IntStream.range(0, columns)
            .mapToObj(i -> "key_" + i)
            .collect(Collectors.joining(", ", " k (", ")"));
  }

  private String rows(Side side) {
    TableStructure table = side == Side.SOURCE ? source : local;
    return (table.isPartitioned() ? "" : "only ")
        + table.name().quoted()
        + condition.map(sql -> " where (" + sql + ")").orElse("");
  }

  private String hash(Side side) {
    return md5(side, key);
  }

  private String md5(Side side, List<Compared> of) {
    String text = ComparedColumns.row(of, column -> value(side, column)) + "::text";
    return "md5(" + (sameEncoding ? text : "convert_to(" + text + ", 'UTF8')") + ")";
  }

  private static String bucket(String hash, int bits) {
    return "(('x' || substr(%s, 1, %d))::bit(%d)::int >> %d)"
        .formatted(hash, HEX_DIGITS, MAX_BITS, MAX_BITS - bits);
  }

  private static String value(Side side, Compared column) {
    return side == Side.SOURCE ? column.there() : column.here();
  }

  private static String type(Side side, Compared column) {
    return side == Side.SOURCE ? column.sourceType() : column.localType();
  }
}
