package dev.jlondiste.admin.takeover;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeFunctions.Subscriber;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.cascade.NodeLocation;
import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.PgqFunctions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What the live members of a cascade report about themselves. Dead members are not queried. */
final class FailoverSurvey {
  private final Map<String, Member> members = new TreeMap<>();
  private final Map<String, String> unreached = new TreeMap<>();

  private FailoverSurvey() {}

  /**
   * A member that answered.
   *
   * @param newestTick the newest tick of its queue; 0 on a leaf
   */
  record Member(NodeInfo node, List<Subscriber> subscribers, long newestTick) {
    String name() {
      return node.name();
    }

    /** The last tick that it has applied to its tables. */
    long completed() {
      return node.lastTick().orElse(0);
    }

    boolean canBeProvider() {
      return node.type() != NodeType.LEAF;
    }

    boolean readsFrom(String provider) {
      return !node.isRoot() && node.provider().filter(provider::equals).isPresent();
    }

    Optional<Subscriber> subscriber(String name) {
      return subscribers.stream().filter(found -> found.node().equals(name)).findFirst();
    }
  }

  static FailoverSurvey of(Cascade cascade) throws SQLException {
    FailoverSurvey survey = new FailoverSurvey();
    for (NodeLocation member : cascade.members()) {
      if (!member.dead()) {
        survey.query(cascade, member.node());
      }
    }
    return survey;
  }

  private void query(Cascade cascade, String name) {
    try {
      Member member = cascade.call(name, db -> read(db, cascade.queue(), name));
      if (member.name().equals(name)) {
        members.put(name, member);
      } else {
        unreached.put(name, "its location leads to node '" + member.name() + "'");
      }
    } catch (SQLException | UserError e) {
      unreached.put(name, firstLine(e));
    }
  }

  /** Reads one member again. */
  static Member read(Connection db, String queue, String name) throws SQLException {
    NodeInfo node =
        NodeFunctions.getNodeInfo(db, queue)
            .orElseThrow(() -> new UserError("node '" + name + "' is not initialized", null));
    return new Member(
        node, NodeFunctions.getSubscribers(db, queue), PgqFunctions.lastTick(db, queue).orElse(0));
  }

  static String firstLine(Exception failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
  }

  List<Member> members() {
    return List.copyOf(members.values());
  }

  /** The live members that did not answer, and why. */
  Map<String, String> unreached() {
    return unreached;
  }

  Optional<Member> find(String name) {
    return Optional.ofNullable(members.get(name));
  }

  Member require(String name) {
    return find(name)
        .orElseThrow(
            () ->
                new UserError(
                    "node '%s' does not answer: %s"
                        .formatted(name, unreached.getOrDefault(name, "it is tagged as dead")),
                    "the node that takes over must run; nothing was changed"));
  }

  Optional<Member> root() {
    return members.values().stream().filter(member -> member.node().isRoot()).findFirst();
  }

  /** The members that read from a node, by name. */
  List<Member> readersOf(String provider) {
    return members.values().stream().filter(member -> member.readsFrom(provider)).toList();
  }

  /** The members whose provider is tagged as dead or did not answer, by name. */
  List<Member> orphans() {
    return members.values().stream().filter(this::isOrphan).toList();
  }

  boolean isOrphan(Member member) {
    return !member.node().isRoot()
        && member.node().provider().filter(members::containsKey).isEmpty();
  }

  /** The members that have a node as subscriber. */
  List<Member> providersOf(String name) {
    return members.values().stream().filter(member -> member.subscriber(name).isPresent()).toList();
  }

  /**
   * The names above a node, from its provider up to the first that did not answer, or to the root.
   */
  List<String> above(String name) {
    Set<String> passed = new LinkedHashSet<>();
    Optional<Member> member = find(name);
    while (member.isPresent() && !member.get().node().isRoot()) {
      String provider = member.get().node().provider().orElse("");
      if (provider.isEmpty() || !passed.add(provider)) {
        break;
      }
      member = find(provider);
    }
    return new ArrayList<>(passed);
  }

  /** True if {@code name} reads from {@code ancestor}, directly or through live members. */
  boolean isBelow(String name, String ancestor) {
    return above(name).contains(ancestor);
  }
}
