package dev.jlondiste.admin.tables;

import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import dev.jlondiste.replica.LondisteFunctions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Partitions that a root has added by themselves, so that later ones will not be replicated. */
final class SinglePartitions {
  private static final Logger log = LoggerFactory.getLogger(SinglePartitions.class);

  /** Counts the added partitions of each partitioned table that is not part of another one. */
  private static final String BY_TABLE =
      """
      with recursive above as (
          select i.inhparent as oid, t.name as partition
            from unnest(?::text[]) t (name)
            join pg_catalog.pg_inherits i on i.inhrelid = pg_catalog.to_regclass(t.name)
            join pg_catalog.pg_class p on p.oid = i.inhparent and p.relkind::text = 'p'
           union all
          select i.inhparent, a.partition
            from above a
            join pg_catalog.pg_inherits i on i.inhrelid = a.oid
      )
      select n.nspname, c.relname, count(*)
        from above a
        join pg_catalog.pg_class c on c.oid = a.oid
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where not exists (select 1 from pg_catalog.pg_inherits i where i.inhrelid = a.oid)
       group by 1, 2
       order by 1, 2
      """;

  private record Partitioned(TableName table, long partitions) {}

  private SinglePartitions() {}

  /** Warns of each partitioned table that could be added as a whole instead. */
  static void report(Connection db, List<TableName> added) throws SQLException {
    if (added.isEmpty() || !LondisteFunctions.hasNativeCapture(db)) {
      return;
    }
    Sql.list(
            db,
            BY_TABLE,
            row ->
                new Partitioned(new TableName(row.getString(1), row.getString(2)), row.getLong(3)),
            added.stream().map(TableName::quoted).toList())
        .forEach(
            found ->
                log.warn(
                    "{}: {} of its partitions added one by one, later ones will not be replicated;"
                        + " to follow them, remove-table these and 'add-table {}'",
                    found.table(),
                    found.partitions(),
                    found.table()));
  }
}
