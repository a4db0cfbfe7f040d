package dev.jlondiste.admin.takeover;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.tables.CaptureComparison;
import dev.jlondiste.admin.tables.CaptureComparison.TableCapture;
import dev.jlondiste.admin.tables.CaptureComparison.Verdict;
import dev.jlondiste.db.KeptConnections;
import dev.jlondiste.db.LockHolders;
import dev.jlondiste.db.TableName;
import dev.jlondiste.loop.ShortLocks;
import dev.jlondiste.replica.LondisteFunctions;
import dev.jlondiste.replica.TableInfo;
import dev.jlondiste.replica.inventory.TriggerRepair;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the capture of a branch as good as that of the root which it will replace. Each table is a
 * transaction of its own; locks are tried in short attempts.
 */
final class CaptureUpgrade {
  private static final Logger log = LoggerFactory.getLogger(CaptureUpgrade.class);

  private final Cascade cascade;
  private final String node;

  CaptureUpgrade(Cascade cascade, String node) {
    this.cascade = cascade;
    this.node = node;
  }

  /** Regenerates the triggers of tables whose capture is not as good as on {@code root}. */
  void comparedWith(String root) throws SQLException {
    List<TableCapture> worse =
        new CaptureComparison(cascade)
            .compare(node, root).stream()
                .filter(table -> table.verdict() != Verdict.AS_GOOD)
                .toList();
    if (worse.isEmpty() || !cascade.call(node, LondisteFunctions::hasNativeCapture)) {
      return;
    }
    Map<TableName, TableName> local =
        cascade.call(node, db -> LondisteFunctions.getTables(db, cascade.queue())).stream()
            .collect(Collectors.toMap(TableInfo::name, TableInfo::destination));
    try (KeptConnections connections = new KeptConnections()) {
      for (TableCapture table : worse) {
        regenerate(connections, table.table(), local.getOrDefault(table.table(), table.table()));
      }
    }
  }

  private void regenerate(KeptConnections connections, TableName table, TableName here)
      throws SQLException {
    TriggerRepair.Outcome outcome =
        connections.call(
            cascade.database(node),
            db ->
                ShortLocks.ofCommand(cascade.settings().lockTimeout())
                    .call(
                        db,
                        List.of(here.quoted()),
                        LockHolders.Mode.AGAINST_ALL,
                        locked ->
                            TriggerRepair.repair(
                                locked,
                                cascade.queue(),
                                table,
                                "auto",
                                cascade.settings().handlerSettings())));
    outcome.done().forEach(line -> log.info("[{}] {}", node, line));
  }
}
