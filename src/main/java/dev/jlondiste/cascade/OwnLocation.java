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
 * Where a node's public location leads, seen from a database that says it is that node. A copy of
 * the database says so too, and would act on the other members in the node's name. The location
 * tells the two apart: the original is reached through it.
 *
 * <p>Only proof counts as proof. A location that cannot be reached from here, that leads to a
 * standby, or to a database that is no such node, is what a moved database looks like as well.
 */
public final class OwnLocation {
  /** What was found; only {@link #COPY} is a reason to refuse. */
  public enum Verdict {
    /** It leads to this database, or this database has no node for the queue. */
    HERE,
    /** It leads to another database, which takes writes and says it is the same node. */
    COPY,
    /** It leads to another database, but not to a second node of the same name. */
    ELSEWHERE,
    /** It could not be reached, or not asked. */
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
   * Checks the node of {@code queue} in {@code local}. Throws only what {@code local} answers.
   *
   * @param remote the way to a stored location; it is not closed here
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
      if (SqlFaults.isUndefinedObject(e)) { // no nodes here
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

  /** What an operator has to know; empty when the location leads here. */
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

  /** The cure, where there is a problem. */
  public String hint() {
    return isCopy()
        ? "a staging copy or restored backup: 'uninstall --force' here makes it an ordinary"
            + " database; if this database is the node and the other one is retired: stop that one,"
            + " or set allow_copied_database = 1; see configuration.md,"
            + " 'Copies of a database'"
        : "has the database moved? See configuration.md, 'Copies of a database'";
  }
}
