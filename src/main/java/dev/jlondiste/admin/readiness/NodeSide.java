package dev.jlondiste.admin.readiness;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.cascade.NodeLocation;
import dev.jlondiste.cascade.NodeLock;
import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.replica.LondisteFunctions;
import dev.jlondiste.replica.PendingRestore;
import dev.jlondiste.replica.PendingRestores;
import dev.jlondiste.replica.TableFault;
import dev.jlondiste.replica.TableFaults;
import dev.jlondiste.replica.TableInfo;
import dev.jlondiste.replica.inventory.Inventory;
import dev.jlondiste.replica.inventory.NodeSurvey;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One of the two nodes of a takeover, read in one transaction.
 *
 * @param isOurCode false if the database has the SQL of Londiste
 * @param hasNativeCapture true if the database can create native triggers
 * @param hasWorkerLock true if a worker of this program runs; one of Londiste has no lock
 * @param hasWorkerSession true if a session has the worker's name
 * @param workerError the stored error of the worker
 * @param locations the members as the node knows them
 */
record NodeSide(
    NodeInfo node,
    NodeSurvey survey,
    List<TableFault> faults,
    List<PendingRestore> unrestored,
    List<NodeLocation> locations,
    boolean isOurCode,
    boolean hasNativeCapture,
    boolean hasWorkerLock,
    boolean hasWorkerSession,
    Optional<String> workerError) {
  private static final String IS_OUR_CODE =
      "select to_regprocedure('pgq_node.jlondiste_release()') is not null";
  private static final String HAS_SESSION =
      """
      select exists (select 1
                       from pg_catalog.pg_stat_activity a
                      where a.datname = pg_catalog.current_database()
                        and a.application_name = ?
                        and a.pid <> pg_catalog.pg_backend_pid())
      """;

  static NodeSide read(Cascade cascade, String name) throws SQLException {
    return cascade.call(name, db -> read(db, cascade, name));
  }

  private static NodeSide read(Connection db, Cascade cascade, String name) throws SQLException {
    String queue = cascade.queue();
    NodeInfo node =
        NodeFunctions.getNodeInfo(db, queue)
            .orElseThrow(
                () -> new UserError("node '" + name + "' has no queue '" + queue + "'", null));
    if (!node.name().equals(name)) {
      throw new UserError(
          "the location of node '" + name + "' leads to node '" + node.name() + "'",
          "'members' lists the locations of all nodes");
    }
    return new NodeSide(
        node,
        new Inventory(queue, cascade.settings().inventoryIgnore()).survey(db, node.type()),
        TableFaults.list(db, queue),
        PendingRestores.list(db),
        NodeFunctions.getQueueLocations(db, queue),
        Sql.one(db, IS_OUR_CODE, row -> row.getBoolean(1)),
        LondisteFunctions.hasNativeCapture(db),
        NodeLock.isHeld(db, queue, node.worker()),
        Sql.one(db, HAS_SESSION, row -> row.getBoolean(1), node.worker()),
        NodeFunctions.getConsumers(db, queue).stream()
            .filter(consumer -> consumer.name().equals(node.worker()))
            .flatMap(consumer -> consumer.error().stream())
            .map(text -> text.lines().findFirst().orElse(""))
            .filter(line -> !line.isEmpty())
            .findFirst());
  }

  String name() {
    return node.name();
  }

  boolean isLeaf() {
    return node.type() == NodeType.LEAF;
  }

  /** The tables that are attached here, by queue-wide name. */
  Map<TableName, TableInfo> localTables() {
    return survey.tables().stream()
        .filter(TableInfo::local)
        .collect(Collectors.toMap(TableInfo::name, Function.identity()));
  }

  /** The local tables that have rows here, in the order of their registration. */
  List<TableInfo> tablesWithRows() {
    return survey.tables().stream()
        .filter(table -> table.local() && !table.isVirtual() && !table.isRefused())
        .toList();
  }
}
