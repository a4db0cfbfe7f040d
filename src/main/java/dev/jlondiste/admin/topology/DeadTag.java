package dev.jlondiste.admin.topology;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.Replies;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeLocation;
import dev.jlondiste.fault.UserError;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells all members that a node is gone for good, or back. */
public final class DeadTag {
  private static final Logger log = LoggerFactory.getLogger(DeadTag.class);

  private final Cascade cascade;

  public DeadTag(Cascade cascade) {
    this.cascade = cascade;
  }

  /** A member that could not be told. */
  public record Untold(String node, String reason) {}

  /** Changes nothing when a name is unknown. Returns the members that still think otherwise. */
  public List<Untold> set(List<String> names, boolean dead) throws SQLException {
    String here = cascade.node().name();
    Set<String> tagged = new LinkedHashSet<>(names);
    for (String name : tagged) {
      cascade.member(name);
      if (dead && name.equals(here)) {
        throw new UserError(
            "node '" + here + "' is the local one and cannot be tagged as dead here",
            "run this on a node that stays");
      }
    }
    for (String name : tagged) {
      log.info("Tagging node '{}' as {}", name, dead ? "dead" : "alive");
      tell(here, name, dead);
    }
    cascade.forget();
    List<Untold> untold = new ArrayList<>();
    for (NodeLocation member : cascade.members()) {
      if (!member.dead() && !member.node().equals(here)) {
        tellAll(member.node(), tagged, dead, untold);
      }
    }
    return untold;
  }

  private void tellAll(String member, Set<String> tagged, boolean dead, List<Untold> untold) {
    try {
      for (String name : tagged) {
        tell(member, name, dead);
      }
    } catch (SQLException | UserError e) {
      untold.add(new Untold(member, String.valueOf(e.getMessage())));
    }
  }

  private void tell(String member, String name, boolean dead) throws SQLException {
    cascade.call(
        member,
        db ->
            Replies.check(
                member, NodeFunctions.registerLocation(db, cascade.queue(), name, null, dead)));
  }
}
