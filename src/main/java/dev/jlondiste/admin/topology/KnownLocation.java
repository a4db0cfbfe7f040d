package dev.jlondiste.admin.topology;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.Replies;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeLocation;
import dev.jlondiste.fault.UserError;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees to it that all members know where a node is. Repeated without effect. */
final class KnownLocation {
  private static final Logger log = LoggerFactory.getLogger(KnownLocation.class);

  private final Cascade cascade;
  private final String node;

  KnownLocation(Cascade cascade, String node) {
    this.cascade = cascade;
    this.node = node;
  }

  /** Registers the location that the node itself has stored where another one is stored. */
  void spread() throws SQLException {
    String location =
        cascade
            .call(node, this::stored)
            .orElseThrow(() -> new UserError("node '" + node + "' has no location", null))
            .location();
    for (NodeLocation member : cascade.members()) {
      if (!member.dead() && !member.node().equals(node)) {
        try {
          cascade.call(member.node(), db -> register(db, member.node(), location));
        } catch (SQLException | UserError e) {
          log.warn(
              "[{}] the location of node {} was not checked: {}",
              member.node(),
              node,
              String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
      }
    }
  }

  private Optional<NodeLocation> stored(Connection db) throws SQLException {
    List<NodeLocation> locations = NodeFunctions.getQueueLocations(db, cascade.queue());
    return locations.stream().filter(known -> known.node().equals(node)).findFirst();
  }

  private boolean register(Connection db, String member, String location) throws SQLException {
    Optional<NodeLocation> known = stored(db);
    if (known.isPresent() && known.get().location().equals(location) && !known.get().dead()) {
      return false;
    }
    Replies.check(
        member, NodeFunctions.registerLocation(db, cascade.queue(), node, location, false));
    return true;
  }
}
