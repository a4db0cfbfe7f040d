package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.servers.Servers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that wait report the reason after 10 seconds: a missing worker, or a missing ticker. */
class WaitingIT {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir private Path directory;

  @Test
  void says_what_is_missing() throws Exception {
    try (TestNode root = new TestNode("root", Servers.oldest().createDatabase(), directory);
        TestNode leaf = new TestNode("leaf", Servers.newest().createDatabase(), directory)) {
      root.createRoot();
      leaf.createBelow(NodeType.LEAF, root);
      for (TestNode node : List.of(root, leaf)) {
        node.database().execute("create table t (id int primary key)");
        node.command("add-table", "public.t");
      }
      CompletableFuture<CommandLine.Outcome> sync = inBackground(leaf, "wait-sync");
      CompletableFuture<CommandLine.Outcome> atRoot = inBackground(leaf, "wait-root");
      CompletableFuture<CommandLine.Outcome> pause = inBackground(leaf, "pause");
      awaitText(
          leaf,
          "s) for tables to be in sync:",
          "s) for tick > 1 of node root:",
          "s) for worker leaf to answer (Ctrl-C ends the wait, the flag stays set):",
          "  is worker 'leaf' of node 'leaf' running? No process holds its lock; its provider",
          "  worker 'leaf' of node 'leaf' is paused; to continue: resume leaf",
          "  no tick on root 'root' although one was requested: is its ticker running (pgqd)?",
          "  1 table(s) wait for their turn to be copied");
      try (TestTicker ticker = new TestTicker(root.database())) {
        leaf.start();
        assertThat(pause.get(60, TimeUnit.SECONDS).code()).isZero();
        leaf.command("resume");
        assertThat(atRoot.get(60, TimeUnit.SECONDS).code()).isZero();
        assertThat(sync.get(60, TimeUnit.SECONDS).code()).isZero();
      }
    }
  }

  @Test
  void ends_after_its_time_and_says_what_is_missing() {
    try (TestNode root = new TestNode("root", Servers.oldest().createDatabase(), directory);
        TestNode leaf = new TestNode("leaf", Servers.newest().createDatabase(), directory)) {
      root.createRoot();
      leaf.createBelow(NodeType.LEAF, root);
      for (TestNode node : List.of(root, leaf)) {
        node.database().execute("create table t (id int primary key)");
        node.command("add-table", "public.t");
      }
      for (String wait : List.of("wait-sync", "wait-root", "wait-provider")) {
        CommandLine.Outcome outcome = CommandLine.run(leaf, wait, "--timeout=200ms");
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.log())
            .containsPattern("ERROR (the tables are not in sync|no tick > \\d+ within 0.2 seconds)")
            .contains("\n  is worker 'leaf' of node 'leaf' running?");
      }
      assertThat(CommandLine.run(leaf, "wait-root", "--timeout=soon").code()).isEqualTo(2);
    }
  }

  private static CompletableFuture<CommandLine.Outcome> inBackground(
      TestNode node, String command) {
    return CompletableFuture.supplyAsync(
        () -> CommandLine.run(node, command), task -> new Thread(task, command).start());
  }

  private void awaitText(TestNode node, String... texts) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(Files.readString(directory.resolve(node.name() + ".log")))
                    .contains(texts));
  }
}
