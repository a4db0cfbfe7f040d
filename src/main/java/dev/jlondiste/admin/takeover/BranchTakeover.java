package dev.jlondiste.admin.takeover;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.takeover.FailoverSurvey.Member;
import dev.jlondiste.admin.topology.DeadTag;
import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.fault.UserError;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node takes the place of a branch or a leaf. If it is below that node, it first moves to the
 * provider above. A live node becomes its subscriber; the subscribers of a dead one move below the
 * new node, with {@code all} those of a live one, too.
 *
 * <p>Every step changes one provider, and is skipped if that is done. Killed anywhere, the same
 * command completes it: first what {@link SubscriberMoves#finishEarlier} finds begun.
 */
public final class BranchTakeover {
  private static final Logger log = LoggerFactory.getLogger(BranchTakeover.class);
  private static final String UNCHANGED = "; nothing was changed";

  private final Cascade cascade;
  private final String old;
  private final String next;
  private final SubscriberMoves moves;

  /** {@code next} takes the place of {@code old}. */
  public BranchTakeover(Cascade cascade, String old, String next) {
    this.cascade = cascade;
    this.old = old;
    this.next = next;
    this.moves = new SubscriberMoves(cascade);
  }

  /**
   * True if the old node is a live branch or leaf, or does not answer; false for a root, and for a
   * former root whose takeover is not finished.
   */
  public static boolean isFor(Cascade cascade, String old, String next) throws SQLException {
    if (old.equals(next) || cascade.findMember(old).isEmpty()) {
      return false;
    }
    FailoverSurvey survey = FailoverSurvey.of(cascade);
    return survey
        .find(old)
        .map(Member::node)
        .map(node -> !node.isRoot() && TakeoverMark.of(node).isEmpty())
        .orElse(true);
  }

  /** Takes over a live node; {@code all} moves its subscribers, too. */
  public void live(boolean all) throws SQLException, InterruptedException {
    if (isNothingToDo()) {
      return;
    }
    FailoverSurvey survey = FailoverSurvey.of(cascade);
    Member successor = requireSuccessor(survey);
    Member former =
        survey
            .find(old)
            .orElseThrow(
                () ->
                    new UserError(
                        "node '%s' does not answer: %s"
                            .formatted(
                                old, survey.unreached().getOrDefault(old, "it is tagged as dead")),
                        "if it is lost: takeover "
                            + old
                            + " --dead-branch, or --dead-root"
                            + UNCHANGED));
    if (former.node().isRoot()) {
      throw new UserError("node '" + old + "' is the root", UNCHANGED.substring(2));
    }
    moves.finishEarlier(survey);
    if (survey.isBelow(next, old)) {
      moves.require(successor.node(), former.node().provider().orElseThrow());
    }
    if (all) {
      moveSubscribers(survey);
    }
    moves.require(former.node(), next);
    moves.requireAllMoved(next, "takeover " + old + " --all");
  }

  /** Takes over a branch that is lost, without connecting to it; all its subscribers move. */
  public void dead() throws SQLException, InterruptedException {
    if (isNothingToDo()) {
      return;
    }
    if (cascade.node().name().equals(old)) {
      throw new UserError(
          "node '" + old + "' is the local node, so it is not dead",
          "run the command with the ini file of another node");
    }
    cascade.assumeDead(old);
    FailoverSurvey survey = FailoverSurvey.of(cascade);
    Member successor = requireSuccessor(survey);
    String above = providerOfLost(survey);
    new DeadTag(cascade)
        .set(List.of(old), true)
        .forEach(member -> moves.failed(member.node(), member.reason()));
    moves.finishEarlier(survey);
    if (survey.isBelow(next, old)) {
      moves.require(successor.node(), above);
    }
    moveSubscribers(survey);
    survey.unreached().forEach(moves::failed);
    survey.providersOf(old).stream()
        .map(Member::name)
        .forEach(
            provider ->
                log.info(
                    "node '{}' keeps all events that '{}' has not read: its event tables grow until"
                        + " 'drop-node {}', or until that node is back",
                    provider,
                    old,
                    old));
    moves.requireAllMoved(next, "takeover " + old + " --dead-branch");
  }

  private boolean isNothingToDo() throws SQLException {
    log.info("old: {}", old);
    if (cascade.findMember(old).isEmpty()) {
      throw new UserError("Unknown node: " + old, "'members' lists all nodes");
    }
    if (old.equals(next)) {
      log.info("same node?");
      return true;
    }
    return false;
  }

  private Member requireSuccessor(FailoverSurvey survey) {
    Member successor = survey.require(next);
    if (successor.node().type() == NodeType.LEAF) {
      throw new UserError(
          "node '" + next + "' is a leaf: it cannot be the provider of other nodes",
          "first: convert-node " + next + " --to=branch" + UNCHANGED);
    }
    return successor;
  }

  /** The node from which the lost one read, as recorded there; otherwise the root. */
  private String providerOfLost(FailoverSurvey survey) {
    Member root =
        survey
            .root()
            .orElseThrow(
                () ->
                    new UserError(
                        "no live node is the root, so '" + old + "' may have been it",
                        "a root that is lost: takeover " + old + " --dead-root" + UNCHANGED));
    Optional<Member> recorded =
        survey.providersOf(old).stream()
            .filter(member -> !survey.isBelow(member.name(), old))
            .findFirst();
    return recorded.orElse(root).name();
  }

  /** Each in its turn; the new node itself and those above it stay. */
  private void moveSubscribers(FailoverSurvey survey) throws SQLException, InterruptedException {
    FailoverSurvey now = FailoverSurvey.of(cascade);
    for (Member reader : survey.readersOf(old)) {
      boolean isAbove = now.isBelow(next, reader.name());
      if (isAbove) {
        log.warn("node '{}' is above '{}' and stays where it is", reader.name(), next);
      } else if (!reader.name().equals(next)) {
        moves.attempt(reader.node(), next);
      }
    }
  }
}
