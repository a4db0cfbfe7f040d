package dev.jlondiste.replica.copy;

import dev.jlondiste.db.Quoting;
import dev.jlondiste.db.Sql;
import dev.jlondiste.replica.LondisteFunctions;
import dev.jlondiste.replica.TableInfo;
import dev.jlondiste.structure.DroppableObject;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * The native triggers of a branch's table that must not be there while its rows are copied. The
 * server fills the transition tables of triggers even if these do not fire, as in role replica. A
 * COPY is one statement, so it would write all its rows to temporary files as well. Compatible
 * triggers replace them meanwhile, and refuse changes in the same way.
 */
final class NativeTriggers {
  /** Smaller tables fit into memory, or nearly so: replacing the triggers would cost more. */
  static final long MIN_BYTES = 16 << 20;

  private static final String SIZE =
      "select pg_catalog.pg_relation_size(pg_catalog.to_regclass(?))";

  /** Null if there are none, or if the role cannot create them again. */
  private static final String REQUESTED =
      """
      select r.capture
        from londiste._capture_requested(?, ?) r (capture)
        join pg_catalog.pg_class c on c.oid = pg_catalog.to_regclass(?)
       where r.capture is not null
         and pg_catalog.pg_has_role(c.relowner, 'usage')
         and londiste._capture_obstacle(?, c.oid) is null
         and exists (
               select 1
                 from pg_catalog.pg_trigger g
                where g.tgrelid = c.oid
                  and coalesce(to_jsonb(g) ->> 'tgnewtable', to_jsonb(g) ->> 'tgoldtable')
                      is not null)
      """;

  private NativeTriggers() {}

  /** Returns the triggers to replace before the copy; empty if they may stay. */
  static List<DroppableObject> toReplace(
      Connection there, String original, Connection here, String queue, TableInfo table)
      throws SQLException {
    if (!LondisteFunctions.hasNativeCapture(here) || size(there, original) < MIN_BYTES) {
      return List.of();
    }
    return Sql.list(
        here,
        REQUESTED,
        row -> triggers(queue, table, row.getString(1)),
        queue,
        table.name().full(),
        table.destination().quoted(),
        queue);
  }

  private static long size(Connection db, String table) throws SQLException {
    return Sql.one(db, SIZE, row -> row.getLong(1), table);
  }

  private static DroppableObject triggers(String queue, TableInfo table, String capture) {
    return new DroppableObject(
        "triggers with transition tables",
        regenerate(queue, table, "compatible"),
        regenerate(queue, table, capture),
        false);
  }

  private static String regenerate(String queue, TableInfo table, String capture) {
    return "select londiste._regenerate_triggers(%s, %s, %s)"
        .formatted(
            Quoting.literal(queue), Quoting.literal(table.name().full()), Quoting.literal(capture));
  }
}
