package dev.jlondiste.admin.compare;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.tables.ObjectChoice;
import dev.jlondiste.db.TableName;
import dev.jlondiste.replica.LondisteFunctions;
import dev.jlondiste.replica.MergedTable;
import dev.jlondiste.replica.TableInfo;
import dev.jlondiste.replica.UnsupportedHandler;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Goes through tables of this node, and skips those that cannot be compared. */
final class ComparableTables {
  private static final Logger log = LoggerFactory.getLogger(ComparableTables.class);

  private final Cascade cascade;

  ComparableTables(Cascade cascade) {
    this.cascade = cascade;
  }

  /** Compares one table. */
  @FunctionalInterface
  interface Comparison {
    /**
     * Compares it.
     *
     * @throws NotComparable if the table is to be skipped
     */
    TableResult of(TableInfo table) throws SQLException, InterruptedException;
  }

  /**
   * Compares the tables that {@code words} name or match; without words, all tables in the order of
   * their registration.
   */
  void forEach(List<String> words, CompareVerdict verdict, Comparison comparison)
      throws SQLException, InterruptedException {
    for (TableInfo table : chosen(words, verdict)) {
      check(table, verdict, comparison);
    }
  }

  /** The queues that feed the table on this node. */
  private List<String> queues(TableInfo table) throws SQLException {
    return cascade
        .local()
        .call(db -> MergedTable.of(db, cascade.queue(), table.destination()))
        .parts()
        .stream()
        .map(MergedTable.Part::queue)
        .toList();
  }

  private void check(TableInfo table, CompareVerdict verdict, Comparison comparison)
      throws SQLException, InterruptedException {
    Optional<UnsupportedHandler> refusal = UnsupportedHandler.of(table);
    if (refusal.isPresent()) {
      log.warn("{}: {}\nHINT:  {}", table.name(), refusal.get().problem(), refusal.get().hint());
      verdict.add(TableResult.skipped(table.name(), refusal.get().problem()));
      return;
    }
    if (table.isVirtual()) {
      log.warn("{}: not compared: handler '{}' keeps no rows", table.name(), table.handler());
      verdict.add(TableResult.skipped(table.name(), "no rows here"));
      return;
    }
    if (table.hasPartitions()) {
      log.warn(
          "{}: not compared: handler '{}' writes its rows to partitions",
          table.name(),
          table.handler());
      verdict.add(TableResult.skipped(table.name(), "rows in partitions"));
      return;
    }
    if (!table.state().isOk()) {
      log.warn("Table {} not synced yet, no point", table.name());
      verdict.add(TableResult.skipped(table.name(), "copy not finished"));
      return;
    }
    List<String> queues = queues(table);
    if (queues.size() > 1) {
      log.warn(
          "{}: not compared: it has the rows of several sources, from queues {}",
          table.name(),
          String.join(", ", queues));
      verdict.add(TableResult.skipped(table.name(), "rows of several sources"));
      return;
    }
    try {
      verdict.add(comparison.of(table));
    } catch (NotComparable e) {
      log.warn("{}: not compared: {}", table.name(), e.reason());
      verdict.add(TableResult.skipped(table.name(), e.reason()));
    }
  }

  private List<TableInfo> chosen(List<String> words, CompareVerdict verdict) throws SQLException {
    Map<TableName, TableInfo> local = new LinkedHashMap<>();
    cascade.local().call(db -> LondisteFunctions.getTables(db, cascade.queue())).stream()
        .filter(TableInfo::local)
        .forEach(table -> local.put(table.name(), table));
    if (words.isEmpty()) {
      return List.copyOf(local.values());
    }
    List<TableInfo> tables = new ArrayList<>();
    for (TableName name : ObjectChoice.expand(words, local.keySet())) {
      TableInfo table = local.get(name);
      if (table == null) {
        log.warn("Table not subscribed: {}", name);
        verdict.missing();
      } else {
        tables.add(table);
      }
    }
    return tables;
  }
}
