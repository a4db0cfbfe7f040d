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
 * Regenerates the triggers of tables, each table in a transaction of its own: after the table was
 * changed, when a trigger is missing or wrong, or to change the kind of capture.
 */
public final class TriggerRegeneration {
  private static final Logger log = LoggerFactory.getLogger(TriggerRegeneration.class);

  private final Cascade cascade;

  public TriggerRegeneration(Cascade cascade) {
    this.cascade = cascade;
  }

  /** How each local table is captured; empty if the database has no native capture. */
  public List<CaptureInfo> captures() throws SQLException {
    return cascade.local().call(db -> LondisteFunctions.captures(db, cascade.queue()));
  }

  /**
   * Regenerates triggers. A table that is refused does not affect the others.
   *
   * @param choice without words: the tables that have changed, or whose triggers are missing or
   *     wrong
   * @param requested the kind of capture; empty: keep the present one
   * @return false when a table was refused; the log says why
   */
  public boolean regenerate(ObjectChoice choice, Optional<Capture> requested) throws SQLException {
    cascade.node();
    boolean hasNative = cascade.local().call(LondisteFunctions::hasNativeCapture);
    if (requested.isPresent() && !hasNative) {
      throw new UserError(
          "This database has no native capture",
          "'upgrade' installs it if jlondiste installed the schemas");
    }
    List<TableName> all =
        new ReplicatedObjects(cascade).inOrder().stream().map(TableInfo::name).toList();
    boolean isUnspecified = choice.words().isEmpty() && !choice.all();
    List<Finding> findings =
        isUnspecified ? new NodeInventory(cascade).here().findings() : List.of();
    List<TableName> tables = isUnspecified ? registered(findings) : choice.among(all, List.of());
    List<Finding> stray =
        findings.stream().filter(f -> f.kind() == FindingKind.TRIGGERS_STRAY).toList();
    if (tables.isEmpty() && stray.isEmpty()) {
      log.info("No table has changed since its triggers were created");
    }
    Map<TableName, TableName> names = names();
    boolean done = true;
    try (KeptConnections connections = new KeptConnections()) {
      for (TableName table : tables) {
        done &=
            attempt(
                () -> regenerate(table, names.getOrDefault(table, table), requested, connections));
      }
      for (Finding finding : stray) {
        done &= attempt(() -> dropStray(finding, findings, connections));
      }
    }
    return done;
  }

  /** The local name of each table. */
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

  private void regenerate(
      TableName table, TableName here, Optional<Capture> requested, KeptConnections connections)
      throws SQLException {
    String kind = requested.map(Capture::toString).orElse(null);
    TriggerRepair.Outcome outcome =
        locked(
            connections,
            here,
            db ->
                TriggerRepair.repair(
                    db, cascade.queue(), table, kind, cascade.settings().handlerSettings()));
    outcome.done().forEach(log::info);
    if (outcome.done().isEmpty()) {
      log.info("Triggers are in order: {}", table);
    }
    if (outcome.changesLost()) {
      log.warn("{}: not all changes were captured: 'resync {}' on its subscribers", table, table);
    }
  }

  /**
   * Drops triggers of a table that is not registered. Refused while a registered table is missing:
   * this table may be it under a new name, and its triggers are the only evidence.
   */
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

  /** Runs one transaction; repeats it until it gets its locks or lock_timeout is over. */
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
        throw e; // the connection is lost: the other tables would fail as well
      }
      log.error(SqlExplanation.of(e, cascade.local().target()).text());
    }
    return false;
  }
}
