package dev.jlondiste.admin.status;

import dev.jlondiste.admin.status.MemberSurvey.Answer;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.cascade.NodeLocation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Builds the status tree from the answers of the members. Each member occurs exactly once, even if
 * the answers are inconsistent: a node whose provider is unknown, or that is part of a cycle,
 * becomes an additional root.
 */
final class StatusTreeBuilder {
  /** Deeper subtrees come last, so that the printed tree has short lines. */
  private static final Comparator<NodeStatus> ORDER =
      Comparator.comparingInt(NodeStatus::depth)
          .thenComparingLong(NodeStatus::descendants)
          .thenComparing(NodeStatus::service)
          .thenComparing(NodeStatus::name);

  private final Map<String, NodeLocation> members = new TreeMap<>();
  private final Map<String, Answer> answers;
  private final Map<String, String> providers = new TreeMap<>();
  private final Set<String> placed = new HashSet<>();

  StatusTreeBuilder(List<NodeLocation> members, Map<String, Answer> answers) {
    members.forEach(member -> this.members.put(member.node(), member));
    this.answers = answers;
    this.members.keySet().forEach(this::findProvider);
  }

  /** The provider of an unreachable node may still have it as a subscriber. */
  private void findProvider(String name) {
    Optional<NodeReport> report = report(name);
    Optional<String> provider =
        report.isPresent()
            ? report.map(NodeReport::node).filter(n -> !n.isRoot()).flatMap(NodeInfo::provider)
            : members.keySet().stream()
                .filter(
                    other -> report(other).map(r -> r.subscribers().contains(name)).orElse(false))
                .findFirst();
    provider.ifPresent(p -> providers.put(name, p));
  }

  private Optional<NodeReport> report(String name) {
    return Optional.ofNullable(answers.get(name)).flatMap(Answer::report);
  }

  StatusTree build(String queue, Optional<String> localNode) {
    List<NodeStatus> roots = new ArrayList<>();
    for (String name : members.keySet()) {
      String provider = providers.get(name);
      if (provider == null || !members.containsKey(provider)) {
        roots.add(place(name));
      }
    }
    for (String name : members.keySet()) {
      if (!placed.contains(name)) {
        roots.add(place(name));
      }
    }
    roots.sort(Comparator.comparing(node -> !node.type().equals("root")));
    return new StatusTree(queue, localNode, List.copyOf(roots));
  }

  private NodeStatus place(String name) {
    placed.add(name);
    List<NodeStatus> children = new ArrayList<>();
    for (String other : members.keySet()) {
      if (name.equals(providers.get(other)) && !placed.contains(other)) {
        children.add(place(other));
      }
    }
    children.sort(ORDER);
    return new NodeStatus(
        Objects.requireNonNull(members.get(name)),
        report(name),
        Optional.ofNullable(answers.get(name)).flatMap(Answer::failure),
        Optional.ofNullable(providers.get(name)),
        report(name).flatMap(this::lag),
        List.copyOf(children));
  }

  /** Measured with the root's clock, or with the provider's if the root is unreachable. */
  private Optional<Duration> lag(NodeReport report) {
    NodeInfo node = report.node();
    if (node.isRoot()) {
      return report.tickerLag().map(StatusTreeBuilder::notNegative);
    }
    Optional<NodeReport> provider = node.provider().flatMap(this::report);
    Optional<Instant> tick =
        provider.flatMap(p -> p.positionOf(node.worker())).flatMap(QueuePosition::tickTime);
    return tick.map(time -> notNegative(Duration.between(time, clock(provider.orElseThrow()))));
  }

  private Instant clock(NodeReport fallback) {
    return members.keySet().stream()
        .map(this::report)
        .flatMap(Optional::stream)
        .filter(report -> report.node().isRoot())
        .findFirst()
        .orElse(fallback)
        .clock();
  }

  private static Duration notNegative(Duration lag) {
    return lag.isNegative() ? Duration.ZERO : lag;
  }
}
