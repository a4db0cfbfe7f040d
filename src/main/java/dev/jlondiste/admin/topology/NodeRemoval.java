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
 * member its location, its subscription and the consumers of its worker and copies. Only
 * subscribers stand in the way; after that check everything is done as far as it goes, because the
 * node or others may be unreachable. What remains is an error that names it.
 *
 * <p>The order lets a removal that was cut off be finished by the same command:
 *
 * <ol>
 *   <li>The node itself, when its worker and its copies have ended, see {@link WorkerEnd}.
 *   <li>The other members, each in one transaction. Those that know the name of the worker come
 *       later than the sources of copies, whose consumers are found by that name.
 *   <li>The root, whose list of members says that there is such a node, comes last.
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
   * @param worker the name of the node's worker, for when no member knows it any longer
   */
  public void drop(String name, Optional<String> worker) throws SQLException, InterruptedException {
    cascade.members();
    RemovalSurvey survey = RemovalSurvey.of(cascade, name, worker);
    boolean isMember = cascade.findMember(name).isPresent();
    if (!isMember && worker.isEmpty() && !hasTraces(survey)) {
      survey.unasked().forEach((member, why) -> log.warn("[{}] not asked: {}", member, why));
      cascade.member(name); // says that there is no such node
    }
    requireNoSubscribers(survey);
    survey.unasked().forEach(this::remains);
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

  private void dropItself(String name, RemovalSurvey survey)
      throws SQLException, InterruptedException {
    Member victim = survey.members().get(name);
    if (victim == null) {
      return; // not reached: that remains
    }
    if (!victim.isNode(name)) {
      log.warn(
          "[{}] its location leads to {}, which stays as it is",
          name,
          victim.node().map(other -> "node '" + other.name() + "'").orElse("no node"));
      return;
    }
    WorkerEnd worker =
        new WorkerEnd(cascade, name, victim.node().map(NodeInfo::worker).orElseThrow());
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
                member -> member.subscribers().stream().anyMatch(one -> one.node().equals(name)));
    return survey.members().values().stream()
        .filter(member -> !member.name().equals(name) && member.node().isPresent())
        .sorted(order)
        .toList();
  }

  /** By itself, because nothing may keep it from being done: a disk fills behind each of them. */
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
   * The position belongs to the other subscriber, too: only the row and the watermark go. Database
   * code of other releases would try to remove the position, and fail.
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
