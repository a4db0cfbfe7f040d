package dev.jlondiste.admin.topology;

import dev.jlondiste.admin.Replies;
import dev.jlondiste.admin.schema.SqlSchema;
import dev.jlondiste.admin.schema.TemporaryFunction;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.cascade.SyncWatermark;
import dev.jlondiste.db.Sql;
import dev.jlondiste.pgq.row.UrlEncoding;
import dev.jlondiste.replica.LondisteFunctions;
import dev.jlondiste.replica.TableInfo;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Stores everything that one member has of a node under its new name, in the caller's transaction.
 * Where {@code pgq_node.rename_node} is missing, as in the schema of Londiste, its body runs from a
 * temporary function. Attributes are encoded dictionaries; they are changed with the functions that
 * both implementations have.
 */
final class RenameStep {
  static final TemporaryFunction FUNCTION =
      new TemporaryFunction(SqlSchema.PGQ_NODE, "rename_node", "text,text,text");
  private static final String HAS_TABLES =
      "select pg_catalog.to_regclass('londiste.table_info') is not null";

  private final String queue;
  private final String old;
  private final String renamed;

  RenameStep(String queue, String old, String renamed) {
    this.queue = queue;
    this.old = old;
    this.renamed = renamed;
  }

  /** Runs the step; {@code member} is the name of the member in messages. */
  void run(Connection db, String member) throws SQLException {
    Replies.check(
        member,
        FUNCTION.use(
            db,
            function ->
                NodeFunctions.call(
                    db, "select * from " + function + "(?, ?, ?)", queue, old, renamed)));
    // The function has locked the node, so no other command changes the attributes meanwhile.
    Optional<String> attributes =
        NodeFunctions.getNodeInfo(db, queue).flatMap(NodeInfo::attributes);
    if (attributes.isPresent()) {
      renameAttribute(db, attributes.get());
    }
    if (Sql.one(db, HAS_TABLES, row -> row.getBoolean(1))) {
      for (TableInfo table : LondisteFunctions.getTables(db, queue)) {
        renameCopyNode(db, table);
      }
    }
  }

  private void renameAttribute(Connection db, String stored) throws SQLException {
    Map<String, String> attributes = new LinkedHashMap<>(UrlEncoding.decodeDictionary(stored));
    List<String> nodes = SyncWatermark.nodes(attributes);
    if (nodes.contains(old)) {
      attributes.put(
          SyncWatermark.ATTRIBUTE,
          nodes.stream()
              .map(node -> node.equals(old) ? renamed : node)
              .collect(Collectors.joining(",")));
      NodeFunctions.setNodeAttributes(db, queue, UrlEncoding.encode(attributes)).orThrow();
    }
  }

  private void renameCopyNode(Connection db, TableInfo table) throws SQLException {
    if (table.local() && table.copyNode().filter(old::equals).isPresent()) {
      Map<String, String> attributes = new LinkedHashMap<>(table.attributes());
      attributes.put("copy_node", renamed);
      LondisteFunctions.setTableAttributes(db, queue, table.name(), UrlEncoding.encode(attributes))
          .orThrow();
    }
  }
}
