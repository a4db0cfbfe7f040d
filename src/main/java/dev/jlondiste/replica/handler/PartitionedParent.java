package dev.jlondiste.replica.handler;

import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The table whose partitions a handler writes to.
 *
 * @param declarative true if the table itself is partitioned; its partitions then have bounds
 * @param keyColumn the only column of the partition key; null unless {@code declarative}
 */
record PartitionedParent(TableName name, boolean declarative, @Nullable String keyColumn) {
  private static final String KIND =
      "select c.relkind::text from pg_catalog.pg_class c where c.oid = to_regclass(?)";

  private static final String KEY =
      """
      select p.partstrat::text = 'r' and p.partnatts = 1 as by_range, a.attname,
             pg_catalog.pg_get_partkeydef(p.partrelid) as definition
        from pg_catalog.pg_partitioned_table p
        left join pg_catalog.pg_attribute a
          on a.attrelid = p.partrelid and a.attnum = p.partattrs[0] and a.attnum > 0
       where p.partrelid = to_regclass(?)
      """;

  private static final String PARTITIONS =
      """
      with recursive tree (oid) as (
        select to_regclass(?)::oid
        union
        select i.inhrelid from pg_catalog.pg_inherits i join tree t on i.inhparent = t.oid)
      select n.nspname, c.relname
        from tree t
        join pg_catalog.pg_class c on c.oid = t.oid
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where c.relkind = 'r'
       order by 1, 2
      """;

  private static final String CAN_BE_CAPTURED =
      """
      select to_regclass('londiste.partitioned_table') is not null
             and exists (
               select 1 from pg_catalog.pg_index i
                where i.indrelid = to_regclass(?) and i.indisprimary)
      """;

  /**
   * Reads the table.
   *
   * @throws UserError if it does not exist, or if no partitions by time can be created in it
   */
  static PartitionedParent read(Connection local, TableName name) throws SQLException {
    Optional<String> kind = Sql.first(local, KIND, row -> row.getString(1), name.quoted());
    if (kind.isEmpty()) {
      throw new UserError(
          "table " + name + " does not exist here", "create it; its partitions get its definition");
    }
    return kind.get().equals("p")
        ? Sql.one(local, KEY, row -> declarative(name, row), name.quoted())
        : new PartitionedParent(name, false, null);
  }

  private static PartitionedParent declarative(TableName name, ResultSet row) throws SQLException {
    String column = row.getString("attname");
    if (!row.getBoolean("by_range") || column == null) {
      throw new UserError(
          "table %s is partitioned by %s, not by a range of one column"
              .formatted(name, row.getString("definition")),
          "use table_mode=direct, or a table partitioned by range of the column with the time");
    }
    return new PartitionedParent(name, true, column);
  }

  /** Throws UserError if rows select their partition by another column than that of the bounds. */
  void requireKeyOf(HandlerContext context, ColumnArguments fields) {
    Optional<String> field = context.argument(LoadArguments.PART_FIELD);
    boolean isByField =
        context.argument(LoadArguments.PART_MODE).equals(Optional.of(PartMode.DATE_FIELD.value()));
    if (declarative
        && isByField
        && field.isPresent()
        && !fields.target(field.get()).equals(Optional.ofNullable(keyColumn))) {
      throw new UserError(
          "table %s is partitioned by range of column '%s', part_field is '%s'"
              .formatted(name, keyColumn, field.get()),
          "give that column: --handler-arg=part_field=...");
    }
  }

  /**
   * True if its partitions can have triggers. Those of Londiste are not for partitioned tables, and
   * events of rows need a key.
   */
  boolean canBeCaptured(Connection local) throws SQLException {
    return Sql.one(local, CAN_BE_CAPTURED, row -> row.getBoolean(1), name.quoted());
  }

  /** The table and its partitions, as far as they have rows of their own. */
  static Iterable<TableName> tablesWithRows(Connection local, TableName name) throws SQLException {
    return Sql.list(
        local,
        PARTITIONS,
        row -> new TableName(row.getString("nspname"), row.getString("relname")),
        name.quoted());
  }
}
