package dev.jlondiste.admin.topology;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.topology.ReachedMembers.Member;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cascade.SameDatabase;
import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.db.Database;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.SqlExplanation;
import dev.jlondiste.fault.UserError;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks that a connect string leads to a node of this cascade, and that this database is the only
 * one that claims to be it. A standby that was promoted while its old primary still runs is a
 * second copy of the node: each of the two would go on alone.
 */
final class LocationCheck {
  private static final Logger log = LoggerFactory.getLogger(LocationCheck.class);
  private static final String NOCHECK = "--nocheck skips this test";

  private final Cascade cascade;
  private final String name;
  private final Database candidate;

  /** Checks {@code candidate} as the new location of the node {@code name}. */
  LocationCheck(Cascade cascade, String name, Database candidate) {
    this.cascade = cascade;
    this.name = name;
    this.candidate = candidate;
  }

  /**
   * Checks the node itself, before any other member is connected to.
   *
   * @throws UserError if it cannot be reached, or is not that node
   */
  void requireNode() throws SQLException {
    try (Connection there = connect()) {
      if (isStandby(there)) {
        throw wrong("leads to a standby server", "promote it first; ");
      }
      Optional<NodeInfo> found = NodeFunctions.getNodeInfo(there, cascade.queue());
      if (found.isEmpty()) {
        throw wrong("leads to a database without a node of queue '" + cascade.queue() + "'", "");
      }
      if (!found.get().name().equals(name)) {
        throw wrong("leads to node '" + found.get().name() + "'", "");
      }
      if (cascade.node().name().equals(name)) {
        requireHere(there);
      } else {
        requireNeighbour(there, found.get());
      }
    }
  }

  private Connection connect() throws SQLException {
    try {
      return candidate.open();
    } catch (SQLException e) {
      UserError cause = SqlExplanation.of(e, candidate.target());
      throw new UserError(
          "cannot check the new location of node '" + name + "': " + cause.problem(),
          "the connect string must work from here, too; " + NOCHECK,
          e);
    }
  }

  private void requireHere(Connection there) throws SQLException {
    try (Connection here = cascade.local().open()) {
      SameDatabase.Verdict verdict = SameDatabase.compare(here, there);
      if (verdict != SameDatabase.Verdict.SAME) {
        throw wrong(
            "leads to another database than db of the ini file (fail=" + verdict.code() + ")",
            "db: " + cascade.local().target().masked() + "; ");
      }
    }
  }

  /** A node of the same name in another cascade does not know the local node. */
  private void requireNeighbour(Connection there, NodeInfo found) throws SQLException {
    String here = cascade.node().name();
    boolean isKnown =
        NodeFunctions.getQueueLocations(there, cascade.queue()).stream()
            .anyMatch(member -> member.node().equals(here));
    if (!isKnown) {
      throw wrong(
          "leads to a node '" + name + "' that does not know node '" + here + "'",
          "another cascade with the same names? ");
    }
    boolean isProvider = cascade.node().provider().filter(name::equals).isPresent();
    if (isProvider && found.type() == NodeType.LEAF) {
      throw wrong("leads to a leaf, but node '" + here + "' reads from '" + name + "'", "");
    }
  }

  /** Checks against the other members: a second root, and a second database of the same node. */
  void requireOnlyOne(ReachedMembers members, ConnectionString location) throws SQLException {
    Optional<Member> found = members.find(name);
    List<String> otherRoots =
        members.all().stream()
            .filter(member -> member.node().isRoot() && !member.name().equals(name))
            .map(Member::name)
            .toList();
    if (found.isPresent() && found.get().node().isRoot() && !otherRoots.isEmpty()) {
      throw wrong(
          "leads to a root, but '" + otherRoots.get(0) + "' is the root of this cascade",
          "the database is older than a takeover; ");
    }
    for (String old : members.locationsOf(name).toList()) {
      if (!old.equals(location.text())) {
        requireNoCopy(ConnectionString.parse(old));
      }
    }
  }

  private void requireNoCopy(ConnectionString old) throws SQLException {
    try (Connection before = cascade.remote(old).open();
        Connection now = candidate.open()) {
      if (SameDatabase.compare(before, now) == SameDatabase.Verdict.SAME || isStandby(before)) {
        return;
      }
      boolean same =
          NodeFunctions.getNodeInfo(before, cascade.queue())
              .filter(node -> node.name().equals(name))
              .isPresent();
      if (!same) {
        return;
      }
    } catch (SQLException e) {
      log.debug("nothing answers at the old location {}: {}", old.masked(), e.getMessage());
      return;
    }
    throw new UserError(
        "two databases are node '%s': the stored location (%s) leads to one that accepts writes, %s to another"
            .formatted(name, old.masked(), candidate.target().masked()),
        "stop the server that is retired, or run 'uninstall --force' there; " + NOCHECK);
  }

  private static boolean isStandby(Connection db) throws SQLException {
    return Sql.one(db, "select pg_catalog.pg_is_in_recovery()", row -> row.getBoolean(1));
  }

  private UserError wrong(String what, String advice) {
    return new UserError("'" + candidate.target().masked() + "' " + what, advice + NOCHECK);
  }
}
