package dev.jlondiste.cascade;

import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.db.Database;
import dev.jlondiste.db.Sql;
import dev.jlondiste.fault.Hint;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Finds the queues whose node in a database is a copy, for the ticker of that database. */
public final class CopiedNodes {
  /** Also false if the role is not allowed to read the table, as a ticker's role may be. */
  private static final String HAS_NODES =
      """
      select case when pg_catalog.to_regnamespace('pgq_node') is null then false
                  when not pg_catalog.has_schema_privilege('pgq_node', 'usage') then false
                  when pg_catalog.to_regclass('pgq_node.node_info') is null then false
                  else pg_catalog.has_table_privilege('pgq_node.node_info', 'select') end
      """;

  private static final String QUEUES = "select queue_name from pgq_node.node_info order by 1";

  private CopiedNodes() {}

  /**
   * Returns the problem and its hint for each queue. A location that cannot be reached from here is
   * no problem, because a ticker need not have the passwords of the nodes.
   */
  public static Map<String, String> find(
      Database database, Function<ConnectionString, Database> remote) throws SQLException {
    Map<String, String> found = new TreeMap<>();
    for (String queue : database.call(CopiedNodes::queues)) {
      OwnLocation own = OwnLocation.check(database, queue, remote);
      if (own.isCopy()) {
        found.put(queue, Hint.after(own.problem().orElseThrow(), own.hint()));
      }
    }
    return found;
  }

  private static List<String> queues(Connection db) throws SQLException {
    return Sql.one(db, HAS_NODES, row -> row.getBoolean(1))
        ? Sql.list(db, QUEUES, row -> row.getString(1))
        : List.of();
  }
}
