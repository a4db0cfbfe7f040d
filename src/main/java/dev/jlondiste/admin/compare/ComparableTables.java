package dev.jlondiste.admin.compare;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.tables.ObjectChoice;
import dev.jlondiste.db.TableName;
import dev.jlondiste.replica.LondisteFunctions;
import dev.jlondiste.replica.TableInfo;
import dev.jlondiste.replica.UnsupportedHandler;
import java.sql.Connection;
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

  /**
   * Why a table is not compared.
   *
   * @param reason in the words of the summary
   */
  private record Obstacle(String message, String reason) {}

  private static Optional<Obstacle> obstacle(TableInfo table) {
    Optional<UnsupportedHandler> refusal = UnsupportedHandler.of(table);
    if (refusal.isPresent()) {
      return Optional.of(
          new Obstacle(
              table.name() + ": " + refusal.get().problem() + "\nHINT:  " + refusal.get().hint(),
              refusal.get().problem()));
    }
    if (table.isVirtual()) {
      return Optional.of(
          new Obstacle(
              "%s: not compared: handler '%s' keeps no rows"
                  .formatted(table.name(), table.handler()),
              "no rows here"));
    }
    if (table.hasPartitions()) {
      return Optional.of(
          new Obstacle(
              "%s: not compared: handler '%s' writes its rows to partitions"
                  .formatted(table.name(), table.handler()),
              "rows in partitions"));
    }
    if (!table.state().isOk()) {
      return Optional.of(
          new Obstacle("Table " + table.name() + " not synced yet, no point", "copy not finished"));
    }
    return Optional.empty();
  }

  /** True if nothing that is known of the table hinders a comparison. */
  static boolean isComparable(TableInfo table) {
    return obstacle(table).isEmpty();
  }

  private void check(TableInfo table, CompareVerdict verdict, Comparison comparison)
      throws SQLException, InterruptedException {
    Optional<Obstacle> obstacle = obstacle(table);
    if (obstacle.isPresent()) {
      log.warn(obstacle.get().message());
      verdict.add(TableResult.skipped(table.name(), obstacle.get().reason()));
      return;
    }
    try {
      verdict.add(comparison.of(table));
    } catch (NotComparable e) {
      log.warn("{}: not compared: {}", table.name(), e.reason());
      verdict.add(TableResult.skipped(table.name(), e.reason()));
    }
  }

  /**
   * Called in the transaction that reads or writes rows, because a copy of the table may have begun
   * since.
   *
   * @throws NotComparable if the table was removed, or is copied again
   */
  static void requireInSync(Connection local, String queue, TableName table) throws SQLException {
    boolean isInSync =
        LondisteFunctions.getTables(local, queue).stream()
            .anyMatch(info -> info.name().equals(table) && info.local() && info.state().isOk());
    if (!isInSync) {
      throw new NotComparable("it was removed, or is copied again");
    }
  }

  /** The tables of this node, in the order of their registration. */
  Map<TableName, TableInfo> all() throws SQLException {
    Map<TableName, TableInfo> local = new LinkedHashMap<>();
    cascade.local().call(db -> LondisteFunctions.getTables(db, cascade.queue())).stream()
        .filter(TableInfo::local)
        .forEach(table -> local.put(table.name(), table));
    return local;
  }

  private List<TableInfo> chosen(List<String> words, CompareVerdict verdict) throws SQLException {
    Map<TableName, TableInfo> local = all();
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
