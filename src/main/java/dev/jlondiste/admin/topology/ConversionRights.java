package dev.jlondiste.admin.topology;

import dev.jlondiste.db.Sql;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.replica.LondisteFunctions;
import dev.jlondiste.replica.TableInfo;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Checks the rights that a conversion needs, before anything is changed. */
final class ConversionRights {
  private static final String MISSING =
      """
      select r.what
        from (values
               ('update on pgq.queue', has_table_privilege('pgq.queue', 'update')),
               ('delete on pgq.tick', has_table_privilege('pgq.tick', 'delete')),
               ('update on pgq_node.node_info', has_table_privilege('pgq_node.node_info', 'update')),
               ('update on pgq_node.local_state',
                has_table_privilege('pgq_node.local_state', 'update')),
               ('execute on pgq.create_queue(text)',
                has_function_privilege('pgq.create_queue(text)', 'execute')),
               ('execute on pgq.drop_queue(text, boolean)',
                has_function_privilege('pgq.drop_queue(text, boolean)', 'execute')),
               ('execute on pgq.register_consumer_at(text, text, bigint)',
                has_function_privilege('pgq.register_consumer_at(text, text, bigint)', 'execute')))
             as r (what, granted)
       where not r.granted
      """;

  /** A trigger is dropped by the owner of its table. */
  private static final String NOT_OWNED =
      """
      select 'ownership of table ' || t.name
        from unnest(?::text[]) with ordinality t (name, nr)
        join pg_catalog.pg_class c on c.oid = pg_catalog.to_regclass(t.name)
       where not pg_catalog.pg_has_role(c.relowner, 'usage')
       order by t.nr
      """;

  private ConversionRights() {}

  static void require(Connection db, String queue, String node) throws SQLException {
    List<String> missing = new ArrayList<>(Sql.list(db, MISSING, row -> row.getString(1)));
    List<String> tables =
        LondisteFunctions.getTables(db, queue).stream()
            .filter(TableInfo::local)
            .map(table -> table.destination().quoted())
            .toList();
    missing.addAll(Sql.list(db, NOT_OWNED, row -> row.getString(1), tables));
    if (!missing.isEmpty()) {
      String role = Sql.one(db, "select current_user::text", row -> row.getString(1));
      throw new UserError(
          "[%s] role %s lacks rights: %s".formatted(node, role, String.join(", ", missing)),
          "grant them, or use the role that has installed the schemas and owns the tables");
    }
  }
}
