package dev.jlondiste.admin.readiness;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.db.TableName;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * What must be true before a node takes the place of another one that is alive. Only reads, in a
 * few queries per node whatever the number of tables, so it can be run at any time and as often as
 * wanted. Throws if one of the two nodes cannot be reached.
 */
public final class TakeoverChecks {
  private final Cascade cascade;
  private final ReadinessOptions options;

  public TakeoverChecks(Cascade cascade, ReadinessOptions options) {
    this.cascade = cascade;
    this.options = options;
  }

  /** Returns the findings for a takeover of {@code old} by {@code fresh}, by kind of check. */
  public List<ReadinessFinding> check(String old, String fresh) throws SQLException {
    Findings findings = new Findings();
    run(NodeSide.read(cascade, old), NodeSide.read(cascade, fresh), findings);
    return findings.list();
  }

  /** The checks of sequences, capture and transactions concern a root. */
  void run(NodeSide old, NodeSide fresh, Findings findings) throws SQLException {
    NodeChecks nodes = new NodeChecks(cascade, findings);
    nodes.type(fresh, options);
    nodes.location(old, fresh);
    nodes.location(fresh, old);
    TableChecks.run(old, fresh, options, findings);
    if (old.node().isRoot()) {
      CaptureChecks.run(old, fresh, findings);
      sequences(old, fresh, findings);
      MissingChecks.run(old, options, findings);
    }
    WorkerChecks workers = new WorkerChecks(cascade, findings);
    workers.run(old);
    workers.run(fresh);
    // read now, since the checks of many tables take a while
    long completed =
        cascade
            .call(fresh.name(), db -> NodeFunctions.getNodeInfo(db, cascade.queue()))
            .map(NodeInfo::lastTick)
            .orElseThrow()
            .orElse(0);
    cascade.call(
        old.name(),
        db -> {
          LagChecks.run(db, cascade.queue(), old, fresh.name(), completed, options, findings);
          if (old.node().isRoot()) {
            TransactionChecks.run(db, cascade.queue(), old, options, findings);
            UndoChecks.run(db, old, findings);
          }
          return true;
        });
  }

  private void sequences(NodeSide old, NodeSide fresh, Findings findings) throws SQLException {
    SequenceChecks checks =
        new SequenceChecks(old, fresh, cascade.settings().inventoryIgnore(), findings);
    checks.registration();
    Collection<TableName> shared = checks.shared();
    Map<TableName, SequenceState> onOld =
        cascade.call(old.name(), db -> SequenceState.read(db, shared));
    Map<TableName, SequenceState> onNew =
        cascade.call(fresh.name(), db -> SequenceState.read(db, shared));
    checks.definitions(onOld, onNew);
  }
}
