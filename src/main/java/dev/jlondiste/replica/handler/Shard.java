package dev.jlondiste.replica.handler;

import dev.jlondiste.db.Sql;
import dev.jlondiste.fault.UserError;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * The part of the rows that a database has: those whose hash, masked, is its number.
 *
 * @param mask the number of shards less one; a power of two less one
 */
record Shard(long number, long mask) {
  private static final String INFO_SQL = "shard_info_sql";

  /** The columns of the table that Londiste 3.8 reads by default, and those of older versions. */
  private static final String NEW_CONF =
      "select shard_nr, shard_mask, shard_count from partconf.conf";

  private static final String OLD_CONF = "select part_nr, max_part from partconf.conf";

  private static final String COLUMNS =
      """
      select a.attname
        from pg_catalog.pg_attribute a
       where a.attrelid = to_regclass('partconf.conf') and a.attnum > 0 and not a.attisdropped
      """;

  private static final int WITH_COUNT = 3;

  /** Reads the number and the mask of this database. */
  static Shard read(Connection local, HandlerContext context) throws SQLException {
    String sql =
        context.setting(INFO_SQL).isPresent()
            ? context.setting(INFO_SQL).get()
            : defaultQuery(local);
    List<Shard> shards = Sql.list(local, sql, row -> of(row, sql));
    if (shards.size() != 1) {
      throw problem(sql, "returned " + shards.size() + " rows");
    }
    return shards.get(0);
  }

  private static String defaultQuery(Connection local) throws SQLException {
    List<String> columns = Sql.list(local, COLUMNS, row -> row.getString(1));
    if (columns.isEmpty()) {
      throw new UserError(
          "the number of this shard is unknown: there is no table partconf.conf here",
          "create it, or set shard_info_sql in the ini file: a query of shard number, mask and"
              + " count");
    }
    return columns.contains("shard_nr") ? NEW_CONF : OLD_CONF;
  }

  private static Shard of(ResultSet row, String sql) throws SQLException {
    int columns = row.getMetaData().getColumnCount();
    if (columns != 2 && columns != WITH_COUNT) {
      throw problem(sql, "has " + columns + " columns");
    }
    long number = row.getLong(1);
    boolean hasNull = row.wasNull();
    long mask = row.getLong(2);
    hasNull |= row.wasNull();
    long count = columns == WITH_COUNT ? row.getLong(WITH_COUNT) : mask + 1;
    if (hasNull || row.wasNull()) {
      throw problem(sql, "returned NULL");
    }
    if (mask != count - 1 || count < 1 || Long.bitCount(count) != 1) {
      throw problem(
          sql,
          "returned mask %d for %d shards: the count must be a power of two, the mask one less"
              .formatted(mask, count));
    }
    if (number < 0 || number >= count) {
      throw problem(sql, "returned shard number %d of %d".formatted(number, count));
    }
    return new Shard(number, mask);
  }

  private static UserError problem(String sql, String problem) {
    return new UserError(
        "query of the shard " + problem + ": " + sql,
        "shard_info_sql must return one row: shard number, mask, count; or number and mask");
  }

  boolean has(long hash) {
    return (hash & mask) == number;
  }

  /** An SQL condition for rows whose hash is the value of {@code expression}. */
  String condition(String expression) {
    return "((" + expression + ") & " + mask + ") = " + number;
  }
}
