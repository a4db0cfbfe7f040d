package dev.jlondiste.admin.takeover;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.takeover.FailoverSurvey.Member;
import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.db.Sql;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.replica.LondisteFunctions;
import dev.jlondiste.replica.SequenceInfo;
import dev.jlondiste.replica.TableFault;
import dev.jlondiste.replica.TableFaults;
import dev.jlondiste.replica.TableInfo;
import dev.jlondiste.replica.inventory.Finding;
import dev.jlondiste.replica.inventory.Inventory;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks before a failover, all of them before anything is changed. */
final class FailoverChecks {
  private static final Logger log = LoggerFactory.getLogger(FailoverChecks.class);
  private static final String UNCHANGED = "; nothing was changed";

  /** Sequences that are owned by a table's column or used in its default. */
  private static final String SEQUENCES =
      """
      select distinct n.nspname || '.' || s.relname
        from pg_catalog.pg_class s
        join pg_catalog.pg_namespace n on n.oid = s.relnamespace
        join pg_catalog.pg_depend d
          on (d.classid = 'pg_catalog.pg_class'::regclass and d.objid = s.oid
              and d.refclassid = 'pg_catalog.pg_class'::regclass and d.deptype in ('a', 'i'))
          or (d.classid = 'pg_catalog.pg_attrdef'::regclass
              and d.refclassid = 'pg_catalog.pg_class'::regclass and d.refobjid = s.oid)
        left join pg_catalog.pg_attrdef a
          on d.classid = 'pg_catalog.pg_attrdef'::regclass and a.oid = d.objid
        join pg_catalog.pg_class t on t.oid = coalesce(a.adrelid, d.refobjid)
        join pg_catalog.pg_namespace tn on tn.oid = t.relnamespace
       where s.relkind = 'S'
         and tn.nspname || '.' || t.relname = any (?::text[])
       order by 1
      """;

  private final Cascade cascade;
  private final FailoverSurvey survey;
  private final String old;

  FailoverChecks(Cascade cascade, FailoverSurvey survey, String old) {
    this.cascade = cascade;
    this.survey = survey;
    this.old = old;
  }

  /** Throws {@link UserError} if {@code successor} cannot take over the lost root. */
  void require(Member successor, Tolerance tolerance) throws SQLException {
    requireRoot(successor);
    requireAnswers();
    requireNoLeafAhead(successor);
    if (successor.node().type() == NodeType.LEAF) {
      requireNoneBehind(successor);
    }
    cascade.call(
        successor.name(),
        db -> {
          requireTables(db, successor.name(), tolerance);
          warnOfSequences(db, successor.name());
          warnOfCapture(db, successor.name());
          return true;
        });
  }

  private void requireRoot(Member successor) {
    Optional<Member> root = survey.root();
    if (root.isPresent()) {
      throw new UserError(
          "node '%s' is the root, not '%s'".formatted(root.get().name(), old),
          "if '"
              + old
              + "' is a branch that is lost: takeover "
              + old
              + " --dead-branch"
              + UNCHANGED);
    }
    for (Member provider : survey.providersOf(old)) {
      if (!survey.isBelow(provider.name(), old)) {
        throw new UserError(
            "node '%s' is not the root: it reads from '%s'".formatted(old, provider.name()),
            "a branch that is lost: takeover " + old + " --dead-branch" + UNCHANGED);
      }
    }
    List<String> above = survey.above(successor.name());
    String top = above.isEmpty() ? "" : above.get(above.size() - 1);
    if (top.isEmpty() || survey.find(top).isPresent()) {
      throw new UserError(
          "node '%s' does not read from '%s', but from: %s"
              .formatted(successor.name(), old, String.join(", ", above)),
          "which node was the root? See 'members' and 'status'" + UNCHANGED);
    }
    if (!top.equals(old)) {
      log.warn(
          "node '{}' is lost, too: it is not known whether it was below '{}', which you name as the"
              + " root",
          top,
          old);
    }
  }

  /** A node that does not answer may be ahead of all others. */
  private void requireAnswers() {
    if (survey.unreached().isEmpty()) {
      return;
    }
    String all =
        survey.unreached().entrySet().stream()
            .map(node -> "\n  " + node.getKey() + ": " + node.getValue())
            .collect(Collectors.joining());
    String options =
        survey.unreached().keySet().stream()
            .map(name -> " --dead=" + name)
            .collect(Collectors.joining());
    throw new UserError(
        "these nodes do not answer, and may have events that no other node has:" + all,
        "start them, or go on without them: takeover "
            + old
            + " --dead-root"
            + options
            + UNCHANGED);
  }

  /** A leaf keeps no events, so that no node can catch up from it. */
  private void requireNoLeafAhead(Member successor) {
    long best =
        mostAdvanced(survey, successor).map(Member::completed).orElse(successor.completed());
    List<String> leaves =
        survey.orphans().stream()
            .filter(member -> !member.canBeProvider() && member.completed() > best)
            .map(Member::name)
            .toList();
    if (!leaves.isEmpty()) {
      String options = leaves.stream().map(name -> " --dead=" + name).collect(Collectors.joining());
      throw new UserError(
          "ahead of every branch, and a leaf keeps no events for others: "
              + String.join(", ", leaves),
          "to go on without their last changes: takeover %s --dead-root%s, then drop-node and create them again"
                  .formatted(old, options)
              + UNCHANGED);
    }
  }

  /** The queue of a leaf that becomes a branch begins where the leaf stands. */
  private void requireNoneBehind(Member leaf) {
    List<Member> behind =
        survey.orphans().stream().filter(member -> member.completed() < leaf.completed()).toList();
    if (behind.isEmpty()) {
      return;
    }
    String names =
        behind.stream()
            .map(member -> "\n  %s: tick %d".formatted(member.name(), member.completed()))
            .collect(Collectors.joining());
    String options =
        behind.stream().map(member -> " --dead=" + member.name()).collect(Collectors.joining());
    throw new UserError(
        "node '%s' is a leaf at tick %d, keeps no events for others, and these nodes are behind it:%s"
            .formatted(leaf.name(), leaf.completed(), names),
        "to go on without them: takeover %s --dead-root%s, then drop-node and create them again"
                .formatted(old, options)
            + UNCHANGED);
  }

  private void requireTables(Connection db, String node, Tolerance tolerance) throws SQLException {
    List<String> missing = new ArrayList<>();
    List<String> changed = new ArrayList<>();
    for (TableInfo table : LondisteFunctions.getTables(db, cascade.queue())) {
      if (!table.local()) {
        missing.add(table.name() + " is not added");
      } else if (table.losesRows()) {
        changed.add(
            "%s: handler '%s' leaves out or changes rows".formatted(table.name(), table.handler()));
      } else if (!table.state().isOk()) {
        missing.add(table.name() + " is not in sync: " + table.state());
      }
    }
    require(node, "lacks tables", missing, tolerance.missing(), "--ignore-missing");
    require(node, "lacks changes", skippedEvents(db), tolerance.missing(), "--ignore-missing");
    require(node, "lacks rows", changed, tolerance.handlers(), "--ignore-handlers");
  }

  private List<String> skippedEvents(Connection db) throws SQLException {
    return TableFaults.list(db, cascade.queue()).stream()
        .filter(fault -> fault.kind() == TableFault.Kind.SKIPPED)
        .map(fault -> fault.table() + ": " + fault.describe())
        .toList();
  }

  private void require(
      String node, String what, List<String> lines, boolean tolerated, String option) {
    if (lines.isEmpty()) {
      return;
    }
    if (tolerated) {
      lines.forEach(line -> log.warn("[{}] {}", node, line));
      return;
    }
    throw new UserError(
        "node '%s' %s of '%s':\n  %s".formatted(node, what, old, String.join("\n  ", lines)),
        "choose another node, or go on without them: " + option + UNCHANGED);
  }

  private void warnOfSequences(Connection db, String node) throws SQLException {
    List<String> known =
        LondisteFunctions.getSequences(db, cascade.queue()).stream()
            .filter(SequenceInfo::local)
            .map(sequence -> sequence.name().full())
            .toList();
    List<String> tables =
        LondisteFunctions.getTables(db, cascade.queue()).stream()
            .filter(TableInfo::local)
            .map(table -> table.destination().full())
            .toList();
    Sql.list(db, SEQUENCES, row -> row.getString(1), tables).stream()
        .filter(name -> !known.contains(name))
        .forEach(
            name ->
                log.warn(
                    "[{}] sequence {} is not replicated: it may return values that are used"
                        + " already; see setval()",
                    node,
                    name));
  }

  private void warnOfCapture(Connection db, String node) throws SQLException {
    List<Finding> findings =
        new Inventory(cascade.queue(), cascade.settings().inventoryIgnore()).thorough(db);
    Finding.summary(findings).forEach(line -> log.warn("[{}] {}; see 'check'", node, line));
  }

  /**
   * The branch below the lost root, or below a node that is lost with it, that has completed most;
   * empty if none is ahead of the successor.
   */
  static Optional<Member> mostAdvanced(FailoverSurvey survey, Member successor) {
    return survey.orphans().stream()
        .filter(Member::canBeProvider)
        .filter(member -> member.completed() > successor.completed())
        .max(Comparator.comparingLong(Member::completed));
  }
}
