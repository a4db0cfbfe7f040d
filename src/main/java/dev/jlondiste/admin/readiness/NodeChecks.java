package dev.jlondiste.admin.readiness;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.cascade.NodeLocation;
import dev.jlondiste.cascade.ReachedNode;
import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.db.Database;
import dev.jlondiste.fault.UserError;
import java.sql.SQLException;
import java.util.Optional;

/**
 * The new node can have subscribers, and the two nodes find each other. Whether a location can be
 * reached is tested from where the command runs, which may differ from where the workers run.
 */
final class NodeChecks {
  private final Cascade cascade;
  private final Findings findings;

  NodeChecks(Cascade cascade, Findings findings) {
    this.cascade = cascade;
    this.findings = findings;
  }

  void type(NodeSide fresh, ReadinessOptions options) {
    if (!fresh.isLeaf()) {
      return;
    }
    String text = "node '" + fresh.name() + "' is a leaf, which has no queue";
    if (options.leafBecomesBranch()) {
      findings.warning(Check.NODE, text + ": it is converted into a branch first", null);
    } else {
      findings.blocker(Check.NODE, text, "convert-node --to=branch");
    }
  }

  /** Checks the location of a node that another one will read from. */
  void location(NodeSide of, NodeSide storedOn) {
    Optional<NodeLocation> location =
        storedOn.locations().stream().filter(l -> l.node().equals(of.name())).findFirst();
    String where = "node '" + storedOn.name() + "' ";
    if (location.isEmpty()) {
      findings.blocker(
          Check.LOCATION,
          where + "does not know node '" + of.name() + "'",
          "wait until its worker has caught up");
    } else if (location.get().dead()) {
      findings.blocker(
          Check.LOCATION,
          where + "has node '" + of.name() + "' tagged as dead",
          "tag-alive " + of.name());
    } else {
      reach(location.get(), where);
    }
  }

  private void reach(NodeLocation location, String where) {
    String text =
        where
            + "has '"
            + ConnectionString.mask(location.location())
            + "' as location of node '"
            + location.node()
            + "', which ";
    try {
      Database database = cascade.remote(ConnectionString.parse(location.location()));
      String found = ReachedNode.in(database, cascade.queue()).name();
      if (!found.equals(location.node())) {
        findings.blocker(Check.LOCATION, text + "leads to node '" + found + "'", hint(location));
      }
    } catch (SQLException | UserError e) {
      String line = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      findings.blocker(
          Check.LOCATION, text + "cannot be reached from here: " + line, hint(location));
    }
  }

  private static String hint(NodeLocation location) {
    return "set-location " + location.node() + " 'connect string'";
  }
}
