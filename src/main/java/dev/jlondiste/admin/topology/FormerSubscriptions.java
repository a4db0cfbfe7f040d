package dev.jlondiste.admin.topology;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.Replies;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.cascade.NodeLocation;
import dev.jlondiste.fault.UserError;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Subscriptions of a node on members from which it does not read any longer. Such a subscription
 * holds back the rotation of that member's queue, and by the watermark that of every other. A
 * command that was killed may have left one, so they are looked for on all live members.
 */
public final class FormerSubscriptions {
  private static final Logger log = LoggerFactory.getLogger(FormerSubscriptions.class);

  private final Cascade cascade;

  public FormerSubscriptions(Cascade cascade) {
    this.cascade = cascade;
  }

  /**
   * Removes those of a node. A member that is not reached is named in a warning.
   *
   * @throws SQLException if the node itself is not reached
   */
  public void remove(String node) throws SQLException {
    Optional<String> provider =
        cascade
            .call(node, db -> NodeFunctions.getNodeInfo(db, cascade.queue()))
            .filter(info -> !info.isRoot())
            .flatMap(NodeInfo::provider);
    for (NodeLocation member : cascade.members()) {
      String name = member.node();
      if (!member.dead() && !name.equals(node) && !provider.filter(name::equals).isPresent()) {
        removeOn(name, node);
      }
    }
  }

  private void removeOn(String member, String node) {
    try {
      cascade.call(member, db -> removeOn(db, member, node));
    } catch (SQLException | UserError e) {
      log.warn(
          "[{}] not checked for an old subscription of {}: {}",
          member,
          node,
          String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
  }

  private boolean removeOn(Connection db, String member, String node) throws SQLException {
    boolean found =
        NodeFunctions.getSubscribers(db, cascade.queue()).stream()
            .anyMatch(subscriber -> subscriber.node().equals(node));
    if (found) {
      Replies.check(member, NodeFunctions.unregisterSubscriber(db, cascade.queue(), node));
    }
    return found;
  }
}
