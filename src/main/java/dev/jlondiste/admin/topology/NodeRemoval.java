package dev.jlondiste.admin.topology;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.Replies;
import dev.jlondiste.admin.topology.RemovalSurvey.Member;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.SqlAction;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.PgqFunctions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes a node from the cascade, also one that is gone for good: the node itself, and on every
 * member its location, its subscription and the consumers of its worker and copies. A node with
 * subscribers is refused. After that check every step is attempted, even if others fail, because
 * the node or other members may be unreachable. The error at the end names what remains.
 *
 * <p>Because of the order of the steps, the same command completes a removal that was interrupted:
 *
 * <ol>
 *   <li>The node itself, after its worker and its copies have stopped, see {@link WorkerStop}.
 *   <li>The other members, each in one transaction. Members that know the name of the worker come
 *       after the sources of copies, because the consumers of copies are found by that name.
 *   <li>The root comes last, because its member list shows that the node exists.
 * </ol>
 */
public final class NodeRemoval {
  private static final Logger log = LoggerFactory.getLogger(NodeRemoval.class);
  private static final String MAY_DELETE =
      "select pg_catalog.has_table_privilege('pgq_node.subscriber_info', 'delete')";
  private static final String UNSUBSCRIBE =
      """
      delete from pgq_node.subscriber_info
       where queue_name = ? and subscriber_node = ?
      returning watermark_name
      """;

  private final Cascade cascade;
  private final String queue;
  private final Map<String, Set<String>> remains = new TreeMap<>();

  public NodeRemoval(Cascade cascade) {
    this.cascade = cascade;
    this.queue = cascade.queue();
  }

  /**
   * Throws {@link UserError} when something of the node remains.
   *
   * @param worker the name of the node's worker, needed if no member has it
   */
  public void drop(String name, Optional<String> worker) throws SQLException, InterruptedException {
    cascade.members();
    RemovalSurvey survey = RemovalSurvey.of(cascade, name, worker);
    boolean isMember = cascade.findMember(name).isPresent();
    if (!isMember && worker.isEmpty() && !hasTraces(survey)) {
      survey.unreached().forEach((member, why) -> log.warn("[{}] not reached: {}", member, why));
      cascade.member(name); // throws the error for an unknown node
    }
    requireNoSubscribers(survey);
    requireNoTakeover(name, survey);
    survey.unreached().forEach(this::remains);
    if (isMember && !cascade.isDead(name)) {
      dropItself(name, survey);
    }
    for (Member member : inOrder(name, survey)) {
      attempt(member.name(), db -> forgetCopies(db, member, survey));
      attempt(member.name(), db -> forgetNode(db, member, name, survey));
    }
    verify(name, survey);
    if (!remains.isEmpty()) {
      throw incomplete(name, survey);
    }
  }

  private static boolean hasTraces(RemovalSurvey survey) {
    return survey.members().values().stream()
        .anyMatch(member -> !survey.tracesOn(member).isEmpty());
  }

  private static void requireNoSubscribers(RemovalSurvey survey) {
    List<String> subscribers = survey.subscribers();
    if (!subscribers.isEmpty()) {
      throw new UserError(
          "node still has subscribers: " + String.join(", ", subscribers),
          "move them with change-provider, or drop them first");
    }
  }

  /** The root of an unfinished takeover is closed, and only these two nodes can open it. */
  private static void requireNoTakeover(String name, RemovalSurvey survey) {
    for (Member member : survey.members().values()) {
      boolean takesPart =
          member
              .node()
              .filter(NodeInfo::isRoot)
              .map(UnfinishedTakeover::nodes)
              .filter(nodes -> nodes.contains(name))
              .isPresent();
      if (takesPart) {
        throw new UserError(
            "a takeover in which node '" + name + "' takes part is unfinished",
            "undo it: takeover " + member.name() + " --undo");
      }
    }
  }

  private void dropItself(String name, RemovalSurvey survey)
      throws SQLException, InterruptedException {
    Member victim = survey.members().get(name);
    if (victim == null) {
      return; // not reached: reported as remaining
    }
    if (!victim.isNode(name)) {
      log.warn(
          "[{}] its location leads to {}, which stays as it is",
          name,
          victim.node().map(other -> "node '" + other.name() + "'").orElse("no node"));
      return;
    }
    WorkerStop worker =
        new WorkerStop(cascade, name, victim.node().map(NodeInfo::worker).orElseThrow());
    try {
      worker.await();
      worker.dropNode();
    } catch (SQLException | UserError e) {
      failed(name, e);
    }
  }

  private static List<Member> inOrder(String name, RemovalSurvey survey) {
    Comparator<Member> order =
        Comparator.comparing(Member::isRoot)
            .thenComparing(
                member ->
                    member.subscribers().stream()
                        .anyMatch(subscriber -> subscriber.node().equals(name)));
    return survey.members().values().stream()
        .filter(member -> !member.name().equals(name) && member.node().isPresent())
        .sorted(order)
        .toList();
  }

  /**
   * In a transaction of its own, so that no other failure prevents it: each consumer of a copy
   * holds back the rotation of event tables until the disk is full.
   */
  private void forgetCopies(Connection db, Member member, RemovalSurvey survey)
      throws SQLException {
    for (String consumer : survey.copiesOn(survey.read(db, member.name()))) {
      unregister(db, member, consumer);
    }
  }

  private void forgetNode(Connection db, Member member, String name, RemovalSurvey survey)
      throws SQLException {
    if (RemovalSurvey.sharesPosition(NodeFunctions.getSubscribers(db, queue), name)) {
      unsubscribeAlone(db, name);
    }
    if (member.isRoot()) {
      Replies.check(NodeFunctions.unregisterLocation(db, queue, name));
    }
    Replies.check(member.name(), NodeFunctions.dropNode(db, queue, name));
    for (String consumer : survey.consumersOn(survey.read(db, member.name()))) {
      unregister(db, member, consumer);
    }
  }

  private void unregister(Connection db, Member member, String consumer) throws SQLException {
    PgqFunctions.unregisterConsumer(db, queue, consumer);
    log.info("[{}] Consumer {} unregistered from {}", member.name(), consumer, queue);
  }

  /**
   * Removes only the subscriber row and the watermark, because another subscriber uses the same
   * position. The function of other releases would try to remove the position as well, and fail.
   */
  private void unsubscribeAlone(Connection db, String name) throws SQLException {
    if (Sql.one(db, MAY_DELETE, row -> row.getBoolean(1))) {
      for (String watermark : Sql.list(db, UNSUBSCRIBE, row -> row.getString(1), queue, name)) {
        PgqFunctions.unregisterConsumer(db, queue, watermark);
      }
    }
  }

  private void attempt(String member, SqlAction action) {
    try {
      cascade.call(
          member,
          db -> {
            action.in(db);
            return true;
          });
    } catch (SQLException | UserError e) {
      failed(member, e);
    }
  }

  private void failed(String member, Exception failure) {
    log.warn("[{}] {}", member, failure.getMessage());
    remains(member, String.valueOf(failure.getMessage()));
  }

  private void remains(String member, String what) {
    remains.computeIfAbsent(member, key -> new LinkedHashSet<>()).add(firstLine(what));
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }

  private void verify(String name, RemovalSurvey survey) {
    for (Member before : survey.members().values()) {
      if (before.node().isPresent() && (before.name().equals(name) == before.isNode(name))) {
        try {
          Member now = cascade.call(before.name(), db -> survey.read(db, before.name()));
          survey.tracesOn(now).forEach(trace -> remains(before.name(), trace));
        } catch (SQLException | UserError e) {
          remains(before.name(), String.valueOf(e.getMessage()));
        }
      }
    }
  }

  private UserError incomplete(String name, RemovalSurvey survey) throws SQLException {
    String all =
        remains.entrySet().stream()
            .map(member -> "\n  " + member.getKey() + ": " + String.join(", ", member.getValue()))
            .collect(Collectors.joining());
    String worker =
        survey.workers().size() == 1 ? " --worker=" + survey.workers().iterator().next() : "";
    String again = "'drop-node " + name + worker + "'";
    boolean here = cascade.findNode().filter(node -> node.name().equals(name)).isPresent();
    String hint =
        remains.containsKey(name)
            ? "if node '"
                + name
                + "' is gone for good: 'tag-dead "
                + name
                + "', then "
                + again
                + " on another node; otherwise "
                + again
                + " with its own ini file, or 'uninstall --force' there"
            : "when the cause is gone: "
                + again
                + (here ? " with the ini file of another node" : " again")
                + "; a member that is gone for good first gets 'tag-dead'";
    return new UserError(
        "node '" + name + "' is not gone from everywhere, there remain:" + all, hint);
  }
}
