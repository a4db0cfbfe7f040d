package dev.jlondiste.admin.compare;

import dev.jlondiste.admin.compare.ComparedColumns.Compared;
import dev.jlondiste.db.Quoting;
import dev.jlondiste.db.TableName;
import dev.jlondiste.structure.TableStructure;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A table with a key on both sides, and the queries that find differing rows. Rows are identified,
 * and ordered, by the md5 of the text of their key: both servers agree on it, whatever their
 * collations, encodings and versions are.
 *
 * @param name the queue-wide name
 * @param key the columns of the local primary key
 * @param ordered how many columns of the key, from its first on, both sides have an order of that
 *     is the same but for few rows
 * @param condition selects the rows that this node is to have, over the columns of both sides
 * @param chosen selects the rows that are searched: those that fulfil it on either side
 * @param range the keys of the rows that are compared
 * @param sameEncoding true if both databases have the same encoding
 * @param sameHashes true if both servers hash texts in the same way, which is faster than md5
 * @param isPart true if the local table has rows of other sources as well, so that a row that the
 *     source does not have may be one of theirs
 */
record ComparedTable(
    TableName name,
    TableStructure source,
    TableStructure local,
    ComparedColumns columns,
    List<Compared> key,
    int ordered,
    Optional<String> condition,
    Optional<String> chosen,
    KeyRange range,
    boolean sameEncoding,
    boolean sameHashes,
    boolean isPart) {
  /** Buckets are numbered by at most this many bits. */
  static final int MAX_BITS = 16;

  private static final Set<String> WHOLE_NUMBERS = Set.of("smallint", "integer", "bigint");

  ComparedTable {
    key = List.copyOf(key);
  }

  /** Returns the same table, of which fewer rows are searched. */
  ComparedTable where(String sql) {
    return of(Optional.of(sql), range);
  }

  /** Returns the same table with the rows of a range. */
  ComparedTable in(KeyRange keys) {
    return of(chosen, keys);
  }

  private ComparedTable of(Optional<String> rows, KeyRange keys) {
    return new ComparedTable(
        name,
        source,
        local,
        columns,
        key,
        ordered,
        condition,
        rows,
        keys,
        sameEncoding,
        sameHashes,
        isPart);
  }

  /**
   * Returns a query for the limit that ends the range after so many local rows, as the texts of the
   * key columns that limits have. It has no row if there is no such limit.
   */
  String limitAfter(long rows) {
    return limits(rows(Side.LOCAL), rows);
  }

  /** Returns a query for the limit that follows the one that the range begins with. */
  String limitAfterFirst() {
    return limits(
        rows(Side.LOCAL) + " and " + compared(Side.LOCAL, ">", range.from().orElseThrow()), 0);
  }

  private String limits(String rows, long offset) {
    List<String> limit = limitColumns().map(Compared::here).toList();
    // Ordered by position: a name would mean the text that is returned.
    return "select "
        + IntStream.range(0, ordered)
            .mapToObj(i -> "key_" + i + "::text")
            .collect(Collectors.joining(", "))
        + " from (select "
        + IntStream.range(0, ordered)
            .mapToObj(i -> limit.get(i) + " as key_" + i)
            .collect(Collectors.joining(", "))
        + " from "
        + rows
        + " order by "
        + IntStream.rangeClosed(1, ordered)
            .mapToObj(String::valueOf)
            .collect(Collectors.joining(", "))
        + " limit 1 offset "
        + offset
        + ") r";
  }

  /** Returns a query on the source whether it has one limit before another. */
  String isBefore(List<String> limit, List<String> other) {
    return "select " + limit(Side.SOURCE, limit) + " < " + limit(Side.SOURCE, other);
  }

  private Stream<Compared> limitColumns() {
    return key.stream().limit(ordered);
  }

  private String compared(Side side, String operator, List<String> limit) {
    return limitColumns()
            .map(column -> value(side, column))
            .collect(Collectors.joining(", ", "(", ")"))
        + " "
        + operator
        + " "
        + limit(side, limit);
  }

  private String limit(Side side, List<String> texts) {
    return IntStream.range(0, ordered)
        .mapToObj(i -> Quoting.literal(texts.get(i)) + "::" + type(side, key.get(i)))
        .collect(Collectors.joining(", ", "(", ")"));
  }

  /** A condition for the rows of the range. */
  private Optional<String> ofRange(Side side) {
    return all(
        range.from().map(limit -> compared(side, ">=", limit)),
        range.to().map(limit -> compared(side, "<", limit)));
  }

  private static Optional<String> all(Optional<String> one, Optional<String> other) {
    return Stream.of(one, other)
        .flatMap(Optional::stream)
        .reduce((first, second) -> first + " and " + second);
  }

  /**
   * Returns a query for each bucket that has rows: its number, the number of its rows, and the sum
   * of a hash of 64 bits of their texts.
   */
  String digests(Side side, int bits) {
    return "select bucket, count(*), sum(digest) from (select "
        + bucket(side, bits)
        + " as bucket, "
        + hash64(side, columns.columns())
        + " as digest from "
        + rows(side)
        + ") r group by bucket";
  }

  /**
   * Returns a query for the rows of buckets, or of all, ordered by the hash of the key: that hash,
   * the md5 of the row, and the text of each key column.
   */
  String rowsOf(Side side, int bits, Optional<List<Integer>> buckets) {
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
        + buckets.map(numbers -> inBuckets(side, bits, numbers)).orElse("")
        + ") r order by hash::uuid";
  }

  private String inBuckets(Side side, int bits, List<Integer> buckets) {
    return (condition.isEmpty() && chosen.isEmpty() && range.isAll() ? " where " : " and ")
        + bucket(side, bits)
        + " in ("
        + buckets.stream().map(String::valueOf).collect(Collectors.joining(", "))
        + ")";
  }

  /**
   * Returns a query for the rows with certain keys, whether they are chosen and in the range or
   * not: the hash of the key, whether it is in the range, the compared text of each column, then
   * the text of each column as a literal has it. A local row that this node is not to have is
   * included: it occupies the key.
   */
  String rowsWithKeys(Side side, List<RowKey> keys) {
    return texts(side, ofRange(side).orElse("true"))
        + table(side)
        + " where "
        + (side == Side.LOCAL ? "" : condition.map(sql -> enclosed(sql) + " and ").orElse(""))
        + key.stream()
            .map(column -> value(side, column))
            .collect(Collectors.joining(", ", "(", ")"))
        + " in (select "
        + IntStream.range(0, key.size())
            .mapToObj(i -> "k.key_" + i + "::" + type(side, key.get(i)))
            .collect(Collectors.joining(", "))
        + " from "
        + arrays(key.size(), keys.stream().map(RowKey::texts).toList())
        + ")";
  }

  /**
   * Returns a query for rows of the source that are given by their values: what {@link
   * #rowsWithKeys} returns for them.
   *
   * @param given the columns that {@code values} has the texts of
   */
  String rowsWithValues(
      List<TableStructure.Column> given, List<? extends List<@Nullable String>> values) {
    return texts(Side.SOURCE, "true")
        + "(select "
        + IntStream.range(0, given.size())
            .mapToObj(
                i ->
                    "k.key_%d::%s as %s"
                        .formatted(i, given.get(i).type(), Quoting.identifier(given.get(i).name())))
            .collect(Collectors.joining(", "))
        + " from "
        + arrays(given.size(), values)
        + ") r"
        + condition.map(sql -> " where " + enclosed(sql)).orElse("");
  }

  private String texts(Side side, String isInRange) {
    return "select "
        + hash(side)
        + ", "
        + isInRange
        + columns.columns().stream()
            .map(column -> ", (" + column.text(value(side, column)) + ")::text")
            .collect(Collectors.joining())
        + columns.columns().stream()
            .map(column -> ", (" + value(side, column) + ")::text")
            .collect(Collectors.joining())
        + " from ";
  }

  /**
   * Returns a query for the hashes of keys, each with its number, counted from one.
   *
   * @param keys the texts of those columns of the source that {@link #keyColumns} names
   */
  String hashesOfKeys(List<? extends List<@Nullable String>> keys) {
    List<Compared> from = key.stream().filter(column -> column.from().isPresent()).toList();
    return "select "
        + hash(Side.SOURCE)
        + ", nr from (select k.nr, "
        + IntStream.range(0, from.size())
            .mapToObj(
                i ->
                    "k.key_%d::%s as %s"
                        .formatted(i, from.get(i).sourceType(), from.get(i).there()))
            .collect(Collectors.joining(", "))
        + " from "
        + arrays(from.size(), keys)
        + ") r";
  }

  /** The row of a result of {@link #rowsWithKeys}. */
  RowTexts texts(ResultSet row) throws SQLException {
    List<@Nullable String> all = new ArrayList<>();
    for (int i = 0; i < 2 * columns.columns().size(); i++) {
      all.add(row.getString(3 + i));
    }
    return new RowTexts(
        all.subList(0, columns.columns().size()),
        all.subList(columns.columns().size(), all.size()));
  }

  /** True if columns are compared that the source computes, and events do not have. */
  boolean needsGenerated() {
    return source.columns().stream()
        .anyMatch(
            column ->
                column.isGenerated()
                    && columns.columns().stream()
                        .anyMatch(compared -> compared.from().equals(Optional.of(column.name()))));
  }

  /** The columns of the source that the key comes from. */
  List<String> keyColumns() {
    return key.stream().flatMap(column -> column.from().stream()).toList();
  }

  private static String arrays(int columns, List<? extends List<@Nullable String>> rows) {
    return IntStream.range(0, columns)
            .mapToObj(i -> Quoting.array(rows.stream().map(row -> row.get(i)).toList()))
            .collect(Collectors.joining(", ", "unnest(", ")"))
        + IntStream.range(0, columns)
            .mapToObj(i -> "key_" + i)
            .collect(Collectors.joining(", ", " with ordinality k (", ", nr)"));
  }

  private String rows(Side side) {
    return table(side)
        + all(
                all(condition.map(ComparedTable::enclosed), chosen.map(ComparedTable::enclosed)),
                ofRange(side))
            .map(sql -> " where " + sql)
            .orElse("");
  }

  private String table(Side side) {
    TableStructure table = side == Side.SOURCE ? source : local;
    return (table.isPartitioned() ? "" : "only ") + table.name().quoted();
  }

  /** The line break ends a comment. */
  private static String enclosed(String sql) {
    return "(" + sql + "\n)";
  }

  private String hash(Side side) {
    return md5(side, key);
  }

  private String md5(Side side, List<Compared> of) {
    String text = text(side, of);
    return "md5(" + (sameEncoding ? text : "convert_to(" + text + ", 'UTF8')") + ")";
  }

  private String hash64(Side side, List<Compared> of) {
    return sameHashes
        ? "pg_catalog.hashtextextended(" + text(side, of) + " collate \"C\", 0)"
        : "('x' || substr(" + md5(side, of) + ", 1, 16))::bit(64)::bigint";
  }

  private static String text(Side side, List<Compared> of) {
    return ComparedColumns.row(of, column -> value(side, column)) + "::text";
  }

  /** By the hash of the key; for whole numbers by their last bits, which costs less. */
  private String bucket(Side side, int bits) {
    boolean areNumbers = key.stream().allMatch(column -> WHOLE_NUMBERS.contains(column.type()));
    String mixed =
        areNumbers
            ? IntStream.range(0, key.size())
                .mapToObj(i -> "(%s::bigint << %d)".formatted(value(side, key.get(i)), i))
                .collect(Collectors.joining(" # "))
            : hash64(side, key);
    return "((%s) & %d)::int".formatted(mixed, (1 << bits) - 1);
  }

  private static String value(Side side, Compared column) {
    return side == Side.SOURCE ? column.there() : column.here();
  }

  private static String type(Side side, Compared column) {
    return side == Side.SOURCE ? column.sourceType() : column.localType();
  }
}
