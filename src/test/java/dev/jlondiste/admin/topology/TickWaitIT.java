package dev.jlondiste.admin.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.waiting.Deadline;
import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.TestNode;
import dev.jlondiste.cluster.TestTicker;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.servers.Servers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Waits from any node until another has a tick, or until the deadline; the error names the
 * obstacles.
 */
class TickWaitIT {
  @TempDir private Path directory;

  @Test
  void waits_for_a_tick_on_another_node() throws Exception {
    try (TestNode root = new TestNode("root", Servers.oldest().createDatabase(), directory);
        TestNode leaf = new TestNode("leaf", Servers.newest().createDatabase(), directory);
        Cascade cascade = new Cascade(root.settings(), Set.of())) {
      root.createRoot();
      leaf.createBelow(NodeType.LEAF, root);
      TickWait wait = new TickWait(cascade);
      assertThat(wait.forNode("leaf", 1, Deadline.in(Duration.ZERO))).isEqualTo(1);
      assertThatThrownBy(() -> wait.forNode("leaf", 2, Deadline.in(Duration.ZERO)))
          .isInstanceOf(UserError.class)
          .hasMessageStartingWith(
              "node 'leaf' has not completed tick 2, it is at tick 1\n"
                  + "  is worker 'leaf' of node 'leaf' running? No process holds its lock");
      try (TestTicker ticker = new TestTicker(root.database())) {
        leaf.start();
        assertThat(wait.forNode("leaf", 2, Deadline.in(Duration.ofMinutes(1))))
            .isGreaterThanOrEqualTo(2);
      }
    }
  }
}
