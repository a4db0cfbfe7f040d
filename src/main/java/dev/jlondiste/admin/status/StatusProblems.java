package dev.jlondiste.admin.status;

import dev.jlondiste.admin.compare.ComparisonRecord;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.replica.TableFault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a probe has to report of a cascade. Used by one thread. */
public final class StatusProblems {
  private final Optional<Duration> maxLag;
  private final List<String> problems = new ArrayList<>();

  private StatusProblems(Optional<Duration> maxLag) {
    this.maxLag = maxLag;
  }

  /**
   * Returns one line per problem; empty if all is well.
   *
   * @param maxLag the lag that is no problem; empty if none is
   */
  public static List<String> of(StatusTree tree, Optional<Duration> maxLag) {
    StatusProblems found = new StatusProblems(maxLag);
    if (tree.localNode().isEmpty()) {
      found.problems.add("the local database has no node for queue '" + tree.queue() + "'");
    }
    tree.nodes().forEach(found::node);
    return List.copyOf(found.problems);
  }

  private void node(NodeStatus node) {
    String name = "node '" + node.name() + "' ";
    if (node.member().dead()) {
      problems.add(name + "is tagged as dead");
      return;
    }
    node.failure().ifPresent(text -> problems.add(name + "cannot be reached: " + text));
    node.report()
        .ifPresent(
            report -> {
              report(name, report);
              lag(name, node);
            });
  }

  private void report(String name, NodeReport report) {
    report.takeoverText().ifPresent(text -> problems.add(name + "is not settled: " + text));
    for (NodeFunctions.Consumer consumer : report.consumers()) {
      String who = name + "consumer '" + consumer.name() + "' ";
      if (consumer.paused()) {
        problems.add(who + "is paused");
      }
      consumer
          .error()
          .map(text -> text.lines().findFirst().orElse(""))
          .filter(line -> !line.isEmpty())
          .ifPresent(line -> problems.add(who + "fails: " + line));
    }
    for (TableFault fault : report.faults()) {
      problems.add(name + "table " + fault.table() + ": " + fault.describe());
    }
    for (ComparisonRecord comparison : report.differing()) {
      problems.add(name + "table " + comparison.describe());
    }
    report.unrestored().stream()
        .filter(object -> object.problem().isPresent())
        .forEach(
            object -> problems.add(name + object.title() + " is not restored: " + object.reason()));
  }

  private void lag(String name, NodeStatus node) {
    if (maxLag.isEmpty()) {
      return;
    }
    String limit = ", more than " + maxLag.get().toMillis() / 1000.0 + " s";
    if (node.lag().isEmpty()) {
      problems.add(name + "has an unknown lag");
    } else if (node.lag().get().compareTo(maxLag.get()) > 0) {
      problems.add(name + "is behind by " + node.lag().get().toSeconds() + " s" + limit);
    }
  }
}
