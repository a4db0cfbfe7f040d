package dev.jlondiste.admin.topology;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.Replies;
import dev.jlondiste.admin.topology.ReachedMembers.Member;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeLocation;
import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.db.SqlExplanation;
import dev.jlondiste.fault.UserError;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores the new location of a node on all members: its database has moved to another host, or a
 * physical standby of it was promoted. Any member can do it, because each member is reached by its
 * own location and the node itself by the new one. Workers read locations again in every step, so
 * they follow by themselves.
 *
 * <p>Each member is one transaction, and each may be repeated: the same command completes a change
 * that was interrupted. The root also sends the event {@code pgq.location-info}. A member that
 * reads older events of this kind afterwards stores the old location again until it reaches the new
 * event; if the node is its provider it cannot reach that, and the command has to be repeated.
 */
public final class LocationChange {
  private static final Logger log = LoggerFactory.getLogger(LocationChange.class);

  private final Cascade cascade;

  public LocationChange(Cascade cascade) {
    this.cascade = cascade;
  }

  /**
   * Stores {@code location} for the node {@code name} on all members.
   *
   * @param check false: do not check that it leads to this node, and only there
   * @throws UserError if a check fails, in which case nothing is changed, or if members were not
   *     reached
   */
  public void change(String name, ConnectionString location, boolean check) throws SQLException {
    cascade.member(name);
    PublicLocation.warn(location);
    LocationCheck test = new LocationCheck(cascade, name, cascade.remote(location));
    if (check) {
      test.requireNode();
    }
    ReachedMembers members = ReachedMembers.of(cascade, Map.of(name, location));
    if (check) {
      test.requireOnlyOne(members, location);
    }
    store(name, location, members);
    cascade.forget();
    remindOfIni(name, location);
  }

  private void store(String name, ConnectionString location, ReachedMembers members)
      throws SQLException {
    Map<String, String> missing = new TreeMap<>(members.unreached());
    for (Member member : members.all()) {
      try {
        boolean dead = member.location(name).map(NodeLocation::dead).orElse(false);
        member
            .database()
            .run(
                db ->
                    Replies.check(
                        member.name(),
                        NodeFunctions.registerLocation(
                            db, cascade.queue(), name, location.text(), dead)));
      } catch (SQLException e) {
        missing.put(member.name(), SqlExplanation.of(e, member.database().target()).problem());
      }
    }
    if (!missing.isEmpty()) {
      throw incomplete(name, location, missing, members.root());
    }
  }

  private static UserError incomplete(
      String name, ConnectionString location, Map<String, String> missing, Optional<Member> root) {
    String all =
        missing.entrySet().stream()
            .map(member -> "\n  " + member.getKey() + ": " + firstLine(member.getValue()))
            .collect(Collectors.joining());
    boolean isSent = root.filter(member -> !missing.containsKey(member.name())).isPresent();
    String later =
        isSent
            ? "a member that can read from its provider learns it from the queue"
                + " (pgq.location-info); for the others, when they answer again: "
            : "the root was not reached, so the queue does not spread it; when it and the others"
                + " answer again: ";
    return new UserError(
        "the new location of node '" + name + "' is not stored on:" + all,
        later
            + "set-location "
            + name
            + " '"
            + location.masked()
            + "', here or with the ini file of such a member");
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }

  private void remindOfIni(String name, ConnectionString location) throws SQLException {
    if (!cascade.node().name().equals(name)) {
      log.info("check db and public_node_location in the ini file of node '{}', too", name);
      return;
    }
    cascade
        .settings()
        .publicNodeLocation()
        .filter(stored -> !stored.equals(location))
        .ifPresent(
            stored ->
                log.warn(
                    "public_node_location in the ini file still is '{}': correct it",
                    stored.masked()));
  }
}
