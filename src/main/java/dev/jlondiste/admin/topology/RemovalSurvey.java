package dev.jlondiste.admin.topology;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.cascade.NodeLocation;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.SqlFaults;
import dev.jlondiste.fault.UserError;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the members of a cascade store about one node: its location, its subscription, and consumers
 * of its worker and its copies, each of which holds back the cleanup of that member's queue.
 */
final class RemovalSurvey {
  private static final String CONSUMERS =
      "select consumer_name from pgq.get_consumer_info(?) order by 1";
  private static final String COPY_INFIX = ".copy.";

  /** The database does not exist. */
  private static final String NO_DATABASE = "3D000";

  /**
   * What one member stores.
   *
   * @param node empty where the database has no node of the queue
   * @param state the cascaded consumers that write to this member
   * @param queueConsumers the consumers of its queue
   */
  record Member(
      String name,
      Optional<NodeInfo> node,
      List<NodeFunctions.Consumer> state,
      List<NodeFunctions.Subscriber> subscribers,
      List<String> queueConsumers,
      boolean hasLocation) {
    private static Member gone(String name) {
      return new Member(name, Optional.empty(), List.of(), List.of(), List.of(), false);
    }

    boolean isRoot() {
      return node.filter(NodeInfo::isRoot).isPresent();
    }

    boolean isNode(String wanted) {
      return node.map(NodeInfo::name).filter(wanted::equals).isPresent();
    }
  }

  private final String queue;
  private final String victim;
  private final Map<String, Member> members = new LinkedHashMap<>();
  private final Map<String, String> unreached = new TreeMap<>();
  private final Set<String> workers = new HashSet<>();
  private final Set<String> ofOthers = new HashSet<>();

  private RemovalSurvey(String queue, String victim) {
    this.queue = queue;
    this.victim = victim;
  }

  /**
   * Reads from every live member.
   *
   * @param worker the name of the victim's worker, needed if no member has it
   */
  static RemovalSurvey of(Cascade cascade, String victim, Optional<String> worker)
      throws SQLException {
    RemovalSurvey survey = new RemovalSurvey(cascade.queue(), victim);
    worker.ifPresent(survey.workers::add);
    for (NodeLocation member : cascade.members()) {
      if (!member.dead()) {
        survey.ask(cascade, member.node());
      }
    }
    survey.members.values().forEach(survey::learnWorkers);
    return survey;
  }

  private void ask(Cascade cascade, String member) throws SQLException {
    try {
      members.put(member, cascade.call(member, db -> read(db, member)));
    } catch (SQLException | UserError e) {
      if (isGone(e)) {
        members.put(member, Member.gone(member));
      } else {
        unreached.put(member, String.valueOf(e.getMessage()));
      }
    }
  }

  private static boolean isGone(Exception failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof SQLException e) {
        return SqlFaults.isUndefinedObject(e) || SqlFaults.state(e).equals(NO_DATABASE);
      }
    }
    return false;
  }

  /** Reads the member again, to verify the removal. */
  Member read(Connection db, String member) throws SQLException {
    return new Member(
        member,
        NodeFunctions.getNodeInfo(db, queue),
        NodeFunctions.getConsumers(db, queue),
        NodeFunctions.getSubscribers(db, queue),
        Sql.list(db, CONSUMERS, row -> row.getString(1), queue),
        NodeFunctions.getQueueLocations(db, queue).stream()
            .anyMatch(location -> location.node().equals(victim)));
  }

  private void learnWorkers(Member member) {
    member
        .node()
        .ifPresent(node -> (node.name().equals(victim) ? workers : ofOthers).add(node.worker()));
    for (NodeFunctions.Subscriber subscriber : member.subscribers()) {
      (subscriber.node().equals(victim) ? workers : ofOthers).add(subscriber.worker());
    }
    if (!member.isNode(victim)) {
      member.state().forEach(consumer -> ofOthers.add(consumer.name()));
    }
  }

  /** The live members that answered. */
  Map<String, Member> members() {
    return members;
  }

  /** The live members that did not answer, and why. */
  Map<String, String> unreached() {
    return unreached;
  }

  /**
   * The names that the members have for the victim's worker: one, unless the node was created
   * twice.
   */
  Set<String> workers() {
    return workers;
  }

  /** The nodes that read from the victim, as recorded on either side. */
  List<String> subscribers() {
    Set<String> names = new HashSet<>();
    for (Member member : members.values()) {
      if (member.isNode(victim)) {
        member.subscribers().forEach(subscriber -> names.add(subscriber.node()));
      } else {
        member
            .node()
            .filter(node -> !node.isRoot())
            .flatMap(NodeInfo::provider)
            .filter(victim::equals)
            .ifPresent(provider -> names.add(member.name()));
      }
    }
    return names.stream().sorted().toList();
  }

  /** True where another subscriber of that member has a worker of the same name. */
  static boolean sharesPosition(List<NodeFunctions.Subscriber> subscribers, String victim) {
    return subscribers.stream()
        .filter(subscriber -> subscriber.node().equals(victim))
        .anyMatch(
            own ->
                subscribers.stream()
                    .anyMatch(
                        other ->
                            !other.node().equals(victim) && other.worker().equals(own.worker())));
  }

  /**
   * Consumers of a member's queue that only the victim has: its worker, its copies, and what its
   * own database has recorded as reading from there. Names that another node uses stay.
   */
  List<String> consumersOn(Member member) {
    Set<String> recorded = new HashSet<>();
    members.values().stream()
        .filter(found -> found.isNode(victim))
        .flatMap(found -> found.state().stream())
        .filter(consumer -> consumer.provider().equals(member.name()))
        .forEach(consumer -> recorded.add(consumer.name()));
    List<String> found = new ArrayList<>();
    for (String consumer : member.queueConsumers()) {
      boolean own =
          recorded.contains(consumer)
              || consumer.equals("." + victim + ".watermark")
              || workers.stream().anyMatch(worker -> isOf(worker, consumer));
      if (own && !isOfOthers(consumer)) {
        found.add(consumer);
      }
    }
    return found;
  }

  /** Those of {@link #consumersOn} that belong to copies. */
  List<String> copiesOn(Member member) {
    return consumersOn(member).stream()
        .filter(consumer -> workers.stream().anyMatch(worker -> isCopyOf(worker, consumer)))
        .toList();
  }

  private boolean isOfOthers(String consumer) {
    return ofOthers.stream().anyMatch(worker -> isOf(worker, consumer));
  }

  private static boolean isOf(String worker, String consumer) {
    return consumer.equals(worker) || isCopyOf(worker, consumer);
  }

  private static boolean isCopyOf(String worker, String consumer) {
    return consumer.startsWith(worker + COPY_INFIX);
  }

  /**
   * Descriptions of what a member still has of the victim; empty if nothing. Locations on members
   * other than the root are removed by the root's event.
   */
  List<String> tracesOn(Member member) {
    List<String> traces = new ArrayList<>();
    if (member.isNode(victim)) {
      traces.add("the node itself");
      return traces;
    }
    if (member.subscribers().stream().anyMatch(subscriber -> subscriber.node().equals(victim))) {
      traces.add("its subscription");
    }
    consumersOn(member).forEach(consumer -> traces.add("consumer " + consumer));
    if (member.hasLocation() && member.isRoot()) {
      traces.add("its location");
    }
    return traces;
  }
}
