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
 * Puts what the members told together. Every member gets its place once, whatever they told: a node
 * whose provider nobody knows, or that is part of a circle, stands as a root of its own.
 */
final class StatusTreeBuilder {
  /** What is deeper comes later, so that the drawing has short lines. */
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

  /** A node that is away may still be known to the one that it reads from. */
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

  /** By the root's clock; while the root is away, by that of the provider. */
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

  private Instant clock(NodeReport otherwise) {
    return members.keySet().stream()
        .map(this::report)
        .flatMap(Optional::stream)
        .filter(report -> report.node().isRoot())
        .findFirst()
        .orElse(otherwise)
        .clock();
  }

  private static Duration notNegative(Duration lag) {
    return lag.isNegative() ? Duration.ZERO : lag;
  }
}
