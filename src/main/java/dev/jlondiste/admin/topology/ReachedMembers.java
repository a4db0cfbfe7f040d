package dev.jlondiste.admin.topology;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.cascade.NodeLocation;
import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.db.Database;
import dev.jlondiste.db.SqlExplanation;
import dev.jlondiste.fault.UserError;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The live members of a cascade, each reached on its own and not by walking from provider to
 * provider: for commands that change what such a walk relies on, names and locations. A member that
 * does not answer at the location stored here is tried at those that other members have stored.
 * Used by one thread.
 */
final class ReachedMembers {
  private final Cascade cascade;
  private final Map<String, Member> reached = new LinkedHashMap<>();
  private final Map<String, String> unreached = new TreeMap<>();
  private final Map<String, Set<String>> tried = new TreeMap<>();

  /**
   * A member that was reached.
   *
   * @param locations the members that it knows
   */
  record Member(
      NodeInfo node,
      Database database,
      List<NodeLocation> locations,
      List<NodeFunctions.Subscriber> subscribers) {
    String name() {
      return node.name();
    }

    Optional<NodeLocation> location(String name) {
      return locations.stream().filter(member -> member.node().equals(name)).findFirst();
    }
  }

  private ReachedMembers(Cascade cascade) {
    this.cascade = cascade;
  }

  /**
   * Reads all live members.
   *
   * @param given locations that take precedence over the stored ones, by member
   */
  static ReachedMembers of(Cascade cascade, Map<String, ConnectionString> given)
      throws SQLException {
    ReachedMembers members = new ReachedMembers(cascade);
    String here = cascade.node().name();
    members.reach(here, cascade.local());
    for (NodeLocation member : cascade.members()) {
      if (!member.dead() && !member.node().equals(here)) {
        ConnectionString location = given.get(member.node());
        members.reach(member.node(), location == null ? member.location() : location.text());
      }
    }
    members.tryOtherLocations(given.keySet());
    return members;
  }

  private void tryOtherLocations(Set<String> given) {
    for (String name : List.copyOf(unreached.keySet())) {
      if (!given.contains(name)) {
        List<String> others =
            reached.values().stream()
                .flatMap(member -> member.location(name).stream())
                .filter(member -> !member.dead())
                .map(NodeLocation::location)
                .distinct()
                .toList();
        others.forEach(location -> reach(name, location));
      }
    }
  }

  private void reach(String name, String location) {
    if (!reached.containsKey(name)
        && tried.computeIfAbsent(name, key -> new LinkedHashSet<>()).add(location)) {
      reach(name, cascade.remote(ConnectionString.parse(location)));
    }
  }

  private void reach(String name, Database database) {
    try {
      Member found = read(database);
      if (found.name().equals(name)) {
        reached.put(name, found);
        unreached.remove(name);
      } else {
        unreached.putIfAbsent(name, "its location leads to node '" + found.name() + "'");
      }
    } catch (SQLException e) {
      unreached.putIfAbsent(name, SqlExplanation.of(e, database.target()).problem());
    } catch (UserError e) {
      unreached.putIfAbsent(name, e.problem());
    }
  }

  /** Reads the node of a database; there must be one. */
  Member read(Database database) throws SQLException {
    String queue = cascade.queue();
    return database.call(
        db ->
            new Member(
                NodeFunctions.getNodeInfo(db, queue)
                    .orElseThrow(
                        () ->
                            new UserError(
                                "there is no node of queue '"
                                    + queue
                                    + "' in "
                                    + database.target().masked(),
                                null)),
                database,
                NodeFunctions.getQueueLocations(db, queue),
                NodeFunctions.getSubscribers(db, queue)));
  }

  /** The members that were reached, the local node first. */
  List<Member> all() {
    return List.copyOf(reached.values());
  }

  Optional<Member> find(String name) {
    return Optional.ofNullable(reached.get(name));
  }

  Optional<Member> root() {
    return reached.values().stream().filter(member -> member.node().isRoot()).findFirst();
  }

  /** The live members that were not reached, with the reason. */
  Map<String, String> unreached() {
    return unreached;
  }

  /** All locations that members have stored for a node. */
  Stream<String> locationsOf(String name) {
    return reached.values().stream()
        .flatMap(member -> member.location(name).stream())
        .map(NodeLocation::location)
        .distinct();
  }
}
