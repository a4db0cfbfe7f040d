package dev.jlondiste.admin.readiness;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.readiness.Grants.Grant;
import dev.jlondiste.admin.status.NodeReport;
import dev.jlondiste.admin.status.NodeReporter;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.replica.TableInfo;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Whether the local node can become the root now, and the applications will find there what they
 * need: in addition to {@link TakeoverChecks} that the data was compared, and that views, planner
 * statistics, roles and privileges are ready.
 */
public final class CutOverChecks {
  private final Cascade cascade;
  private final ReadinessOptions options;

  public CutOverChecks(Cascade cascade, ReadinessOptions options) {
    this.cascade = cascade;
    this.options = options;
  }

  /**
   * Returns the findings, by kind of check.
   *
   * @param prepare refresh materialized views and analyze tables first
   */
  public List<ReadinessFinding> check(boolean prepare) throws SQLException {
    String here = cascade.node().name();
    String root = cascade.root().name();
    if (root.equals(here)) {
      throw new UserError(
          "node '" + here + "' is the root", "run this on the node that is to become the root");
    }
    Findings findings = new Findings();
    NodeSide old = NodeSide.read(cascade, root);
    NodeSide fresh = NodeSide.read(cascade, here);
    cascade
        .call(root, db -> NodeReporter.report(db, cascade.queue()))
        .flatMap(NodeReport::takeoverText)
        .ifPresent(text -> findings.blocker(Check.NODE, "[" + root + "] " + text, null));
    new TakeoverChecks(cascade, options).run(old, fresh, findings);
    cascade.local().run(db -> CompareChecks.run(db, cascade.queue(), fresh, findings));
    Set<TableName> analyzed = prepare ? new Preparation(cascade).run(fresh) : new HashSet<>();
    ViewChecks.compare(
        fresh,
        cascade.call(root, ViewChecks::list),
        cascade.local().call(ViewChecks::list),
        cascade.settings().inventoryIgnore(),
        findings);
    StatisticsChecks.report(
        fresh, cascade.local().call(db -> StatisticsChecks.list(db, fresh)), analyzed, findings);
    grants(old, fresh, findings);
    return findings.list();
  }

  private void grants(NodeSide old, NodeSide fresh, Findings findings) throws SQLException {
    Set<TableName> objects = new LinkedHashSet<>(old.survey().localSequences());
    old.survey().tables().stream()
        .filter(TableInfo::local)
        .map(TableInfo::destination)
        .forEach(objects::add);
    List<Grant> grants = cascade.call(old.name(), db -> Grants.list(db, objects));
    Set<String> names = new LinkedHashSet<>();
    grants.forEach(grant -> names.add(grant.role()));
    List<Grants.Role> there = cascade.call(old.name(), db -> Grants.roles(db, names));
    List<Grants.Role> here = cascade.local().call(db -> Grants.roles(db, names));
    GrantChecks checks = new GrantChecks(fresh, findings);
    Set<String> missing = checks.roles(there, here, grants);
    List<Grant> ofKnownRoles =
        grants.stream().filter(grant -> !missing.contains(grant.role())).toList();
    checks.grants(cascade.local().call(db -> Grants.missing(db, ofKnownRoles)));
  }
}
