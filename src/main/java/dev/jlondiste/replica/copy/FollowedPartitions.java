package dev.jlondiste.replica.copy;

import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import dev.jlondiste.db.TableRows;
import dev.jlondiste.replica.TableInfo;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * The partitions of a root whose rows a copy may read. Changes of a partition that was just created
 * or attached are not captured yet; its rows are sent as events when it is followed, see {@code
 * londiste._follow_partitions}. Read before that, a row could be deleted without an event.
 */
final class FollowedPartitions {
  private static final String IS_FOLLOWING =
      "select to_regclass('londiste.partition_info') is not null and pgq_node.is_root_node(?)";

  private static final String CONDITION =
      """
      select 'tableoid = any (' || quote_literal(coalesce(
                 '{' || string_agg(part_oid::text, ',' order by part_oid) || '}', '{}'))
             || '::pg_catalog.oid[])'
        from londiste.partition_info
       where queue_name = ? and table_name = ?
      """;

  private FollowedPartitions() {}

  /**
   * Returns the condition for rows of the source in the snapshot of its transaction; empty if all
   * rows may be read.
   */
  static Optional<String> condition(
      Connection there, String queue, TableInfo table, TableName original) throws SQLException {
    return TableRows.isPartitioned(there, original)
            && Sql.one(there, IS_FOLLOWING, row -> row.getBoolean(1), queue)
        ? Sql.first(there, CONDITION, row -> row.getString(1), queue, table.name().full())
        : Optional.empty();
  }
}
