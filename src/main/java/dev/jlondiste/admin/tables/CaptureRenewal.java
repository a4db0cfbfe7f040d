package dev.jlondiste.admin.tables;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.db.KeptConnections;
import dev.jlondiste.db.LockHolders;
import dev.jlondiste.db.SqlExplanation;
import dev.jlondiste.db.SqlFaults;
import dev.jlondiste.db.SqlWork;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.loop.ShortLocks;
import dev.jlondiste.replica.LondisteFunctions;
import dev.jlondiste.replica.LondisteFunctions.CaptureInfo;
import dev.jlondiste.replica.TableInfo;
import dev.jlondiste.replica.inventory.Finding;
import dev.jlondiste.replica.inventory.FindingKind;
import dev.jlondiste.replica.inventory.TriggerRepair;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the triggers of tables anew, each table in a transaction of its own: after it was changed,
 * when they are not in order, or to capture it in another way.
 */
public final class CaptureRenewal {
  private static final Logger log = LoggerFactory.getLogger(CaptureRenewal.class);

  private final Cascade cascade;

  public CaptureRenewal(Cascade cascade) {
    this.cascade = cascade;
  }

  /** How each local table is captured; empty where the database knows one way alone. */
  public List<CaptureInfo> captures() throws SQLException {
    return cascade.local().call(db -> LondisteFunctions.captures(db, cascade.queue()));
  }

  /**
   * Of several tables, one that is refused does not keep the others back.
   *
   * @param choice no words: the tables that have changed, or whose triggers are not in order
   * @param wish empty: as they are captured now
   * @return false when a table was refused; the log says why
   */
  public boolean renew(ObjectChoice choice, Optional<Capture> wish) throws SQLException {
    cascade.node();
    boolean knowsNative = cascade.local().call(LondisteFunctions::hasNativeCapture);
    if (wish.isPresent() && !knowsNative) {
      throw new UserError(
          "This database has no native capture",
          "'upgrade' installs it where the schemas are ours");
    }
    List<TableName> all =
        new ReplicatedObjects(cascade).inOrder().stream().map(TableInfo::name).toList();
    boolean bare = choice.words().isEmpty() && !choice.all();
    List<Finding> findings = bare ? new NodeInventory(cascade).here().findings() : List.of();
    List<TableName> tables = bare ? registered(findings) : choice.among(all, List.of());
    List<Finding> stray =
        findings.stream().filter(f -> f.kind() == FindingKind.TRIGGERS_STRAY).toList();
    if (tables.isEmpty() && stray.isEmpty()) {
      log.info("No table has changed since its triggers were made");
    }
    Map<TableName, TableName> names = names();
    boolean done = true;
    try (KeptConnections connections = new KeptConnections()) {
      for (TableName table : tables) {
        done &= attempt(() -> renew(table, names.getOrDefault(table, table), wish, connections));
      }
      for (Finding finding : stray) {
        done &= attempt(() -> dropStray(finding, findings, connections));
      }
    }
    return done;
  }

  /** What is the local name of which table. */
  private Map<TableName, TableName> names() throws SQLException {
    return cascade.local().call(db -> LondisteFunctions.getTables(db, cascade.queue())).stream()
        .collect(Collectors.toMap(TableInfo::name, TableInfo::destination));
  }

  private static List<TableName> registered(List<Finding> findings) {
    return findings.stream()
        .filter(finding -> finding.kind().concernsTriggers())
        .map(Finding::object)
        .distinct()
        .toList();
  }

  private void renew(
      TableName table, TableName here, Optional<Capture> wish, KeptConnections connections)
      throws SQLException {
    String kind = wish.map(Capture::toString).orElse(null);
    TriggerRepair.Outcome outcome =
        locked(connections, here, db -> TriggerRepair.repair(db, cascade.queue(), table, kind));
    outcome.done().forEach(log::info);
    if (outcome.done().isEmpty()) {
      log.info("Triggers are in order: {}", table);
    }
    if (outcome.changesLost()) {
      log.warn("{}: not all changes were captured: 'resync {}' on its subscribers", table, table);
    }
  }

  /** It may be one that is looked for, and then its triggers tell what it was. */
  private void dropStray(Finding stray, List<Finding> findings, KeptConnections connections)
      throws SQLException {
    if (findings.stream().anyMatch(f -> f.kind() == FindingKind.TABLE_GONE)) {
      throw new UserError(stray.object() + ": " + stray.reason(), stray.fix());
    }
    locked(
        connections,
        stray.object(),
        db -> {
          TriggerRepair.dropStray(db, cascade.queue(), stray.object());
          return stray;
        });
    log.info("Triggers dropped: {}, which is not registered", stray.object());
  }

  /** One transaction, repeated until it gets its locks. */
  private <T> T locked(KeptConnections connections, TableName here, SqlWork<T> work)
      throws SQLException {
    return connections.call(
        cascade.local(),
        db ->
            ShortLocks.ofCommand(cascade.settings().lockTimeout())
                .call(db, List.of(here.quoted()), LockHolders.Mode.AGAINST_ALL, work));
  }

  @FunctionalInterface
  private interface Step {
    void run() throws SQLException;
  }

  private boolean attempt(Step step) throws SQLException {
    try {
      step.run();
      return true;
    } catch (UserError e) {
      log.error(e.text());
    } catch (SQLException e) {
      if (SqlFaults.isLostConnection(e)) {
        throw e; // the server is gone, for the others too
      }
      log.error(SqlExplanation.of(e, cascade.local().target()).text());
    }
    return false;
  }
}
