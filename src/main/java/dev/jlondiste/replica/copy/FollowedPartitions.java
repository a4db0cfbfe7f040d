package dev.jlondiste.replica.copy;

import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import dev.jlondiste.db.TableRows;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.replica.TableInfo;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * The partitions of a root whose rows a copy may read. Changes of a partition that was just created
 * or attached are not captured yet; its rows are sent as events when it is followed, see {@code
 * londiste._follow_partitions}. Read before that, a row could be deleted without an event. One that
 * was created again under its name has no triggers yet; the number of a table may be another one
 * after a restore.
 */
final class FollowedPartitions {
  private static final String IS_FOLLOWING =
      "select to_regclass('londiste.partition_info') is not null and pgq_node.is_root_node(?)";

  private static final String IS_FOLLOWED =
      "select 1 from londiste.partitioned_table where queue_name = ? and table_name = ?";

  private static final String CONDITION =
      """
      select 'tableoid = any (' || quote_literal(coalesce(
                 '{' || string_agg(c.oid::text, ',' order by c.oid) || '}', '{}'))
             || '::pg_catalog.oid[])'
        from londiste.partition_info k
        join (select n.nspname || '.' || r.relname as name, r.oid
                from pg_catalog.pg_class r
                join pg_catalog.pg_namespace n on n.oid = r.relnamespace
               where r.relkind = 'r') c on c.name = k.part_name
       where k.queue_name = ? and k.table_name = ?
         and (londiste._has_triggers(k.queue_name, c.oid) or not k.has_triggers)
      """;

  private FollowedPartitions() {}

  /**
   * Returns the condition for rows of the source in the snapshot of its transaction; empty if all
   * rows may be read.
   *
   * @throws UserError if no partition is followed, because the table has become partitioned
   */
  static Optional<String> condition(
      Connection there, String queue, TableInfo table, TableName original) throws SQLException {
    if (!TableRows.isPartitioned(there, original)
        || !Sql.one(there, IS_FOLLOWING, row -> row.getBoolean(1), queue)) {
      return Optional.empty();
    }
    String name = table.name().full();
    if (Sql.first(there, IS_FOLLOWED, row -> 1, queue, name).isEmpty()) {
      throw new UserError(
          "table " + original + " of the root is partitioned, and its partitions are not captured",
          "on the root: regenerate-triggers " + table.name());
    }
    return Sql.first(there, CONDITION, row -> row.getString(1), queue, name);
  }
}
