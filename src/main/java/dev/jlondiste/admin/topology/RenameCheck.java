package dev.jlondiste.admin.topology;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.topology.ReachedMembers.Member;
import dev.jlondiste.cascade.NodeLocation;
import dev.jlondiste.cascade.ReachedNode;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.SqlExplanation;
import dev.jlondiste.fault.UserError;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What must hold before a node can be renamed. Changes nothing. */
final class RenameCheck {
  /** A comma separates the nodes of sync_watermark, a colon those of an unfinished takeover. */
  private static final Pattern VALID = Pattern.compile("[^\\s,:?\\p{Cntrl}]+");

  /** Whether a role may do what {@code rename_node} does, where it does not exist. */
  private static final String MAY_RENAME =
      """
      select pg_catalog.has_database_privilege(pg_catalog.current_database(), 'temp')
         and pg_catalog.has_table_privilege('pgq_node.node_location', 'insert')
         and pg_catalog.has_table_privilege('pgq_node.node_info', 'update')
         and pg_catalog.has_table_privilege('pgq_node.local_state', 'update')
         and pg_catalog.has_table_privilege('pgq_node.subscriber_info', 'update')
         and pg_catalog.has_table_privilege('pgq.subscription', 'select')
         and pg_catalog.has_table_privilege('pgq.consumer', 'select')
         and pg_catalog.has_table_privilege('pgq.queue', 'select')
      """;

  private static final String MAY_CALL =
      """
      select pg_catalog.has_function_privilege('pgq_node.rename_node(text,text,text)', 'execute')
      """;

  private final Cascade cascade;
  private final String old;
  private final String renamed;

  RenameCheck(Cascade cascade, String old, String renamed) {
    this.cascade = cascade;
    this.old = old;
    this.renamed = renamed;
  }

  void requireValidName() {
    if (!VALID.matcher(renamed).matches()) {
      throw new UserError(
          "'" + renamed + "' is no name for a node",
          "names have no blanks, commas, colons, question marks or control characters");
    }
    if (renamed.equals(old)) {
      throw new UserError("node '" + old + "' has this name already", null);
    }
  }

  /** True if all members are reached, the new name exists, and no member knows the old one. */
  boolean isDone(ReachedMembers members) {
    return members.unreached().isEmpty()
        && members.find(renamed).isPresent()
        && members.locationsOf(old).findAny().isEmpty();
  }

  /** Returns the node, under either name. */
  Member requirePossible(ReachedMembers members) throws SQLException {
    Member node = requireNode(members);
    requireAllReached(members);
    requireSameLocations(members);
    Member root =
        members
            .root()
            .orElseThrow(
                () ->
                    new UserError(
                        "no member is the root of queue '" + cascade.queue() + "'",
                        "is it tagged as dead? See 'status'"));
    for (Member member : members.all()) {
      requireNoTakeover(member);
      requireRights(member);
      if (!member.node().isRoot()) {
        requireNoLateEvent(root, member);
      }
    }
    return node;
  }

  private Member requireNode(ReachedMembers members) throws SQLException {
    Optional<Member> byOld = members.find(old);
    Optional<Member> byNew = members.find(renamed);
    if (byOld.isPresent() && byNew.isPresent()) {
      throw taken();
    }
    if (byOld.isEmpty() && byNew.isEmpty()) {
      if (cascade.member(old).dead()) {
        throw new UserError(
            "node '" + old + "' is tagged as dead and cannot be renamed",
            "if it is back: 'tag-alive " + old + "'");
      }
      throw new UserError(
          "node '" + old + "' is not reached: " + members.unreached().get(old),
          "if it has moved: 'set-location " + old + " CONNSTR'");
    }
    return byOld.or(() -> byNew).orElseThrow();
  }

  private UserError taken() {
    return new UserError("another node is called '" + renamed + "'", "'members' lists all nodes");
  }

  private void requireAllReached(ReachedMembers members) {
    Map<String, String> missing = new TreeMap<>(members.unreached());
    missing.remove(old);
    missing.remove(renamed);
    if (!missing.isEmpty()) {
      throw new UserError(
          "these nodes are not reached, and have to store the new name as well:"
              + missing.entrySet().stream()
                  .map(member -> "\n  " + member.getKey() + ": " + firstLine(member.getValue()))
                  .collect(Collectors.joining()),
          "nothing was changed; for a node that has moved: 'set-location'; for one that is gone for"
              + " good: 'tag-dead'");
    }
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }

  /** Both names belong to one node, renamed by an unfinished attempt, if they have one location. */
  private void requireSameLocations(ReachedMembers members) {
    for (Member member : members.all()) {
      Optional<NodeLocation> before = member.location(old);
      Optional<NodeLocation> now = member.location(renamed);
      if (before.isPresent()
          && now.isPresent()
          && (now.get().dead() || !before.get().location().equals(now.get().location()))) {
        throw taken();
      }
    }
  }

  private void requireNoTakeover(Member member) {
    if (!UnfinishedTakeover.nodes(member.node()).isEmpty()) {
      throw new UserError(
          "a takeover of node '" + member.name() + "' has not finished",
          "repeat the takeover, or undo it: 'takeover --undo'");
    }
  }

  private void requireRights(Member member) throws SQLException {
    try {
      boolean isAllowed = member.database().call(RenameCheck::isAllowed);
      if (!isAllowed) {
        throw new UserError(
            "the role that node '" + member.name() + "' is reached with may not rename nodes there",
            "it needs pgq_admin, where the schema pgq_node is that of Londiste also the rights to"
                + " change its tables and to create temporary functions; 'upgrade' on that node"
                + " installs the function pgq_node.rename_node");
      }
    } catch (SQLException e) {
      throw SqlExplanation.of(e, member.database().target());
    }
  }

  private static boolean isAllowed(Connection db) throws SQLException {
    String question = RenameStep.FUNCTION.isInstalled(db) ? MAY_CALL : MAY_RENAME;
    return Sql.one(db, question, row -> row.getBoolean(1));
  }

  /**
   * A member that has not processed the removal of an earlier node of the new name would remove the
   * renamed node.
   */
  private void requireNoLateEvent(Member root, Member member) throws SQLException {
    ReachedNode top = new ReachedNode(root.node(), root.database());
    if (new LateUnregistration(cascade.queue(), renamed).isAhead(top, member.node())) {
      throw new UserError(
          "a node '"
              + renamed
              + "' was dropped or renamed a moment ago, and '"
              + member.name()
              + "' has not processed that yet",
          "try again when the worker of '" + member.name() + "' has caught up ('status')");
    }
  }
}
