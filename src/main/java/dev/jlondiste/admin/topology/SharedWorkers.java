package dev.jlondiste.admin.topology;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.status.NodeReport;
import dev.jlondiste.admin.status.NodeStatus;
import dev.jlondiste.admin.status.StatusService;
import dev.jlondiste.admin.status.StatusTree;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.fault.Hint;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Finds nodes whose workers have the same name. {@link WorkerNames} refuses to create such a node.
 */
public final class SharedWorkers {
  private SharedWorkers() {}

  /** Of all nodes that answer. */
  public static List<String> in(Cascade cascade) throws SQLException, InterruptedException {
    return in(StatusService.status(cascade));
  }

  /** One text for each name that several workers have; usually empty. */
  public static List<String> in(StatusTree tree) {
    Map<String, List<String>> nodes = new TreeMap<>();
    tree.roots().stream()
        .flatMap(NodeStatus::withDescendants)
        .flatMap(node -> node.report().stream())
        .map(NodeReport::node)
        .forEach(node -> add(nodes, node));
    List<String> texts = new ArrayList<>();
    nodes.forEach(
        (worker, names) -> {
          if (names.size() > 1) {
            names.sort(null);
            texts.add(text(worker, names));
          }
        });
    return texts;
  }

  private static void add(Map<String, List<String>> nodes, NodeInfo node) {
    nodes.computeIfAbsent(node.worker(), worker -> new ArrayList<>()).add(node.name());
  }

  private static String text(String worker, List<String> names) {
    return Hint.after(
        "nodes "
            + String.join(" and ", names)
            + " have workers of the same name '"
            + worker
            + "': on a common provider they share one position, and each misses what the other got",
        "'drop-node' all but one of them and create them again with a job_name of their own; then"
            + " 'compare' the one that stays");
  }
}
