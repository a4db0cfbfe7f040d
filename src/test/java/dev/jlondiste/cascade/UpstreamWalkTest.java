package dev.jlondiste.cascade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.db.Database;
import dev.jlondiste.fault.UserError;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A cascade in memory: every address leads to one node with a given provider. */
class UpstreamWalkTest {
  private final Database database =
      Database.direct(ConnectionString.parse("host=nowhere dbname=shop password=secret"), "test");
  private final Map<String, NodeInfo> nodes = new HashMap<>();
  private final List<NodeAddress> asked = new ArrayList<>();

  @AfterEach
  void close() {
    database.close();
  }

  private void node(String name, NodeType type, String provider) {
    nodes.put(name, info(name, type, provider));
  }

  private static NodeInfo info(String name, NodeType type, String provider) {
    return new NodeInfo(
        type,
        name,
        OptionalLong.empty(),
        OptionalLong.empty(),
        Optional.of(provider),
        Optional.of("host=" + provider),
        Optional.empty(),
        Optional.empty(),
        name + "_worker",
        false,
        true,
        OptionalLong.of(1),
        Optional.empty(),
        List.of());
  }

  private void leaf_branch_root() {
    node("leaf", NodeType.LEAF, "branch");
    node("branch", NodeType.BRANCH, "root");
    node("root", NodeType.ROOT, "root");
  }

  private UpstreamWalk from(String name) {
    return UpstreamWalk.from(NodeAddress.of(name), this::read);
  }

  private ReachedNode read(NodeAddress address) throws SQLException {
    asked.add(address);
    NodeInfo info = nodes.get(address.node());
    if (info == null) {
      throw new SQLException(address.node() + " does not answer", "08001");
    }
    return new ReachedNode(info, database);
  }

  private List<String> names() {
    return asked.stream().map(NodeAddress::node).toList();
  }

  @Test
  void leads_to_the_root() throws SQLException {
    leaf_branch_root();
    assertThat(from("leaf").root().name()).isEqualTo("root");
    assertThat(asked)
        .containsExactly(
            NodeAddress.of("leaf"),
            NodeAddress.of("branch", "host=branch"),
            NodeAddress.of("root", "host=root"));
  }

  @Test
  void a_root_is_above_itself() throws SQLException {
    leaf_branch_root();
    UpstreamWalk walk = from("root");
    assertThat(walk.root().name()).isEqualTo("root");
    assertThat(walk.upcoming()).isEmpty();
    assertThatThrownBy(walk::next).isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void queries_no_node_above_the_requested_one() throws SQLException {
    leaf_branch_root();
    UpstreamWalk walk = from("leaf");
    walk.next();
    assertThat(walk.upcoming()).contains(NodeAddress.of("branch", "host=branch"));
    assertThat(names()).containsExactly("leaf");
  }

  @Test
  void a_circle_is_named_and_no_node_is_queried_twice() {
    node("leaf", NodeType.LEAF, "a");
    node("a", NodeType.BRANCH, "b");
    node("b", NodeType.BRANCH, "a");
    assertThatThrownBy(() -> from("leaf").root())
        .isInstanceOf(UserError.class)
        .hasMessage("no root above: providers lead in a circle: leaf -> a -> b -> a");
    assertThat(names()).containsExactly("leaf", "a", "b");
  }

  @Test
  void a_node_that_does_not_answer_is_the_upcoming_one() throws SQLException {
    leaf_branch_root();
    nodes.remove("branch");
    UpstreamWalk walk = from("leaf");
    walk.next();
    assertThatThrownBy(walk::next)
        .isInstanceOf(SQLException.class)
        .hasMessage("branch does not answer");
    assertThat(walk.upcoming().orElseThrow().node()).isEqualTo("branch");
    node("branch", NodeType.BRANCH, "root");
    assertThat(walk.root().name()).as("asked again").isEqualTo("root");
  }

  @Test
  void a_location_of_another_node_is_refused() throws SQLException {
    leaf_branch_root();
    nodes.put("branch", info("branch2", NodeType.BRANCH, "root"));
    UpstreamWalk walk = from("leaf");
    walk.next();
    assertThatThrownBy(walk::next)
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("the location of node 'branch' leads to node 'branch2': ")
        .hasMessageContaining("dbname=shop")
        .hasMessageNotContaining("secret");
  }

  @Test
  void a_node_below_the_root_has_a_provider() {
    NodeInfo orphan = info("leaf", NodeType.LEAF, "root");
    nodes.put(
        "leaf",
        new NodeInfo(
            orphan.type(),
            orphan.name(),
            orphan.globalWatermark(),
            orphan.localWatermark(),
            Optional.empty(),
            Optional.empty(),
            orphan.combinedQueue(),
            orphan.combinedType(),
            orphan.worker(),
            orphan.paused(),
            orphan.uptodate(),
            orphan.lastTick(),
            orphan.attributes(),
            orphan.targetFor()));
    assertThatThrownBy(() -> from("leaf").root())
        .isInstanceOf(UserError.class)
        .hasMessage("node 'leaf' has no provider");
  }
}
