package dev.jlondiste.admin.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.admin.status.MemberSurvey.Answer;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.cascade.NodeLocation;
import dev.jlondiste.cascade.NodeType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StatusTreeBuilderTest {
  private static final Instant NOW = Instant.parse("2026-11-20T20:00:00Z");

  private final List<NodeLocation> members = new ArrayList<>();
  private final Map<String, Answer> answers = new TreeMap<>();

  private void dead(String name) {
    members.add(new NodeLocation(name, "dbname=" + name, true));
  }

  private void failed(String name) {
    members.add(new NodeLocation(name, "dbname=" + name, false));
    answers.put(name, Answer.failed("gone"));
  }

  private void alive(String name, NodeType type, String provider, QueuePosition... positions) {
    alive(name, "dbname=" + name, type, provider, NOW, List.of(), positions);
  }

  private void alive(
      String name,
      String location,
      NodeType type,
      String provider,
      Instant clock,
      List<String> subscribers,
      QueuePosition... positions) {
    members.add(new NodeLocation(name, location, false));
    NodeInfo node =
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
            false,
            true,
            OptionalLong.of(7),
            Optional.empty(),
            List.of());
    answers.put(
        name,
        Answer.of(
            new NodeReport(
                node,
                clock,
                type == NodeType.ROOT ? Optional.of(Duration.ofSeconds(2)) : Optional.empty(),
                false,
                List.of(),
                List.of(positions),
                subscribers,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Map.of())));
  }

  private static QueuePosition position(String consumer, Instant tick) {
    return new QueuePosition(consumer, 7, Optional.of(tick), Optional.empty());
  }

  private StatusTree build() {
    return new StatusTreeBuilder(members, answers).build("q", Optional.of("root"));
  }

  private List<String> names() {
    return build().nodes().map(NodeStatus::name).toList();
  }

  @Test
  void small_subtrees_come_first_then_service_then_name() {
    alive("root", NodeType.ROOT, "root");
    alive("a", NodeType.BRANCH, "root");
    alive("a1", NodeType.BRANCH, "a");
    alive("a2", NodeType.LEAF, "a1");
    alive("b", NodeType.BRANCH, "root");
    alive("b1", NodeType.LEAF, "b");
    alive("b2", NodeType.LEAF, "b");
    alive("c", NodeType.BRANCH, "root");
    alive("c1", NodeType.LEAF, "c");
    alive("d", "service=x dbname=d", NodeType.LEAF, "root", NOW, List.of());
    alive("y", NodeType.LEAF, "root");
    alive("e", NodeType.LEAF, "root");
    assertThat(names())
        .containsExactly("root", "e", "y", "d", "c", "c1", "b", "b1", "b2", "a", "a1", "a2");
  }

  @Test
  void children_stay_below_a_dead_node() {
    alive("root", NodeType.ROOT, "root");
    dead("branch");
    alive("leaf", NodeType.LEAF, "branch");
    StatusTree tree = build();
    assertThat(tree.roots()).extracting(NodeStatus::name).containsExactly("root", "branch");
    assertThat(tree.roots().get(1).type()).isEqualTo("dead");
    assertThat(tree.roots().get(1).children()).extracting(NodeStatus::name).containsExactly("leaf");
    assertThat(tree.failures()).isEmpty();
  }

  @Test
  void an_unreachable_node_is_placed_below_its_provider() {
    alive("root", "dbname=r", NodeType.ROOT, "root", NOW, List.of("branch"));
    failed("branch");
    alive("leaf", NodeType.LEAF, "branch");
    StatusTree tree = build();
    assertThat(tree.roots()).hasSize(1);
    assertThat(names()).containsExactly("root", "branch", "leaf");
    assertThat(tree.failures()).extracting(NodeStatus::name).containsExactly("branch");
  }

  @Test
  void a_cycle_and_an_unknown_provider_become_roots() {
    alive("a", NodeType.BRANCH, "b");
    alive("b", NodeType.BRANCH, "a");
    alive("c", NodeType.LEAF, "unknown");
    alive("d", NodeType.BRANCH, "d");
    assertThat(names()).containsExactlyInAnyOrder("a", "b", "c", "d");
  }

  @Test
  void lag_is_measured_with_the_clock_of_the_root_and_is_never_negative() {
    alive("root", NodeType.ROOT, "root", position("branch_job", NOW.minusSeconds(85)));
    Instant behind = NOW.minusSeconds(3600);
    alive(
        "branch",
        "dbname=b",
        NodeType.BRANCH,
        "root",
        behind,
        List.of(),
        position("leaf_job", NOW.minusSeconds(90)),
        position("fast_job", NOW.plusSeconds(5)));
    alive("leaf", NodeType.LEAF, "branch");
    alive("fast", NodeType.LEAF, "branch");
    assertThat(
            build().nodes().map(node -> node.name() + " " + node.lag().orElseThrow().toSeconds()))
        .containsExactly("root 2", "branch 85", "fast 0", "leaf 90");
  }

  @Test
  void without_a_root_lag_is_measured_with_the_clock_of_the_provider() {
    failed("root");
    alive("branch", NodeType.BRANCH, "root", position("leaf_job", NOW.minusSeconds(90)));
    alive("leaf", NodeType.LEAF, "branch");
    assertThat(build().nodes().map(node -> node.name() + " " + node.lag().map(Duration::toSeconds)))
        .containsExactly("root Optional.empty", "branch Optional.empty", "leaf Optional[90]");
  }
}
