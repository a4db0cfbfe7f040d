package dev.jlondiste.cascade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cluster.TestNode;
import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.db.Database;
import dev.jlondiste.loop.Outcome;
import dev.jlondiste.loop.StopSignal;
import dev.jlondiste.metrics.Meters;
import dev.jlondiste.pgq.TickChannel;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The listener follows the node to another provider at once, when the worker tells it to check. */
class TickListenerIT {
  @TempDir private Path directory;
  private TestNode root;
  private TestNode branch;
  private TestNode leaf;
  private Database local;
  private RemoteNodes remote;
  private final StopSignal stop = new StopSignal();
  private final AtomicInteger wakes = new AtomicInteger();

  @BeforeEach
  void cascade() {
    root = new TestNode("root", Servers.newest().createDatabase(), directory);
    branch = new TestNode("branch", Servers.newest().createDatabase(), directory);
    leaf = new TestNode("leaf", Servers.newest().createDatabase(), directory);
    root.createRoot();
    branch.createBelow(NodeType.BRANCH, root);
    leaf.createBelow(NodeType.LEAF, root);
    local = Database.direct(leaf.settings().db(), "test");
    remote = new RemoteNodes("", "test", 2, Duration.ZERO);
  }

  @AfterEach
  void drop() {
    stop.request();
    remote.close();
    local.close();
    leaf.close();
    branch.close();
    root.close();
  }

  @Test
  void another_provider() throws Exception {
    NodeSettings settings = leaf.settings();
    TickListener listener =
        new TickListener(() -> settings, local, remote, wakes::incrementAndGet, stop);
    CompletableFuture<Outcome> first = start(listener);
    awaitWakeBy(root.database());

    leaf.database().execute("update pgq_node.local_state set provider_node = 'branch'");
    listener.check();
    assertThat(first.join()).isEqualTo(Outcome.BUSY);
    CompletableFuture<Outcome> second = start(listener);
    awaitWakeBy(branch.database());
    stop.request();
    assertThat(second.join()).isEqualTo(Outcome.BUSY);
  }

  private static CompletableFuture<Outcome> start(TickListener listener) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return listener.runOnce();
          } catch (SQLException | InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private void awaitWakeBy(TestDatabase provider) {
    int before = wakes.get();
    await()
        .until(
            () -> {
              try (Connection db = provider.connect()) {
                TickChannel.ring(db, TestNode.QUEUE);
              }
              return wakes.get() > before;
            });
  }

  @Test
  void the_worker_tells_of_a_change_of_its_row_once() throws Exception {
    NodeSettings settings = leaf.settings();
    AtomicInteger changes = new AtomicInteger();
    CascadedWorker worker =
        new CascadedWorker(
            () -> settings, local, local, remote, new NoEvents(), new Meters(), Clock.systemUTC());
    worker.whenChanged(changes::incrementAndGet);
    for (boolean pause : List.of(true, false)) {
      int before = changes.get();
      local.call(
          db -> NodeFunctions.setConsumerPaused(db, TestNode.QUEUE, "leaf", pause).orThrow());
      worker.runOnce();
      worker.runOnce();
      assertThat(changes.get()).isEqualTo(before + 1);
    }
  }
}
