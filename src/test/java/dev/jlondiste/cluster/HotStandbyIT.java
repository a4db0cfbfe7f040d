package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.servers.Servers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HotStandbyIT {
  @TempDir private Path directory;

  @Test
  void a_second_worker_waits_and_takes_over_when_the_first_is_killed() throws Exception {
    try (TestNode root = new TestNode("root", Servers.shared("15").createDatabase(), directory);
        TestNode leaf = new TestNode("leaf", Servers.shared("15").createDatabase(), directory)) {
      Shop.create(root.database());
      Shop.fill(root.database(), 200);
      Shop.create(leaf.database());
      root.createRoot();
      root.addTables(Shop.TABLES);
      try (TestTicker ticker = new TestTicker(root.database());
          WorkerProcess first = startFirst(root, leaf)) {
        Eventually.inSync(leaf);
        try (WorkerProcess second = WorkerProcess.of(leaf)) {
          await().atMost(Duration.ofSeconds(20)).until(() -> log(leaf).contains("standing by"));
          first.close();
          root.database().execute("insert into journal (amount) values (5)");
          await()
              .atMost(Duration.ofSeconds(20))
              .untilAsserted(() -> assertThat(leaf.database().count("journal")).isEqualTo(1));
          assertThat(second.isAlive()).isTrue();
          assertThat(log(leaf)).contains("taking over");
        }
      }
    }
  }

  private static WorkerProcess startFirst(TestNode root, TestNode leaf) throws Exception {
    leaf.createBelow(NodeType.LEAF, root);
    leaf.addTables(Shop.TABLES);
    return WorkerProcess.of(leaf);
  }

  private String log(TestNode node) throws Exception {
    return Files.readString(directory.resolve(node.name() + ".out"));
  }
}
