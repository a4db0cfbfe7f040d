package dev.jlondiste.cascade;

import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.db.Database;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.SqlFaults;
import dev.jlondiste.fault.UserError;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Function;

/**
 * Where a node's public location leads. A copy of a node's database contains the same node, and
 * would act in its name on the other members. The location distinguishes the two: it leads to the
 * original.
 *
 * <p>Only {@link Verdict#COPY} proves a copy. A location that cannot be reached from here, or that
 * leads to a standby or to a database without this node, may also be that of a moved database.
 */
public final class OwnLocation {
  /** The result of the check; only {@link #COPY} is a reason to refuse. */
  public enum Verdict {
    /** It leads to this database, or this database has no node for the queue. */
    HERE,
    /** It leads to another database that is not in recovery and has the same node. */
    COPY,
    /** It leads to a standby, or to another database without this node. */
    ELSEWHERE,
    /** It could not be reached, or a query there failed. */
    UNKNOWN
  }

  private final Verdict verdict;
  private final String queue;
  private final String node;
  private final String location;
  private final String detail;

  private OwnLocation(Verdict verdict, String queue, String node, String location, String detail) {
    this.verdict = verdict;
    this.queue = queue;
    this.node = node;
    this.location = location;
    this.detail = detail;
  }

  /**
   * Checks the node of {@code queue} in {@code local}. Throws only the failures of {@code local}.
   *
   * @param remote returns the database of a stored location; this method does not close it
   */
  public static OwnLocation check(
      Database local, String queue, Function<ConnectionString, Database> remote)
      throws SQLException {
    Optional<NodeLocation> self = self(local, queue);
    if (self.isEmpty()) {
      return new OwnLocation(Verdict.HERE, queue, "", "", "");
    }
    String name = self.get().node();
    String location = self.get().location();
    String shown = ConnectionString.mask(location);
    try (Connection here = local.open()) {
      try (Connection there = remote.apply(ConnectionString.parse(location)).open()) {
        return compare(here, there, new OwnLocation(Verdict.HERE, queue, name, shown, ""));
      } catch (SQLException | UserError e) {
        return new OwnLocation(Verdict.UNKNOWN, queue, name, shown, String.valueOf(e.getMessage()));
      }
    }
  }

  private static Optional<NodeLocation> self(Database local, String queue) throws SQLException {
    try {
      return local.call(
          db -> {
            Optional<String> name = NodeFunctions.getNodeInfo(db, queue).map(NodeInfo::name);
            return name.isEmpty()
                ? Optional.empty()
                : NodeFunctions.getQueueLocations(db, queue).stream()
                    .filter(member -> member.node().equals(name.get()))
                    .findFirst();
          });
    } catch (SQLException e) {
      if (SqlFaults.isUndefinedObject(e)) { // pgq_node is not installed
        return Optional.empty();
      }
      throw e;
    }
  }

  private static OwnLocation compare(Connection here, Connection there, OwnLocation same)
      throws SQLException {
    if (SameDatabase.compare(here, there) == SameDatabase.Verdict.SAME) {
      return same;
    }
    if (Sql.one(there, "select pg_catalog.pg_is_in_recovery()", row -> row.getBoolean(1))) {
      return same.as(Verdict.ELSEWHERE, "it leads to a standby server");
    }
    Optional<String> name;
    try {
      name = NodeFunctions.getNodeInfo(there, same.queue).map(NodeInfo::name);
    } catch (SQLException e) {
      if (!SqlFaults.isUndefinedObject(e)) {
        throw e;
      }
      name = Optional.empty();
    }
    if (name.filter(same.node::equals).isPresent()) {
      return same.as(Verdict.COPY, "");
    }
    return same.as(
        Verdict.ELSEWHERE,
        name.map(other -> "it leads to node '" + other + "'")
            .orElse("it leads to a database without a node of this queue"));
  }

  private OwnLocation as(Verdict found, String why) {
    return new OwnLocation(found, queue, node, location, why);
  }

  public boolean isCopy() {
    return verdict == Verdict.COPY;
  }

  public Verdict verdict() {
    return verdict;
  }

  /** What an operator has to know; empty if the location leads here. */
  public Optional<String> problem() {
    return switch (verdict) {
      case HERE -> Optional.empty();
      case COPY ->
          Optional.of(
              "this database is a copy of node "
                  + node
                  + " of queue "
                  + queue
                  + ": the node's public location ("
                  + location
                  + ") leads to another database, which is that node");
      case ELSEWHERE ->
          Optional.of(
              "the public location of node "
                  + node
                  + " ("
                  + location
                  + ") does not lead to this database: "
                  + detail);
      case UNKNOWN ->
          Optional.of(
              "cannot check that node "
                  + node
                  + "'s public location leads to this database: "
                  + detail);
    };
  }

  /** The hint that belongs to {@link #problem}. */
  public String hint() {
    return isCopy()
        ? "a staging copy or restored backup: 'uninstall --force' here makes it an ordinary"
            + " database; if this database is the node and the other one is retired: stop that one"
            + " and store the new location with 'set-location "
            + node
            + " CONNSTR', or set allow_copied_database = 1; see configuration.md,"
            + " 'Copies of a database'"
        : MovedNode.hint(node);
  }
}
