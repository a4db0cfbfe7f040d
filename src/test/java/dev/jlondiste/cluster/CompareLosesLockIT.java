package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.CommandLine.Outcome;
import dev.jlondiste.servers.Servers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written after the session that held a table still has ended is no difference. */
class CompareLosesLockIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final String END_HOLDER =
      """
      select count(pg_terminate_backend(pid))
        from pg_locks
       where relation = 't'::regclass and mode = 'ShareLock' and granted
      """;

  @TempDir private Path directory;

  @Test
  void the_lost_lock_is_reported() throws Exception {
    try (TestNode root = new TestNode("root", Servers.newest().createDatabase(), directory);
        TestNode leaf = new TestNode("leaf", Servers.newest().createDatabase(), directory);
        TestTicker ticker = new TestTicker(root.database())) {
      for (TestNode node : List.of(root, leaf)) {
        node.database().execute("create table t (id int primary key)");
      }
      root.createRoot();
      root.addTables(List.of("t"));
      leaf.createBelow(NodeType.LEAF, root);
      leaf.addTables(List.of("t"));
      leaf.start();
      Eventually.inSync(leaf);
      leaf.stop();
      root.database().execute("insert into t values (1)");
      CompletableFuture<Outcome> compare =
          CompletableFuture.supplyAsync(
              () -> CommandLine.run(leaf, "compare", "--set", "lock_timeout=60"));
      await().atMost(PATIENCE).until(() -> root.database().number(END_HOLDER) == 1);
      root.database().execute("insert into t values (2)");
      leaf.start();
      Outcome outcome = compare.get(60, TimeUnit.SECONDS);
      assertThat(outcome.log())
          .contains("ERROR the lock of public.t on root was lost while the worker caught up")
          .doesNotContain("do not match");
      assertThat(outcome.code()).isEqualTo(1);
    }
  }
}
