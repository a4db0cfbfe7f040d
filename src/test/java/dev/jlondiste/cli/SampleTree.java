package dev.jlondiste.cli;

import dev.jlondiste.admin.status.NodeReport;
import dev.jlondiste.admin.status.NodeStatus;
import dev.jlondiste.admin.status.RunningCopy;
import dev.jlondiste.admin.status.StatusTree;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.cascade.NodeLocation;
import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.db.TableName;
import dev.jlondiste.replica.TableInfo;
import dev.jlondiste.replica.TableState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The cascade of the samples in the specification. */
final class SampleTree {
  private SampleTree() {}

  static StatusTree healthy() {
    NodeStatus leaf =
        node("leaf", NodeType.LEAF, "branch", 1, "", List.of(), tables(7, null), false);
    NodeStatus branch =
        node("branch", NodeType.BRANCH, "root", 85, "", List.of(leaf), tables(7, "in-copy"), true);
    NodeStatus b2 =
        node(
            "b2",
            NodeType.BRANCH,
            "root",
            51,
            "relation \"items\" does not exist\nLINE 1: insert",
            List.of(),
            tables(7, null),
            false);
    NodeStatus root =
        node("root", NodeType.ROOT, "root", 0, "", List.of(b2, branch), tables(7, "ok"), false);
    return new StatusTree("mixq", Optional.of("root"), List.of(root));
  }

  static StatusTree withDeadRoot() {
    NodeStatus leaf = node("leaf", NodeType.LEAF, "root", 1, "", List.of(), List.of(), false);
    NodeStatus root =
        new NodeStatus(
            new NodeLocation("root", "host=h dbname=root password=secret", false),
            Optional.empty(),
            Optional.of("connection refused"),
            Optional.empty(),
            Optional.empty(),
            List.of(leaf));
    return new StatusTree("mixq", Optional.of("leaf"), List.of(root));
  }

  /** {@code state} is null for tables that are not local. */
  private static List<TableInfo> tables(int count, @Nullable String state) {
    return IntStream.range(0, count)
        .mapToObj(
            i -> {
              TableName name = TableName.parse("t" + i);
              return new TableInfo(
                  name,
                  state != null,
                  TableState.parse(state),
                  Optional.empty(),
                  Map.of(),
                  Optional.empty(),
                  Optional.empty(),
                  0,
                  name);
            })
        .toList();
  }

  static RunningCopy copy(RunningCopy.Phase phase, long bytes, long rows, long estimated) {
    return new RunningCopy(
        TableName.parse("public.orders"), phase, bytes, rows, estimated, Duration.ofSeconds(10));
  }

  private static NodeStatus node(
      String name,
      NodeType type,
      String provider,
      int lag,
      String error,
      List<NodeStatus> children,
      List<TableInfo> tables,
      boolean paused) {
    Optional<String> attributes =
        name.equals("b2") ? Optional.of("sync_watermark=branch%2Czz") : Optional.empty();
    NodeInfo info =
        new NodeInfo(
            type,
            name,
            OptionalLong.empty(),
            OptionalLong.empty(),
            Optional.of(provider),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            name + "_job",
            paused,
            !paused,
            OptionalLong.of(134),
            attributes,
            List.of());
    NodeReport report =
        new NodeReport(
            info,
            Instant.EPOCH,
            Optional.empty(),
            false,
            List.of(
                new NodeFunctions.Consumer(
                    name + "_job",
                    provider,
                    134,
                    paused,
                    !paused,
                    Optional.of(error).filter(text -> !text.isEmpty()))),
            List.of(),
            List.of(),
            tables,
            paused ? List.of(copy(RunningCopy.Phase.INDEXES, 1, 1, 1)) : List.of(),
            List.of(),
            List.of(),
            List.of(),
            Map.of());
    return new NodeStatus(
        new NodeLocation(name, "dbname=" + name, false),
        Optional.of(report),
        Optional.empty(),
        type == NodeType.ROOT ? Optional.empty() : Optional.of(provider),
        Optional.of(Duration.ofSeconds(lag)),
        children);
  }
}
