package dev.jlondiste.admin.tables;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.Replies;
import dev.jlondiste.cascade.FailingWorker;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.row.UrlEncoding;
import dev.jlondiste.replica.LondisteFunctions;
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

/** Has tables copied anew. All in one transaction; the worker does the rest. */
public final class Resync {
  private static final Logger log = LoggerFactory.getLogger(Resync.class);

  private final Cascade cascade;
  private final Optional<CopyFrom> from;

  /** Empty {@code from}: from where the table was to be copied before. */
  public Resync(Cascade cascade, Optional<CopyFrom> from) {
    this.cascade = cascade;
    this.from = from;
  }

  public void start(ObjectChoice choice) throws SQLException {
    if (cascade.node().isRoot()) {
      throw new UserError(
          "this node is the root: there is nowhere to copy its tables from",
          "run resync on the branch or leaf whose rows are wrong");
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
    List<TableName> tables = notRefused(choice.among(local.keySet(), others), local);
    CopyFrom wish = from.orElse(CopyFrom.PROVIDER);
    if (from.isPresent() && !wish.search() && !tables.isEmpty()) {
      Availability.check(sources.find(wish, tables.get(0)), tables, false);
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

  /** A copy of a refused table would not start, and the events that wait for it would be lost. */
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

  /** Tables that were copied from elsewhere than the provider need not be on the provider. */
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
   * A copy that has taken keys and indexes from the table must not be forgotten before they are
   * back. Without its snapshot it starts over, wherever it is.
   */
  private TableState anew(Connection db, TableName name) throws SQLException {
    boolean incomplete =
        LondisteFunctions.getTables(db, cascade.queue()).stream()
            .anyMatch(now -> now.name().equals(name) && now.droppedDdl().isPresent());
    return incomplete ? TableState.IN_COPY : TableState.MISSING;
  }

  private void reset(Connection db, TableName name, Optional<TableInfo> table) throws SQLException {
    if (from.isPresent() && table.isPresent()) {
      Map<String, String> attributes = new LinkedHashMap<>(table.get().attributes());
      from.get().attribute().ifPresent(node -> attributes.put("copy_node", node));
      Replies.check(
          LondisteFunctions.setTableAttributes(
              db, cascade.queue(), name, UrlEncoding.encode(attributes)));
    }
    Replies.check(LondisteFunctions.setTableState(db, cascade.queue(), name, null, anew(db, name)));
    // The cause is gone, says the operator: the next attempt is not to wait.
    for (TableFault.Kind kind : TableFault.Kind.values()) {
      TableFaults.clear(db, cascade.queue(), name, kind);
    }
  }
}
