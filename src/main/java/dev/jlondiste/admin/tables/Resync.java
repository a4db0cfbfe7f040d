package dev.jlondiste.admin.tables;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.Replies;
import dev.jlondiste.cascade.FailingWorker;
import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.row.UrlEncoding;
import dev.jlondiste.replica.DeadLetters;
import dev.jlondiste.replica.LondisteFunctions;
import dev.jlondiste.replica.MergedTable;
import dev.jlondiste.replica.PartitionedRows;
import dev.jlondiste.replica.TableFault;
import dev.jlondiste.replica.TableFaults;
import dev.jlondiste.replica.TableInfo;
import dev.jlondiste.replica.TableState;
import dev.jlondiste.replica.UnsupportedHandler;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Marks tables to be copied again, all in one transaction. The worker does the copies. */
public final class Resync {
  private static final Logger log = LoggerFactory.getLogger(Resync.class);

  private final Cascade cascade;
  private final Optional<CopyFrom> from;

  /** Copies from the node {@code from}; if empty, from the node of the previous copy. */
  public Resync(Cascade cascade, Optional<CopyFrom> from) {
    this.cascade = cascade;
    this.from = from;
  }

  public void start(ObjectChoice choice) throws SQLException {
    if (cascade.node().isRoot()) {
      throw new UserError(
          "this node is the root: it has no provider to copy its tables from",
          "run resync on the branch or leaf whose rows are wrong");
    }
    if (cascade.node().combinedType().equals(Optional.of(NodeType.BRANCH))) {
      throw new UserError(
          "the rows of this node arrive through queue "
              + cascade.node().combinedQueue().orElse("")
              + ", which has a branch in this database",
          "run resync with the ini file of that queue's node");
    }
    TableSources sources = new TableSources(cascade);
    List<TableInfo> known =
        cascade.local().call(db -> LondisteFunctions.getTables(db, cascade.queue()));
    Map<TableName, TableInfo> local = new LinkedHashMap<>();
    known.stream().filter(TableInfo::local).forEach(table -> local.put(table.name(), table));
    Set<TableName> others =
        known.stream()
            .filter(table -> !table.local())
            .map(TableInfo::name)
            .collect(Collectors.toSet());
    List<TableName> tables =
        notRefused(copyable(choice.among(local.keySet(), others), local), local);
    CopyFrom source = from.orElse(CopyFrom.PROVIDER);
    if (from.isPresent() && !source.search() && !tables.isEmpty()) {
      Availability.check(sources.find(source, tables.get(0)), tables, false);
    } else if (from.isEmpty()) {
      checkFormerSources(sources, tables, local);
    }
    String worker = cascade.node().worker();
    cascade
        .local()
        .run(
            db -> {
              for (TableName table : tables) {
                reset(db, table, Optional.ofNullable(local.get(table)));
              }
              FailingWorker.retryNow(db, cascade.queue(), worker);
            });
    sources.wakeWorker();
  }

  /** The tables whose rows are in the table itself. */
  private static List<TableName> copyable(List<TableName> tables, Map<TableName, TableInfo> local) {
    List<TableName> accepted = new ArrayList<>();
    for (TableName name : tables) {
      Optional<PartitionedRows> rows =
          Optional.ofNullable(local.get(name)).flatMap(PartitionedRows::of);
      if (rows.isEmpty()) {
        accepted.add(name);
      } else if (tables.size() == 1) {
        throw rows.get().error();
      } else {
        log.warn("{}: {}\nHINT:  {}", name, rows.get().problem(), rows.get().hint());
      }
    }
    return accepted;
  }

  /**
   * The tables that the worker can copy. The copy of a table with an unsupported handler would not
   * start, and the events that wait for it would be lost.
   */
  private static List<TableName> notRefused(
      List<TableName> tables, Map<TableName, TableInfo> local) {
    List<TableName> accepted = new ArrayList<>();
    for (TableName name : tables) {
      Optional<UnsupportedHandler> refusal =
          Optional.ofNullable(local.get(name)).flatMap(UnsupportedHandler::of);
      if (refusal.isEmpty()) {
        accepted.add(name);
      } else if (tables.size() == 1) {
        throw refusal.get().error();
      } else {
        log.warn("{}: {}\nHINT:  {}", name, refusal.get().problem(), refusal.get().hint());
      }
    }
    return accepted;
  }

  /** Checks the provider only for tables that were copied from it; others need not exist there. */
  private static void checkFormerSources(
      TableSources sources, List<TableName> tables, Map<TableName, TableInfo> local)
      throws SQLException {
    List<TableName> fromProvider =
        tables.stream()
            .filter(
                name -> Optional.ofNullable(local.get(name)).flatMap(TableInfo::copyNode).isEmpty())
            .toList();
    if (!fromProvider.isEmpty()) {
      Availability.check(sources.provider(), fromProvider, false);
    }
  }

  /**
   * The state from which the copy starts over. A table whose keys and indexes a copy has dropped
   * must stay in copy until they are restored; without its snapshot the copy starts over.
   */
  private TableState restartState(Connection db, TableName name) throws SQLException {
    boolean incomplete =
        LondisteFunctions.getTables(db, cascade.queue()).stream()
            .anyMatch(now -> now.name().equals(name) && now.droppedDdl().isPresent());
    return incomplete ? TableState.IN_COPY : TableState.MISSING;
  }

  /** Starts the copies of all queues that feed the table over; false if there are no others. */
  private boolean resetAll(Connection db, TableInfo table) throws SQLException {
    MergedTable merged = MergedTable.of(db, cascade.queue(), table.destination());
    if (!merged.isShared()) {
      return false;
    }
    merged.requireMergedCopy(cascade.queue());
    for (MergedTable.Part part : MergedTable.restart(db, cascade.queue(), table.destination())) {
      String queue = part.queue();
      TableName name = part.table().name();
      log.info("Table {} state set to NULL in queue {}", name, queue);
      for (TableFault.Kind kind : TableFault.Kind.values()) {
        TableFaults.clear(db, queue, name, kind);
      }
      DeadLetters.deleteAll(db, queue, name);
      FailingWorker.retryNow(db, queue, part.worker());
    }
    return true;
  }

  private void reset(Connection db, TableName name, Optional<TableInfo> table) throws SQLException {
    if (from.isPresent() && table.isPresent()) {
      Map<String, String> attributes = new LinkedHashMap<>(table.get().attributes());
      from.get().attribute().ifPresent(node -> attributes.put("copy_node", node));
      Replies.check(
          LondisteFunctions.setTableAttributes(
              db, cascade.queue(), name, UrlEncoding.encode(attributes)));
    }
    if (table.isPresent() && resetAll(db, table.get())) {
      return;
    }
    Replies.check(
        LondisteFunctions.setTableState(db, cascade.queue(), name, null, restartState(db, name)));
    // The operator has removed the cause, so the next attempt must not wait.
    for (TableFault.Kind kind : TableFault.Kind.values()) {
      TableFaults.clear(db, cascade.queue(), name, kind);
    }
    DeadLetters.deleteAll(db, cascade.queue(), name); // the copy has what they changed
  }
}
