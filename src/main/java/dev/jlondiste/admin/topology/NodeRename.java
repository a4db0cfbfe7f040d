package dev.jlondiste.admin.topology;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.Replies;
import dev.jlondiste.admin.topology.ReachedMembers.Member;
import dev.jlondiste.admin.waiting.Deadline;
import dev.jlondiste.admin.waiting.Wait;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeLocation;
import dev.jlondiste.cascade.NodeLock;
import dev.jlondiste.db.SqlAction;
import dev.jlondiste.db.SqlExplanation;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a node another name on all members, while their workers run. No worker is paused: the
 * positions of workers are stored under the names of their consumers, which do not change. The
 * database of the node is one member of several, so one transaction cannot cover the change:
 *
 * <ol>
 *   <li>Every member stores the location of the node under its new name as well, the root first,
 *       whose event {@code pgq.location-info} informs members that are created meanwhile.
 *   <li>Every member stores what refers to the node under the new name, each in one transaction:
 *       first the node, then its provider, then the others ({@link RenameStep}).
 *   <li>The workers that read from the node confirm that they have seen it.
 *   <li>Every member removes the location of the old name, the root last, which sends the event
 *       {@code pgq.unregister-location}.
 * </ol>
 *
 * <p>It can be interrupted at any point. Until step 4, both names have a location on every member,
 * so every worker finds its provider; in step 4 nothing refers to the old name any more. The same
 * command completes it: a new name with the location of the old one is that of an unfinished
 * attempt, and each step does nothing where it is already done.
 */
public final class NodeRename {
  private static final Logger log = LoggerFactory.getLogger(NodeRename.class);
  private static final Duration MAX_CONFIRMATION = Duration.ofSeconds(10);
  private static final Duration MAX_UNSEEN = Duration.ofSeconds(3);

  private final Cascade cascade;
  private final String queue;
  private final String old;
  private final String renamed;

  public NodeRename(Cascade cascade, String old, String renamed) {
    this.cascade = cascade;
    this.queue = cascade.queue();
    this.old = old;
    this.renamed = renamed;
  }

  /** Renames the node; all checks come before the first write. */
  public void rename() throws SQLException, InterruptedException {
    RenameCheck check = new RenameCheck(cascade, old, renamed);
    check.requireValidName();
    ReachedMembers members = ReachedMembers.of(cascade, Map.of());
    if (check.isDone(members)) {
      log.info("Node '{}' exists, and no member knows '{}': nothing to do", renamed, old);
      return;
    }
    Member node = check.requirePossible(members);
    Member root = members.root().orElseThrow();
    String location = root.location(old).or(() -> root.location(renamed)).orElseThrow().location();
    addName(members, root, location);
    for (Member member : inOrder(members.all(), node)) {
      on(member, db -> new RenameStep(queue, old, renamed).run(db, member.name()));
    }
    awaitConfirmations(members);
    removeName(members, root);
    cascade.forget();
    log.info("Node '{}' renamed to '{}'", old, renamed);
    for (NodeLocation member : cascade.members()) {
      if (member.dead()) {
        log.warn(
            "[{}] dead, it does not know the new name: after 'tag-alive' repeat this command",
            member.node());
      }
    }
    log.info(
        "in the ini file of the node: node_name = {}, if it is set there; its worker keeps the name '{}' (job_name or consumer_name)",
        renamed,
        node.node().worker());
  }

  private void addName(ReachedMembers members, Member root, String location) throws SQLException {
    for (Member member : rootFirst(members.all(), root)) {
      if (member.location(renamed).isEmpty()) {
        on(
            member,
            db ->
                Replies.check(
                    member.name(),
                    NodeFunctions.registerLocation(db, queue, renamed, location, false)));
      }
    }
  }

  private void removeName(ReachedMembers members, Member root) throws SQLException {
    List<Member> order = rootFirst(members.all(), root);
    Collections.reverse(order);
    for (Member member : order) {
      on(
          member,
          db -> {
            boolean isKnown =
                NodeFunctions.getQueueLocations(db, queue).stream()
                    .anyMatch(location -> location.node().equals(old));
            if (isKnown) {
              Replies.check(member.name(), NodeFunctions.unregisterLocation(db, queue, old));
            }
          });
    }
  }

  private static List<Member> rootFirst(List<Member> members, Member root) {
    return sorted(members, Comparator.comparing(member -> !member.name().equals(root.name())));
  }

  private List<Member> inOrder(List<Member> members, Member node) {
    return sorted(
        members,
        Comparator.comparing((Member member) -> !member.name().equals(node.name()))
            .thenComparing(
                member ->
                    member.subscribers().stream()
                        .noneMatch(subscriber -> subscriber.node().equals(old))));
  }

  private static List<Member> sorted(List<Member> members, Comparator<Member> order) {
    return new ArrayList<>(members.stream().sorted(order).toList());
  }

  /**
   * A worker that reads its row at this moment looks the old name up in the next statement. So the
   * name stays until the workers below the node have read their row again. A worker that does not
   * run cannot confirm; that of Londiste takes no lock, so it is unknown whether it runs.
   */
  private void awaitConfirmations(ReachedMembers members)
      throws SQLException, InterruptedException {
    List<Member> readers =
        members.all().stream()
            .filter(
                member ->
                    member
                        .node()
                        .provider()
                        .filter(provider -> provider.equals(old) || provider.equals(renamed))
                        .isPresent())
            .toList();
    Deadline deadline = Deadline.in(MAX_CONFIRMATION);
    Deadline unseen = Deadline.in(MAX_UNSEEN);
    for (Member reader : readers) {
      String worker = reader.node().worker();
      new Wait("worker " + worker + " to read the new name of its provider", List::of)
          .atMost(deadline)
          .until(
              () ->
                  reader.database().call(db -> hasConfirmed(db, worker))
                      || (unseen.isOver()
                          && !reader.database().call(db -> NodeLock.isHeld(db, queue, worker))));
    }
  }

  private boolean hasConfirmed(Connection db, String worker) throws SQLException {
    return NodeFunctions.getConsumerState(db, queue, worker).uptodate();
  }

  private static void on(Member member, SqlAction action) throws SQLException {
    try {
      member.database().run(action);
    } catch (SQLException e) {
      throw SqlExplanation.of(e, member.database().target());
    }
  }
}
