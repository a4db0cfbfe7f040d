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

/** Tags nodes as dead or alive on all members. A dead node is gone for good. */
public final class DeadTag {
  private static final Logger log = LoggerFactory.getLogger(DeadTag.class);

  private final Cascade cascade;

  public DeadTag(Cascade cascade) {
    this.cascade = cascade;
  }

  /** A member on which the tag could not be set. */
  public record NotUpdated(String node, String reason) {}

  /**
   * Sets the tag on the local node, then on the others. If a name is unknown, nothing is changed.
   * Returns the members that could not be updated.
   */
  public List<NotUpdated> set(List<String> names, boolean dead) throws SQLException {
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
      tag(here, name, dead);
    }
    cascade.forget();
    List<NotUpdated> notUpdated = new ArrayList<>();
    for (NodeLocation member : cascade.members()) {
      if (!member.dead() && !member.node().equals(here)) {
        tagAll(member.node(), tagged, dead, notUpdated);
      }
    }
    return notUpdated;
  }

  private void tagAll(
      String member, Set<String> tagged, boolean dead, List<NotUpdated> notUpdated) {
    try {
      for (String name : tagged) {
        tag(member, name, dead);
      }
    } catch (SQLException | UserError e) {
      notUpdated.add(new NotUpdated(member, String.valueOf(e.getMessage())));
    }
  }

  private void tag(String member, String name, boolean dead) throws SQLException {
    cascade.call(
        member,
        db ->
            Replies.check(
                member, NodeFunctions.registerLocation(db, cascade.queue(), name, null, dead)));
  }
}
